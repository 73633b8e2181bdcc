"""Lets as many Terraform commands run at once as the machine can hold; asks it while they run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from gateprint.terraform.memory import FIRST_GUESS_BYTES, Machine, look, may_start
from gateprint.terraform.process import Ended, Running

_BETWEEN_LOOKS_SECONDS = 1.0
_SETTLING_SECONDS = 3.0
MOST = 64


@dataclass(slots=True)
class Capacity:
    """Knows the running commands, and what the greatest of those that ended took.

    `most` is a limit that a user gives. May be used by several threads.
    """

    most: int = MOST
    machine: Callable[[], Machine] = look
    clock: Callable[[], float] = time.monotonic
    peak_bytes: int = FIRST_GUESS_BYTES
    _running: dict[str, Running | None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _seen: Machine | None = None
    _looked: float = 0.0
    _started: float = 0.0
    _is_measured: bool = False

    def has_room(self) -> bool:
        """Tell whether one more command may start now."""
        now = self.clock()
        if self._seen is None or now - self._looked >= _BETWEEN_LOOKS_SECONDS:
            self._seen, self._looked = self.machine(), now
        machine = self._seen
        if now - self._started < _SETTLING_SECONDS:
            # What has just started shows neither its memory nor its work yet.
            machine = Machine(machine.available_bytes, 0.0, machine.processors)
        return may_start(machine, self._held(), self.peak_bytes, self.most)

    def start(self, stack: str) -> None:
        """Take a place."""
        with self._lock:
            self._running[stack] = None
        self._started = self.clock()

    def watch(self, stack: str, running: Running) -> None:
        """Note the command that runs in a place now."""
        with self._lock:
            self._running[stack] = running

    def end(self, stack: str) -> None:
        """Give a place back."""
        with self._lock:
            self._running.pop(stack, None)

    def learn(self, ended: Ended) -> None:
        """Take what a command needed as the measure; it never gets smaller afterwards."""
        if ended.peak_bytes:
            known = self.peak_bytes if self._is_measured else 0
            self.peak_bytes, self._is_measured = max(known, ended.peak_bytes), True

    def shrink(self) -> None:
        """Run fewer at once: the system has killed a command, most likely for its memory."""
        with self._lock:
            self.most = max(1, (len(self._running) or self.most) - 1)

    def _held(self) -> list[int]:
        with self._lock:
            running = list(self._running.values())
        return [each.memory() if each else 0 for each in running]
