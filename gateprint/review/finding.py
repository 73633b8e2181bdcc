"""What a review finds: rules and findings, the most severe first; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gateprint.errors import Location

Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True, slots=True)
class Rule:
    """Something to look for: why it matters, what helps, and where AWS says so.

    `id` is part of the interface: waivers name it. `is_standing` tells that it looks at how things
    are, and not at what changes; then it speaks of stacks that change in this run alone.
    """

    id: str
    severity: Severity
    title: str
    why: str
    remedy: str
    source: str
    is_standing: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule noticed; `subject` says in the stack what it is about, in words or an address.

    `location` is the line that caused it; None where no line of the blueprints did. `severity` is
    the rule's, unless the case is another one.
    """

    rule: Rule
    severity: Severity
    stack: str
    subject: str
    sentence: str
    remedy: str
    location: Location | None = None

    @property
    def address(self) -> str:
        """Return what a waiver names: stack and subject."""
        return f"{self.stack}/{self.subject}"

    def __lt__(self, other: Finding) -> bool:
        """Tell whether this comes first: by severity, then by rule, stack, subject and words."""
        return _order(self) < _order(other)


def _order(finding: Finding) -> tuple[int, str, str, str, str, str]:
    rank = SEVERITIES.index(finding.severity)
    name = finding.rule.id
    where = finding.location
    line = f"{where.path}:{where.line:06}:{where.column:06}" if where else ""
    return rank, name, finding.stack, finding.subject, finding.sentence, line


def is_at_least(severity: Severity, threshold: Severity) -> bool:
    """Tell whether a severity is the threshold or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)
