"""What became of a run, from what was planned and what the journal says happened; pure."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from gateprint.model.secrets import masked
from gateprint.terraform.runs.journal import Event
from gateprint.terraform.runs.record import Decision, Orphan, PlannedStack, Run, Versions

Outcome = Literal[
    "planned",
    "empty",
    "unchanged",
    "failed",
    "applied",
    "nothing",
    "interrupted",
    "refused",
    "skipped",
    "pending",
]
"""The first four as in `Decision`, as long as there was no apply. `applied`: the plan was applied.
`nothing`: there was nothing left to do. `failed`: its plan or its apply failed. `interrupted`: an
apply began, and nothing says how it ended; it may still run. `refused`: it was not applied, for
the reason in `problem`. `skipped`: a stack that it needs did not end well. `pending`: the apply
has not come to it."""

OUTCOMES: tuple[Outcome, ...] = (
    "failed",
    "interrupted",
    "refused",
    "skipped",
    "pending",
    "planned",
    "applied",
    "nothing",
    "empty",
    "unchanged",
)
"""All of them, what needs a person first."""

# The worst comes first: 130 was interrupted, 4 a tool failed, 3 the answer is no.
_WORST_FIRST = (130, 4, 2, 1, 3, 0)
_ENDS = {"applied", "republished"}
_PHASES = {"plan-started": "plan-ended", "apply-started": "apply-ended"}


@dataclass(frozen=True, slots=True)
class StackReport:
    """What became of one stack.

    `counts` says how many resources each action was planned for, `digest` identifies the plan.
    `attempts` is how often an apply of it began. Seconds of all attempts are added up.
    """

    stack: str
    environment: str
    account: str
    region: str
    decision: Decision
    outcome: Outcome
    counts: Mapping[str, int] = field(default_factory=dict)
    drifted: int = 0
    is_retired: bool = False
    digest: str = ""
    attempts: int = 0
    plan_seconds: float = 0.0
    apply_seconds: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One run that a report is about: one process planned it.

    `digest` is that of its run.json. `shard` is its number in the manifest, None where there is
    none. `ended` is empty and `exit_code` None where it did not end, or runs still.
    """

    name: str
    digest: str
    started: str
    ended: str = ""
    exit_code: int | None = None
    shard: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a run, or of all shards of one.

    `manifest` is the digest of shards.json, empty where one process planned all, and `shards` how
    many it has.
    """

    kind: Literal["apply", "drift"]
    environment: str | None
    revision: str
    is_dirty: bool
    lock: str
    versions: Versions
    runs: tuple[Part, ...]
    stacks: tuple[StackReport, ...]
    orphans: tuple[Orphan, ...] = ()
    manifest: str = ""
    shards: int = 0

    @property
    def started(self) -> str:
        """Return when the first run began."""
        return min((each.started for each in self.runs), default="")

    @property
    def ended(self) -> str:
        """Return when the last run ended; empty while one has not."""
        times = [each.ended for each in self.runs]
        return max(times) if times and all(times) else ""

    @property
    def missing(self) -> tuple[int, ...]:
        """Return the shards that no run is of."""
        found = {each.shard for each in self.runs}
        return tuple(each for each in range(1, self.shards + 1) if each not in found)

    @property
    def exit_code(self) -> int | None:
        """Return the worst of the runs' codes; None where one has not ended, or is missing."""
        codes = [each.exit_code for each in self.runs if each.exit_code is not None]
        if len(codes) < len(self.runs) or self.missing:
            return None
        return next((each for each in _WORST_FIRST if each in codes), max(codes, default=0))

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """Return how many stacks have each outcome, without those that none has."""
        found = Counter(each.outcome for each in self.stacks)
        return {each: found[each] for each in OUTCOMES if found[each]}

    @property
    def counts(self) -> dict[str, int]:
        """Return how many resources each action was planned for, over all stacks."""
        found: Counter[str] = Counter()
        for each in self.stacks:
            found.update(each.counts)
        return dict(sorted(found.items()))

    @property
    def drifted(self) -> int:
        """Return how many resources were changed outside of Terraform."""
        return sum(each.drifted for each in self.stacks)


def report_of(run: Run, events: Sequence[Event], digest: str = "") -> Report:
    """Return what became of a run; `digest` is that of its run.json.

    The last word on a stack counts: what failed before a resume and was applied by it is applied.
    """
    shard = run.shard
    return Report(
        kind=run.kind,
        environment=run.environment,
        revision=run.revision,
        is_dirty=run.is_dirty,
        lock=run.lock,
        versions=run.versions,
        runs=(_part(run, events, digest),),
        stacks=tuple(
            _stack(each, events) for each in sorted(run.stacks, key=lambda one: one.stack)
        ),
        orphans=tuple(sorted(run.orphans, key=lambda one: (one.environment, one.stack))),
        manifest=shard.manifest if shard else "",
        shards=shard.number if shard else 0,
    )


def timeless(report: Report) -> Report:
    """Return a report without what two runs of one plan differ in.

    Times, names, exit codes of the parts, attempts, and how it was divided.
    """
    stacks = (
        replace(each, attempts=0, plan_seconds=0.0, apply_seconds=0.0) for each in report.stacks
    )
    return replace(report, runs=(), stacks=tuple(stacks), manifest="", shards=0)


def _part(run: Run, events: Sequence[Event], digest: str) -> Part:
    ending = _ending(events)
    return Part(
        name=run.name,
        digest=digest,
        started=str(events[0].get("at", run.created)) if events else run.created,
        ended=str(ending.get("at", "")),
        exit_code=_code(ending.get("code")),
        shard=run.shard.index if run.shard else None,
    )


def _ending(events: Sequence[Event]) -> Event:
    """Return the event that ended the last phase; empty where none did."""
    found: Event = {}
    awaited = "plan-ended"
    for each in events:
        if each["event"] in _PHASES:
            found, awaited = {}, _PHASES[each["event"]]
        elif each["event"] == awaited:
            found = each
    return found


def _code(found: Any) -> int | None:
    return found if type(found) is int else None


def _stack(planned: PlannedStack, events: Sequence[Event]) -> StackReport:
    own = [each for each in events if _is_about(each, planned.stack)]
    ends = [each for each in own if each["event"] in _ENDS]
    outcome = _outcome(planned, own)
    return StackReport(
        stack=planned.stack,
        environment=planned.environment,
        account=planned.account,
        region=planned.region,
        decision=planned.decision,
        outcome=outcome,
        counts=dict(sorted(planned.counts.items())),
        drifted=planned.drifted,
        is_retired=planned.is_retired,
        digest=planned.digest,
        attempts=_attempts(own),
        plan_seconds=round(planned.seconds, 3),
        apply_seconds=round(sum(_seconds(each) for each in ends), 3),
        problem=_problem(planned, ends, outcome),
    )


def _is_about(event: Event, stack: str) -> bool:
    """Tell whether an event says how far a stack has come; an apply's beginning is about all."""
    if event["event"] == "apply-started":
        return True
    return event["event"] in {"applying", *_ENDS} and event.get("stack") == stack


def _attempts(own: Sequence[Event]) -> int:
    """Return how often an apply of the plan began; publishing it anew afterwards is none."""
    planned = itertools.takewhile(lambda each: not each.get("unpublished"), own)
    return sum(each["event"] == "applying" for each in planned)


def _outcome(planned: PlannedStack, own: Sequence[Event]) -> Outcome:
    """Return the last word on a stack; without an apply it is the plan's."""
    found: Outcome = planned.decision
    for said in _said(own):
        if said != "pending":
            found = said
        elif found == "planned":
            found = "pending"
    return found


def _said(own: Sequence[Event]) -> Iterator[Outcome]:
    """Yield what each event makes of the stack, in their order."""
    has_begun_before = has_begun = False
    for each in own:
        if each["event"] == "apply-started":
            has_begun_before = has_begun
            yield "pending"
        elif each["event"] == "applying":
            has_begun = True
            yield "interrupted"
        else:
            outcome = _known(each.get("outcome"))
            if outcome == "nothing" and has_begun_before:
                # An earlier attempt of this run did it, and was killed before it could say so.
                outcome = "applied"
            # What it removes is still served: all is not done.
            yield "interrupted" if each.get("unpublished") else outcome


def _known(outcome: Any) -> Outcome:
    """Return an outcome of the journal; one that is not known did not end well."""
    return cast("Outcome", outcome) if outcome in OUTCOMES else "failed"


def _seconds(event: Event) -> float:
    found = event.get("seconds")
    return float(found) if isinstance(found, int | float) else 0.0


def _problem(planned: PlannedStack, ends: Sequence[Event], outcome: Outcome) -> str:
    """Return why a stack did not end well; what was cured by a later attempt is not said."""
    if outcome in {"applied", "nothing", "empty", "unchanged", "planned", "pending"}:
        return ""
    if ends and ends[-1].get("unpublished"):
        return "it was not published anew yet: what it removes is still served"
    said = next((each.get("problem") for each in reversed(ends) if each.get("problem")), "")
    return masked(str(said or planned.problem))
