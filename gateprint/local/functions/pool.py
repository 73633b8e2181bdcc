"""The processes of one function: taken for one event each, and reused while they are warm."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

# AWS starts up to 1,000 per account; one machine is better off with a queue.
MAX_PROCESSES = 10
SECONDS_TO_WAIT = 10


class Throttled(Exception):
    """All processes that the function may have are busy, and stay so."""


class Process(Protocol):
    """What a pool needs to know of a process."""

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""

    def kill(self) -> None:
        """Kill it; who waits for its answer notices."""

    def end(self) -> None:
        """Kill it and let go of all that it holds; nobody may be using it."""


P = TypeVar("P", bound=Process)


class Pool(Generic[P]):
    """At most `limit` processes that `start` makes; who finds all busy waits for some seconds."""

    def __init__(
        self,
        start: Callable[[], P],
        limit: int = MAX_PROCESSES,
        patience: float = SECONDS_TO_WAIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start = start
        self._limit = limit
        self._patience = patience
        self._clock = clock
        self._changed = threading.Condition()
        self._idle: list[tuple[float, P]] = []
        self._busy: set[P] = set()
        self._starting = 0
        self._is_closed = False

    def take(self) -> P:
        """Return a warm process, or a new one. Raises Throttled, and what `start` raises."""
        with self._changed:
            if not self._changed.wait_for(self._has_room, self._patience):
                raise Throttled
            warm = self._take_warm()
            if warm is not None:
                return warm
            self._starting += 1
        return self._take_new()

    def give_back(self, process: P) -> None:
        """Keep a process for the next event, or end it where it has no future."""
        with self._changed:
            self._busy.discard(process)
            is_kept = process.is_alive and not self._is_closed
            if is_kept:
                self._idle.append((self._clock(), process))
            self._changed.notify()
        if not is_kept:
            process.end()

    def end_idle(self, seconds: float) -> None:
        """End the processes that nobody has used for so long."""
        with self._changed:
            old = self._clock() - seconds
            idle, self._idle = self._idle, [each for each in self._idle if each[0] > old]
        for since, process in idle:
            if since <= old:
                process.end()

    def close(self) -> None:
        """End what is idle now, and what is busy when it is given back."""
        with self._changed:
            self._is_closed = True
        self.end_idle(0)

    def kill(self) -> None:
        """End what is idle, and kill what is busy."""
        self.close()
        with self._changed:
            busy = tuple(self._busy)
        for process in busy:
            process.kill()

    def _has_room(self) -> bool:
        return bool(self._idle) or len(self._busy) + self._starting < self._limit

    def _take_warm(self) -> P | None:
        """Return the process that was used last: it is the one whose memory is still at hand."""
        while self._idle:
            _, process = self._idle.pop()
            if process.is_alive:
                self._busy.add(process)
                return process
            process.end()
        return None

    def _take_new(self) -> P:
        process = None
        try:
            process = self._start()
        finally:
            with self._changed:
                self._starting -= 1
                if process is None:
                    self._changed.notify()
                else:
                    self._busy.add(process)
        return process
