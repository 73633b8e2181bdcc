"""`apply`: exactly the reviewed plans, in order, side by side, as fast as AWS allows."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from gateprint.errors import Refused, ToolFailed
from gateprint.model.resolved import Environment
from gateprint.terraform.applying import Applied, Applier
from gateprint.terraform.capacity import MOST, Capacity
from gateprint.terraform.plans.budget import Budget, exceeding
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.process import Interruption
from gateprint.terraform.recovering import Recovery
from gateprint.terraform.republishing import Republication
from gateprint.terraform.runner import Pace
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import Journal, now, read_journal
from gateprint.terraform.runs.record import PlannedStack, Run, Versions
from gateprint.terraform.runs.standing import Standing, standings
from gateprint.terraform.runs.verdict import objection
from gateprint.terraform.state.store import StateStore
from gateprint.terraform.waves import waves
from gateprint.workflow.applies_at_once import Act, apply_at_once, works_of
from gateprint.workflow.cloud import require_running
from gateprint.workflow.environments import load_environment
from gateprint.workflow.leftovers import look_up_with, release_own
from gateprint.workflow.places import Places
from gateprint.workflow.plan import INTERRUPTED, tools_of, versions_of
from gateprint.workflow.progress import Progress
from gateprint.workflow.review import masked_plan
from gateprint.workflow.run_reports import write_reports
from gateprint.workflow.state import store_of

LOCK_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a run is to be applied.

    `stacks` are those of a shard, None all. `lock_seconds` is how long to wait for a state's lock.
    """

    is_resumed: bool = False
    has_waves: bool = False
    budget: Budget = field(default_factory=Budget)
    parallel: int | None = None
    lock_seconds: int = LOCK_SECONDS
    stacks: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of each stack, and the exit code that says how it went."""

    outcomes: Mapping[str, Applied]
    code: int


def apply(
    places: Places,
    folder: RunFolder,
    wanted: Wanted,
    environ: Mapping[str, str],
    interruption: Interruption,
    progress: Progress,
) -> Done:
    """Apply a reviewed run, or go on with one that was cut off.

    Raises:
        Refused: it was not reviewed, was changed since, or destroys more than it may.
        ToolFailed: there is no such run, or somebody applies it right now.
    """
    run = folder.read()
    tools = tools_of(places, environ, progress)
    _require_allowed(folder, run, wanted, versions_of(tools))
    environments = _environments(places, run)
    with _alone(folder), contextlib.closing(Journal(folder.journal)) as journal:
        before = standings(run, read_journal(folder.journal))
        _require_resumed(before, wanted, folder.path)
        journal.add("apply-started", pid=os.getpid(), resume=wanted.is_resumed)
        stores = {name: store_of(each) for name, each in environments.items()}
        applier = Applier(
            tools, folder, run, journal, interruption, wanted.lock_seconds, _lock_in(stores)
        )
        work = _Apply(applier, stores, environments, before, progress)
        outcomes = work.all(wanted)
        code = _code(outcomes, is_interrupted=interruption.is_asked)
        journal.add("apply-ended", code=code)
    write_reports(folder)
    return Done(outcomes, code)


@dataclass(frozen=True, slots=True)
class _Apply:
    """An apply that goes on: what applies a stack, and where each stood before."""

    applier: Applier
    stores: Mapping[str, StateStore]
    environments: Mapping[str, Environment]
    before: Mapping[str, Standing]
    progress: Progress

    def all(self, wanted: Wanted) -> dict[str, Applied]:
        """Apply what is left, wave by wave; return how every stack that was touched ended."""
        run = self.applier.run
        self._record_empty(run)
        left = retired_last([each for each in run.planned if self._is_left(each, wanted)])
        outcomes: dict[str, Applied] = {}
        for number, wave in enumerate(parts := self._waves(left, wanted), start=1):
            if len(parts) > 1:
                self.progress.say(f"wave {number} of {len(parts)}")
            self._wave(wave, wanted, outcomes)
            if any(not each.is_well for each in outcomes.values()):
                self._skip(parts[number:], outcomes)
                break
        return outcomes

    def _wave(
        self, wave: Sequence[PlannedStack], wanted: Wanted, outcomes: dict[str, Applied]
    ) -> None:
        acts = {each.stack: self._act(each) for each in wave}
        capacity = Capacity(wanted.parallel or MOST)
        plans = {each.stack: masked_plan(self.applier.folder, each) for each in wave}
        rehearsed = {name for name, each in self.environments.items() if each.endpoint}
        works = works_of(wave, plans, rehearsed)
        for name, found in apply_at_once(
            works, acts, capacity, self.applier.interruption, self.progress
        ):
            outcomes[name] = found
            if found.outcome == "skipped":
                self.applier.end(self.applier.run.stack(name), found)

    def _act(self, stack: PlannedStack) -> Act:
        standing = self.before[stack.stack]
        is_fresh = standing.stands == "pending" or (
            standing.stands == "refused" and not standing.attempts
        )

        def act(pace: Pace) -> Applied:
            # Whatever becomes of it: what was applied before is no longer known to be there.
            self.stores[stack.environment].forget_applied(stack.stack)
            if standing.stands == "applied":
                found = Applied("nothing")
            elif is_fresh:
                found = self.applier.apply(stack, pace)
            else:
                found = self._recovery(stack).recover(stack, standing, pace)
            found = self._republication(stack).complete(stack, standing, found, pace)
            if found.is_well:
                self._record(stack, _seconds_since(found.at))
            return found

        return act

    def _recovery(self, stack: PlannedStack) -> Recovery:
        store = self.stores[stack.environment]
        environment = self.environments[stack.environment]
        return Recovery(
            self.applier,
            look_up_with(environment),
            release_own(store, self.before),
            self.progress.say,
        )

    def _republication(self, stack: PlannedStack) -> Republication:
        return Republication(self.applier, self._recovery(stack).settle, self.progress.say)

    def _record(self, stack: PlannedStack, seconds: float) -> None:
        store = self.stores[stack.environment]
        if stack.is_retired and store.forget_empty(stack.stack):
            recorded = "recorded"
        else:
            recorded = store.record_applied(
                stack.stack, stack.configuration, seconds_since_apply=seconds
            )
        if recorded == "recorded":
            self.applier.journal.add(
                "recorded", stack=stack.stack, configuration=stack.configuration
            )

    def _record_empty(self, run: Run) -> None:
        """Let the state bucket know of stacks in which there was nothing to do."""
        for each in run.stacks:
            if each.decision == "empty" and self.before[each.stack].stands != "recorded":
                self._record(each, _seconds_since(datetime.fromisoformat(run.created)))

    def _is_left(self, stack: PlannedStack, wanted: Wanted) -> bool:
        if wanted.stacks is not None and stack.stack not in wanted.stacks:
            return False
        return self.before[stack.stack].stands != "recorded"

    def _waves(
        self, left: Sequence[PlannedStack], wanted: Wanted
    ) -> list[tuple[PlannedStack, ...]]:
        if not wanted.has_waves:
            return [tuple(left)]
        by_name = {each.stack: each for each in left}
        needs = {each.stack: each.needs for each in left}
        apart = frozenset(name for each in left for name in each.needs if name in by_name) & {
            each.stack for each in left if not each.needs
        }
        return [
            tuple(by_name[name] for name in wave) for wave in waves(list(by_name), needs, apart)
        ]

    def _skip(self, rest: Sequence[Sequence[PlannedStack]], outcomes: dict[str, Applied]) -> None:
        for wave in rest:
            for each in wave:
                found = Applied("skipped", problem="an earlier wave did not end well")
                outcomes[each.stack] = self.applier.end(each, found)


def _seconds_since(time: datetime) -> float:
    return max(0.0, (now() - time).total_seconds())


def retired_last(stacks: Sequence[PlannedStack]) -> list[PlannedStack]:
    """Let retired stacks wait for the others of their environment.

    One of those may take its policy from a retired role, which IAM deletes only afterwards; and
    nothing is destroyed where something failed.
    """
    living = [each for each in stacks if not each.is_retired]
    return [
        replace(each, needs=(*each.needs, *_beside(each, living))) if each.is_retired else each
        for each in stacks
    ]


def _beside(stack: PlannedStack, living: Sequence[PlannedStack]) -> list[str]:
    return [each.stack for each in living if each.environment == stack.environment]


def _lock_in(stores: Mapping[str, StateStore]) -> Callable[[PlannedStack], str]:
    def lock_of(stack: PlannedStack) -> str:
        found = stores[stack.environment].read_lock(stack.stack)
        return found.id if found else ""

    return lock_of


def _environments(places: Places, run: Run) -> dict[str, Environment]:
    names = sorted({each.environment for each in run.stacks})
    found = {name: load_environment(places, name) for name in names}
    for each in found.values():
        require_running(each, places)
    return found


def _require_allowed(folder: RunFolder, run: Run, wanted: Wanted, versions: Versions) -> None:
    reasons = []
    if run.kind != "apply":
        reasons.append("this run only looked for drift; there is nothing to apply in it")
    elif against := objection(folder):
        reasons.append(against)
    if run.versions != versions:
        reasons.append(_other_versions(run.versions, versions))
    reasons += [f"{each.stack} could not be planned" for each in run.stacks if each.is_failed]
    if reasons:
        raise Refused(reasons, f"gateprint review {folder.path}, or plan again")
    plans = {each.stack: masked_plan(folder, each) for each in run.planned}
    _require_within(plans, wanted.budget)


def _require_within(plans: Mapping[str, TerraformPlan], budget: Budget) -> None:
    found = exceeding(plans, budget)
    if found:
        reasons = [f"{each.stack}: {each.sentence}" for each in found]
        raise Refused(reasons, "if it is meant, raise the budget by name: --max-destroy KIND=N")


def _other_versions(planned: Versions, present: Versions) -> str:
    names = ("gateprint", "terraform", "provider", "cdktf")
    differing = [
        f"{name} {getattr(planned, name)} (here {getattr(present, name)})"
        for name in names
        if getattr(planned, name) != getattr(present, name)
    ]
    return f"it was planned with {', '.join(differing)}"


def _require_resumed(before: Mapping[str, Standing], wanted: Wanted, path: Path) -> None:
    begun = [name for name, each in before.items() if each.stands != "pending"]
    if begun and not wanted.is_resumed:
        raise Refused(
            [f"an apply of this run has begun ({len(begun):,} stacks)"],
            f"gateprint apply --resume {path}",
        )


@contextlib.contextmanager
def _alone(folder: RunFolder) -> Iterator[None]:
    """Hold the run for this process; the system gives it back when the process ends."""
    with (folder.path / "apply.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ToolFailed(
                f"somebody applies {folder.path} right now", "wait until that has ended"
            ) from None
        yield


def _code(outcomes: Mapping[str, Applied], *, is_interrupted: bool) -> int:
    found = {each.outcome for each in outcomes.values()}
    if is_interrupted:
        return INTERRUPTED
    if found & {"failed", "interrupted"}:
        return 4
    return 3 if found & {"refused", "skipped"} else 0
