"""Applies many stacks side by side: in order, paced by AWS's quotas, as many as memory holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from gateprint.model.secrets import masked
from gateprint.terraform.applying import Applied
from gateprint.terraform.capacity import MOST, Capacity
from gateprint.terraform.events import Event, resource_of
from gateprint.terraform.pace.pacer import Done, Pacer, Start
from gateprint.terraform.pace.work import Domain, Floor, Work, floor, work_of
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.plans.republishing import to_republish
from gateprint.terraform.process import Interruption
from gateprint.terraform.runner import OnEvent, Pace
from gateprint.terraform.runs.record import PlannedStack
from gateprint.workflow.progress import Progress

_LOOK_SECONDS = 0.2
_WORTH_TELLING_SECONDS = 10.0

Act = Callable[[Pace], Applied]


def works_of(
    stacks: Sequence[PlannedStack],
    plans: Mapping[str, TerraformPlan],
    rehearsed: Collection[str],
) -> tuple[Work, ...]:
    """Return what stacks ask of AWS; `rehearsed` are the environments without quotas."""
    return tuple(_work(each, stacks, plans[each.stack], rehearsed) for each in stacks)


def apply_at_once(
    works: Sequence[Work],
    acts: Mapping[str, Act],
    capacity: Capacity,
    interruption: Interruption,
    progress: Progress,
) -> Iterator[tuple[str, Applied]]:
    """Yield each stack with how it ended, as it ends; what needs a failed one is `skipped`.

    After an interrupt nothing new starts, and what has not started is left out.
    """
    progress.begin("applying", [each.stack for each in works])
    _tell(floor(works), progress)
    limited = frozenset(each.stack for each in works if each.changes)
    at_once = _AtOnce(Pacer(works, MOST), acts, capacity, interruption, progress, limited)
    try:
        yield from at_once.all()
    finally:
        progress.end()


def _work(
    stack: PlannedStack,
    stacks: Sequence[PlannedStack],
    plan: TerraformPlan,
    rehearsed: Collection[str],
) -> Work:
    present = {each.stack for each in stacks}
    needs = tuple(each for each in stack.needs if each in present)
    # The embedded cloud has no quotas.
    changes = () if stack.environment in rehearsed else plan.changes
    pairs = [(each.address, each.action) for each in changes]
    pairs += [(each, "replace") for each in to_republish(plan) if changes]
    return work_of(stack.stack, Domain(stack.account, stack.region), pairs, needs)


def _tell(least: Floor, progress: Progress) -> None:
    if least.seconds >= _WORTH_TELLING_SECONDS:
        reason = f"API Gateway's quota of {least.operation}, which is called {least.calls:,} times"
        progress.expect(least.seconds, reason)


@dataclass(slots=True)
class _AtOnce:
    """The loop, and what it knows; the pacer is used under a lock."""

    pacer: Pacer
    acts: Mapping[str, Act]
    capacity: Capacity
    interruption: Interruption
    progress: Progress
    limited: frozenset[str] = frozenset()
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _running: dict[Future[Applied], str] = field(default_factory=dict)
    _skipped: set[str] = field(default_factory=set)

    def all(self) -> Iterator[tuple[str, Applied]]:
        with ThreadPoolExecutor(MOST) as pool:
            while self._start_more(pool) or self._running:
                done, _ = wait(self._running, _LOOK_SECONDS, FIRST_COMPLETED)
                for future in done:
                    yield self._ended(future)
                yield from self._newly_skipped()

    def _start_more(self, pool: ThreadPoolExecutor) -> bool:
        """Start what may start now; tell whether anything waits to be started."""
        while not self.interruption.is_asked:
            with self._lock:
                found = self.pacer.next(time.monotonic())
            if isinstance(found, Done):
                return False
            if not isinstance(found, Start) or not self.capacity.has_room():
                if not self._running:
                    time.sleep(_LOOK_SECONDS)
                return True
            self._start(pool, found.stack)
        return False

    def _start(self, pool: ThreadPoolExecutor, stack: str) -> None:
        self.capacity.start(stack)
        with self._lock:
            self.pacer.started(stack, time.monotonic())
        self.progress.stack(stack, "preparing")
        self._running[pool.submit(self.acts[stack], self._pace(stack))] = stack

    def _ended(self, future: Future[Applied]) -> tuple[str, Applied]:
        stack, found = self._running.pop(future), future.result()
        self.capacity.end(stack)
        with self._lock:
            self.pacer.ended(stack, time.monotonic(), ok=found.is_well)
        self._show(stack, found)
        return stack, found

    def _newly_skipped(self) -> Iterator[tuple[str, Applied]]:
        for stack, failed in self.pacer.blocked().items():
            if stack not in self._skipped:
                self._skipped.add(stack)
                found = Applied("skipped", problem=f"it needs {failed}, which did not end well")
                self._show(stack, found)
                yield stack, found

    def _show(self, stack: str, found: Applied) -> None:
        text = masked(found.problem).partition("\n")[0]
        self.progress.ended(stack, found.outcome, found.seconds, text)

    def _pace(self, stack: str) -> Pace:
        is_limited = stack in self.limited
        return Pace(self._listener(stack), (lambda: self._hold(stack)) if is_limited else None)

    def _hold(self, stack: str) -> None:
        """Wait until the stack's next change may be made; after an interrupt, it may end."""
        while not self.interruption.is_asked:
            with self._lock:
                seconds = self.pacer.hold(stack, time.monotonic())
            if seconds <= 0:
                return
            time.sleep(min(seconds, _LOOK_SECONDS))

    def _listener(self, stack: str) -> OnEvent:
        done = 0

        def listen(event: Event) -> None:
            nonlocal done
            kind, (address, _, action) = event.get("type"), resource_of(event)
            now = time.monotonic()
            with self._lock:
                if kind == "apply_start" and action in {"create", "update", "delete"}:
                    self.pacer.seen(stack, address, action, now)
                elif kind in {"apply_complete", "apply_errored"}:
                    self.pacer.finished(stack, address, action, now)
                else:
                    self.pacer.passed(stack, now)
            if kind == "apply_complete":
                done += 1
                self.progress.stack(stack, f"{done:,} done")

        return listen
