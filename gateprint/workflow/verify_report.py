"""What `verify` found: a row for everything that was checked, and what could not be; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gateprint.access.probes import Probe
from gateprint.access.verdicts import Outcome, Verdict

Evidence = Literal[
    "called",
    "before the backend",
    "IAM's simulator",
    "the account's documents",
    "the stage's deployment",
    "none",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One check. `evidence` says where `found` comes from; `why` is the blueprint's reason."""

    blueprint: str
    api: str
    stage: str
    route: str
    role: str
    kind: str
    check: str
    request: str
    expected: str
    found: str
    verdict: Outcome
    evidence: Evidence
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """All rows, in the blueprints' order, and what nothing could be asked of, with the reason.

    `not_asked` names roles as `role NAME` and stages as `stage API/NAME`. `remedies` are commands
    that end what differs.
    """

    environment: str
    calls: str
    rows: tuple[Row, ...]
    not_asked: Mapping[str, str] = field(default_factory=dict)
    remedies: tuple[str, ...] = ()

    def count(self, verdict: Outcome) -> int:
        """Return how many rows have this verdict."""
        return sum(each.verdict == verdict for each in self.rows)

    @property
    def by_evidence(self) -> Mapping[str, int]:
        """Return how many rows each kind of evidence decided."""
        return dict(Counter(each.evidence for each in self.rows if each.verdict != "undecided"))

    @property
    def failures(self) -> int:
        """Return on how many requests that IAM let through the backend failed."""
        called = (each for each in self.rows if each.evidence == "called")
        return sum(each.check == "access" and each.found.startswith("5") for each in called)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing could be decided."""
        return not self.by_evidence

    def is_as_stated(self, *, allow_missing: bool = False) -> bool:
        """Tell whether all is as the blueprints state; what was not asked is no yes."""
        is_whole = not self.count("undecided") and not self.not_asked
        return not self.count("differs") and (is_whole or allow_missing)


def row_of(probe: Probe, verdict: Verdict, evidence: Evidence) -> Row:
    """Return the row of a verdict on a probe."""
    place = probe.place
    return Row(
        place.blueprint,
        place.api,
        place.stage,
        place.route,
        probe.role,
        _kind(probe),
        verdict.check,
        _request(probe),
        verdict.expected,
        verdict.found,
        verdict.outcome,
        evidence,
        probe.why,
    )


def _kind(probe: Probe) -> str:
    return "domain" if probe.domain and probe.kind != "certificate" else probe.kind


def _request(probe: Probe) -> str:
    return f"{probe.call.method} {probe.domain}{probe.call.path}"
