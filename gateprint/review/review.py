"""The review of a run as a value: the verdict first, then what a person has to see; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gateprint.access.changes.sentences import Sentence
from gateprint.errors import Location
from gateprint.review.clusters import Cluster
from gateprint.review.finding import Finding, Severity, is_at_least
from gateprint.review.grouping import grouped
from gateprint.review.plain import Names
from gateprint.review.waivers import Waived

Decision = Literal["passed", "refused"]


@dataclass(frozen=True, slots=True, order=True)
class Destroyed:
    """A resource that somebody would miss: it is deleted, or replaced by another."""

    stack: str
    kind: str
    address: str


Notice = Literal[
    "api-removed",
    "api-replaced",
    "stage-removed",
    "stage-replaced",
    "release-changed",
    "route-removed",
    "auth-changed",
    "network-narrowed",
    "role-removed",
    "role-narrowed",
    "sign-in-narrowed",
    "session-shortened",
    "cors-narrowed",
    "stricter",
    "looser",
    "key-changed",
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
    """How many stacks there are of each kind, and how many resources each action is for.

    `actions` are Terraform's: create, update, delete, replace, forget and import.
    """

    changed: int = 0
    unchanged: int = 0
    actions: Mapping[str, int] = field(default_factory=dict)

    @property
    def to_add(self) -> int:
        """Return what Terraform counts as "to add": a replacement is an addition too."""
        return self._of("create", "replace")

    @property
    def to_change(self) -> int:
        """Return what Terraform counts as "to change"."""
        return self._of("update")

    @property
    def to_destroy(self) -> int:
        """Return what Terraform counts as "to destroy": a replacement is a destruction too."""
        return self._of("delete", "replace")

    def _of(self, *actions: str) -> int:
        return sum(self.actions.get(each, 0) for each in actions)


@dataclass(frozen=True, slots=True)
class Review:
    """All that a report tells, in the order in which it does.

    `subject` is the run's name, or what was compared where there was no plan (`is_offline`).
    `stacks` are the digests of the plans that were reviewed. `reasons` are those for a refusal.
    `names` are the stacks' own, with which `grouping` says what holds for many of them once.
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
    names: Names = field(default_factory=dict)

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


def reasons_against(
    findings: Iterable[Finding], threshold: Severity, names: Names | None = None
) -> tuple[str, ...]:
    """Return the findings that stand against a run, as reasons; the same of many stacks is one."""
    grave = sorted(each for each in findings if is_at_least(each.severity, threshold))
    return tuple(
        f"{each.first.rule.id} ({each.first.severity}): {each.where}: {each.sentence}"
        for each in grouped(grave, names)
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
