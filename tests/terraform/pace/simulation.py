"""A virtual clock, Terraform processes that take their time, and two ways to drive them."""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from gateprint.terraform.pace.pacer import Pacer, Start, Wait
from tests.terraform.pace.clouds import Gateway, Stack, Step

JITTER = 0.4
CALL_SECONDS = 0.25
PARALLELISM = 10


def chance(seed: int) -> random.Random:
    """Return what decides in a simulation; the same seed decides the same."""
    return random.Random(seed)  # noqa: S311  # no secret


class Clock:
    """Runs what is due, in the order of time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0

    def after(self, seconds: float, job: Callable[..., None], *given: Any) -> None:
        """Run a job so much later."""
        self._count += 1
        heapq.heappush(self._due, (self.now + seconds, self._count, job, given))

    def run(self, limit_seconds: float) -> None:
        """Run until nothing is due; fail where that takes too long."""
        while self._due:
            self.now, _, job, given = heapq.heappop(self._due)
            assert self.now <= limit_seconds, "the simulation does not come to an end"
            job(*given)


@dataclass(slots=True)
class Machine:
    """What all processes share: the clock, chance, the cloud, and what happened."""

    rng: random.Random
    clock: Clock = field(default_factory=Clock)
    gateway: Gateway = field(default_factory=Gateway)
    order: list[tuple[str, str]] = field(default_factory=list)
    most_running: int = 0
    failing: frozenset[str] = frozenset()
    terraform_seconds: float = 4.0

    def takes(self, seconds: float) -> float:
        """Return how long something takes this time."""
        return seconds * self.rng.uniform(1 - JITTER, 1 + JITTER)


class Reader(Protocol):
    """Who takes Terraform's events: `event` is told each one when it is written."""

    def event(self, terraform: Terraform, kind: str, step: Step | None) -> None: ...

    def ended(self, terraform: Terraform) -> None: ...


class Terraform:
    """One `terraform apply -json`, whose output holds one event that nobody has taken yet.

    Before it starts a change and after it ended one it writes an event, and goes on with that
    change only when the event is written. So does the real one: its hooks write to stdout
    synchronously.
    """

    def __init__(self, machine: Machine, stack: Stack, reader: Reader) -> None:
        self.stack = stack
        self._machine = machine
        self._reader = reader
        self._needs = [len(step.after) for step in stack.steps]
        self._dependants: list[list[int]] = [[] for _ in stack.steps]
        for place, step in enumerate(stack.steps):
            for need in step.after:
                self._dependants[need].append(place)
        self._ready = deque(place for place, needs in enumerate(self._needs) if not needs)
        self._busy = self._done = 0
        self._is_full = False
        self._blocked: deque[tuple[str, int]] = deque()
        machine.clock.after(machine.takes(machine.terraform_seconds), self._write, "version", -1)

    def take(self) -> None:
        """Take the event; the next one is written, if one waits."""
        self._is_full = False
        if self._blocked:
            self._enter(*self._blocked.popleft())
        elif self._done == len(self.stack.steps):
            self._reader.ended(self)

    def _write(self, kind: str, place: int) -> None:
        if self._is_full:
            self._blocked.append((kind, place))
        else:
            self._enter(kind, place)

    def _enter(self, kind: str, place: int) -> None:
        self._is_full = True
        step = self.stack.steps[place] if place >= 0 else None
        if kind == "start":
            self._call(place, 0, 0)
        elif kind == "complete":
            self._finish(place)
        else:
            self._dispatch()
        self._reader.event(self, kind, step)

    def _dispatch(self) -> None:
        while self._ready and self._busy < PARALLELISM:
            self._busy += 1
            self._blocked.append(("start", self._ready.popleft()))

    def _finish(self, place: int) -> None:
        self._busy -= 1
        self._done += 1
        for dependant in self._dependants[place]:
            self._needs[dependant] -= 1
            if not self._needs[dependant]:
                self._ready.append(dependant)
        self._dispatch()

    def _call(self, place: int, number: int, tries: int) -> None:
        """Send a call; it arrives after half of the time that it takes."""
        calls = self.stack.steps[place].calls
        if number == len(calls):
            self._write("complete", place)
            return
        way = self._machine.takes(CALL_SECONDS) / 2
        self._machine.clock.after(way, self._arrive, place, number, tries, way)

    def _arrive(self, place: int, number: int, tries: int, way: float) -> None:
        clock, operation = self._machine.clock, self.stack.steps[place].calls[number]
        if self._machine.gateway.call(operation, clock.now):
            clock.after(way, self._call, place, number + 1, 0)
            return
        # As the AWS SDK for Go does: up to 2^tries seconds, 20 at most (aws/retry).
        pause = self._machine.rng.random() * min(20, 2**tries)
        clock.after(way + pause, self._call, place, number, tries + 1)


class PacedPool:
    """Starts stacks and takes events when the pacer says so."""

    def __init__(self, machine: Machine, stacks: list[Stack], workers: int) -> None:
        self.pacer = Pacer([stack.work for stack in stacks], workers)
        self._machine = machine
        self._stacks = {stack.work.stack: stack for stack in stacks}
        self._running = 0
        self._asked_for = 0.0
        machine.clock.after(0, self._start)

    def event(self, terraform: Terraform, kind: str, step: Step | None) -> None:
        name, now = terraform.stack.work.stack, self._machine.clock.now
        if step and kind == "start":
            self.pacer.seen(name, step.address, step.action, now)
        elif step:
            self.pacer.finished(name, step.address, step.action, now)
        else:
            self.pacer.passed(name, now)
        self._ask(terraform)

    def ended(self, terraform: Terraform) -> None:
        name = terraform.stack.work.stack
        self._running -= 1
        self._machine.order.append(("end", name))
        is_ok = name not in self._machine.failing
        self.pacer.ended(name, self._machine.clock.now, ok=is_ok)
        self._start()

    def _ask(self, terraform: Terraform) -> None:
        now = self._machine.clock.now
        wait = self.pacer.hold(terraform.stack.work.stack, now)
        if wait > 0:
            self._machine.clock.after(wait, self._ask, terraform)
        else:
            # A process needs a moment to go on.
            self._machine.clock.after(self._machine.takes(0.005), terraform.take)

    def _start(self) -> None:
        now = self._machine.clock.now
        while isinstance(found := self.pacer.next(now), Start):
            self.pacer.started(found.stack, now)
            self._running += 1
            self._machine.most_running = max(self._machine.most_running, self._running)
            self._machine.order.append(("start", found.stack))
            Terraform(self._machine, self._stacks[found.stack], self)
        if isinstance(found, Wait) and self._asked_for <= now:
            self._asked_for = now + found.seconds
            self._machine.clock.after(found.seconds, self._start)


class NaivePool:
    """Keeps so many processes running, and takes every event at once."""

    def __init__(self, machine: Machine, stacks: list[Stack], workers: int) -> None:
        self._machine = machine
        self._waiting = deque(stacks)
        for _ in range(min(workers, len(stacks))):
            Terraform(machine, self._waiting.popleft(), self)

    def event(self, terraform: Terraform, kind: str, step: Step | None) -> None:
        terraform.take()

    def ended(self, terraform: Terraform) -> None:
        if self._waiting:
            Terraform(self._machine, self._waiting.popleft(), self)
