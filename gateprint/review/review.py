"""The review of a run as a value: the verdict first, then what a person has to see; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gateprint.access.changes.comparison import Changes
from gateprint.access.changes.sentences import Sentence, sentences
from gateprint.errors import Location
from gateprint.review.clusters import Cluster
from gateprint.review.finding import Finding, Severity, is_at_least
from gateprint.review.waivers import Waived

Decision = Literal["passed", "refused"]


@dataclass(frozen=True, slots=True, order=True)
class Destroyed:
    """A resource that somebody would miss: it is deleted, or replaced by another."""

    stack: str
    kind: str
    address: str


Notice = Literal[
    "route-removed", "stage-removed", "auth-changed", "role-narrowed", "api-replaced", "stricter"
]


@dataclass(frozen=True, slots=True, order=True)
class Noticed:
    """Something that callers notice; `is_breaking` tells that calls of today then fail.

    `location` is the line that caused it; None where the line is gone.
    """

    stack: str
    kind: Notice
    sentence: str
    is_breaking: bool = True
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many stacks there are of each kind, and how many resources each action is for."""

    changed: int = 0
    unchanged: int = 0
    actions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Review:
    """All that a report tells, in the order in which it does.

    `subject` is the run's name, or what was compared where there was no plan (`is_offline`).
    `stacks` are the digests of the plans that were reviewed. `reasons` are those for a refusal.
    """

    subject: str
    is_offline: bool
    verdict: Decision
    reasons: tuple[str, ...]
    digest: str
    stacks: Mapping[str, str]
    counted: Counted
    access: tuple[Sentence, ...]
    destroyed: tuple[Destroyed, ...]
    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...]
    clusters: tuple[Cluster, ...]
    unverified: tuple[str, ...]
    noticed: tuple[Noticed, ...] = ()

    @property
    def headline(self) -> str:
        """Return the verdict in one line."""
        about = "offline preview of " if self.is_offline else ""
        return f"{self.verdict}: {about}{self.subject}, {self._summary()}"

    def _summary(self) -> str:
        counted = self.counted
        parts = [_counted(counted.changed, "stack changes", "stacks change")]
        if counted.unchanged:
            parts.append(f"{counted.unchanged:,} unchanged")
        worst = {each.severity for each in self.findings}
        for severity in ("critical", "high"):
            number = sum(each.severity == severity for each in self.findings)
            if severity in worst:
                parts.append(f"{number:,} {severity}")
        return ", ".join(parts)


def told_access(changes: Changes) -> tuple[Sentence, ...]:
    """Return who gains and who loses what, public routes first."""
    return sentences(changes)


def reasons_against(findings: Iterable[Finding], threshold: Severity) -> tuple[str, ...]:
    """Return the findings that stand against a run, as reasons."""
    return tuple(
        f"{each.rule.id} ({each.severity}): {each.stack}: {each.sentence}"
        for each in sorted(findings)
        if is_at_least(each.severity, threshold)
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
