"""Plans many stacks side by side, as many as the machine holds."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from gateprint.errors import ToolFailed
from gateprint.model.secrets import masked
from gateprint.terraform.capacity import MOST, Capacity
from gateprint.terraform.events import Event
from gateprint.terraform.planning import Planner
from gateprint.terraform.process import Interrupted, Running
from gateprint.terraform.runner import Killed
from gateprint.terraform.runs.journal import Journal
from gateprint.terraform.runs.record import PlannedStack
from gateprint.workflow.progress import Progress

_LOOK_SECONDS = 0.2
_ATTEMPTS = 3
_TOLD = {"refresh_complete": "read", "planned_change": "to change"}


def plan_at_once(
    stacks: Sequence[PlannedStack],
    planner: Planner,
    capacity: Capacity,
    journal: Journal,
    progress: Progress,
) -> dict[str, PlannedStack]:
    """Return each stack as planned, or as failed; those that an interrupt cut off are left out."""
    progress.begin("planning", [each.stack for each in stacks])
    try:
        return _planned(stacks, _One(planner, capacity, journal, progress))
    finally:
        progress.end()


def _planned(stacks: Sequence[PlannedStack], one: _One) -> dict[str, PlannedStack]:
    capacity, interruption = one.capacity, one.planner.interruption
    waiting, results = deque(stacks), dict[str, PlannedStack]()
    running: dict[Future[PlannedStack | None], str] = {}
    with ThreadPoolExecutor(MOST) as pool:
        while waiting or running:
            while waiting and not interruption.is_asked and capacity.has_room():
                stack = waiting.popleft()
                capacity.start(stack.stack)
                running[pool.submit(one.plan, stack)] = stack.stack
            if interruption.is_asked:
                waiting.clear()
            ended, _ = wait(running, _LOOK_SECONDS, FIRST_COMPLETED)
            for future in ended:
                name, found = running.pop(future), future.result()
                capacity.end(name)
                if found is not None:
                    results[name] = found
    return results


@dataclass(frozen=True, slots=True)
class _One:
    """Plans one stack, and tells everybody."""

    planner: Planner
    capacity: Capacity
    journal: Journal
    progress: Progress

    def plan(self, stack: PlannedStack) -> PlannedStack | None:
        """Return the stack as planned, or as failed; None if an interrupt cut it off."""
        self.journal.add("planning", stack=stack.stack)
        started = time.monotonic()
        try:
            found = self._attempt(stack)
        except Interrupted:
            return None
        except ToolFailed as error:
            seconds = round(time.monotonic() - started, 3)
            problem = masked("\n".join(filter(None, (error.problem, error.detail))))
            found = replace(stack, decision="failed", seconds=seconds, problem=problem)
        self.journal.add(
            "planned",
            stack=found.stack,
            decision=found.decision,
            seconds=found.seconds,
            problem=found.problem,
        )
        self.progress.ended(found.stack, found.decision, found.seconds, told(found))
        return found

    def _attempt(self, stack: PlannedStack) -> PlannedStack:
        """Plan; again, with fewer at once, where the system killed Terraform for its memory."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._plan(stack)
            except Killed:
                self.capacity.shrink()
                self.progress.say(f"{stack.stack}: the system killed Terraform; trying again")
        return self._plan(stack)

    def _plan(self, stack: PlannedStack) -> PlannedStack:
        counts = Counter[str]()

        def on_event(event: Event) -> None:
            kind = str(event.get("type"))
            if kind in _TOLD:
                counts[kind] += 1
                self.progress.stack(stack.stack, _doing(counts))

        def on_start(running: Running) -> None:
            self.capacity.watch(stack.stack, running)
            self.progress.stack(stack.stack, _doing(counts))

        return self.planner.plan(stack, on_event, on_start, self.capacity.learn)


def _doing(counts: Counter[str]) -> str:
    parts = [f"{counts[kind]:,} {word}" for kind, word in _TOLD.items() if counts[kind]]
    return ", ".join(parts) or "preparing"


def told(stack: PlannedStack) -> str:
    """Return in a few words what a plan found."""
    if stack.decision == "failed":
        return stack.problem.partition("\n")[0]
    if stack.decision == "empty":
        return "nothing to do"
    found = [f"{number:,} to {action}" for action, number in stack.counts.items()]
    if stack.drifted:
        found.append(f"{stack.drifted:,} changed outside")
    return ", ".join(found) or "only outputs change"
