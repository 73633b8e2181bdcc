"""`python -m bench.load`: sends prepared requests over kept connections; a process of its own.

Reads a plan from stdin and prints what it measured, both as JSON. It reads no more of an answer
than it has to, so that what it costs itself stays small.
"""

from __future__ import annotations

import dataclasses
import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

SECONDS_TO_ANSWER = 30
SECONDS_IN_ALL = 600


@dataclass(frozen=True, slots=True)
class Plan:
    """Which requests to send, in turns: `(method, path, headers)`; `count` in all."""

    host: str
    port: int
    connections: int
    count: int
    requests: tuple[tuple[str, str, Mapping[str, str]], ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured; times in seconds. `errors` says how many answers were not 200, by kind."""

    name: str
    requests: int
    connects: int
    seconds: float
    median: float
    p99: float
    errors: Mapping[str, int]

    @property
    def per_second(self) -> float:
        """The requests in a second, whatever their answer."""
        return self.requests / self.seconds


def run(name: str, plan: Plan) -> Load:
    """Send the requests from another process. Raises CalledProcessError and TimeoutExpired."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(dataclasses.asdict(plan)),
        stdout=subprocess.PIPE,
        text=True,
        timeout=SECONDS_IN_ALL,
        check=True,
    )
    return Load(name=name, **json.loads(done.stdout))


class _Sender(threading.Thread):
    """Sends its share of the requests over one connection, which it opens anew where it must."""

    def __init__(self, plan: Plan, turns: Iterator[int]) -> None:
        super().__init__(daemon=True)
        self._plan, self._turns = plan, turns
        self._http = http.client.HTTPConnection(plan.host, plan.port, timeout=SECONDS_TO_ANSWER)
        self.times: list[float] = []
        self.errors: Counter[str] = Counter()
        self.connects = 0

    def run(self) -> None:
        """Send until there are no turns left."""
        for turn in self._turns:
            method, path, headers = self._plan.requests[turn % len(self._plan.requests)]
            started = time.perf_counter()
            kind = self._send(method, path, headers)
            self.times.append(time.perf_counter() - started)
            if kind:
                self.errors[kind] += 1

    def _send(self, method: str, path: str, headers: Mapping[str, str]) -> str:
        """Send one request; return the kind of its error, empty where it was answered 200."""
        try:
            if self._http.sock is None:
                self.connects += 1
            self._http.request(method, path, headers=dict(headers))
            answer = self._http.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._http.close()
            return type(error).__name__
        return "" if answer.status == http.HTTPStatus.OK else f"{answer.status} {body[:200]!r}"


class _Turns:
    """Hands out numbers to many threads."""

    def __init__(self, count: int) -> None:
        self._numbers = iter(range(count))
        self._lock = threading.Lock()

    def __iter__(self) -> _Turns:
        return self

    def __next__(self) -> int:
        with self._lock:
            return next(self._numbers)


def measure(plan: Plan) -> dict[str, Any]:
    """Send everything from this process; return the fields of Load but its name."""
    turns = _Turns(plan.count)
    senders = [_Sender(plan, turns) for _ in range(plan.connections)]
    started = time.perf_counter()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    seconds = time.perf_counter() - started
    times = [each for sender in senders for each in sender.times]
    return {
        "requests": len(times),
        "connects": sum(sender.connects for sender in senders),
        "seconds": seconds,
        "median": median(times),
        "p99": quantiles(times, n=100)[98],
        "errors": dict(sum((sender.errors for sender in senders), Counter())),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Plan(**json.load(sys.stdin)))))
