"""What programs are told of findings: which refuse the run, and which were there before; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateprint.cli.sarif_parts import fingerprints
from gateprint.errors import Location
from gateprint.review.finding import Finding, Severity
from gateprint.review.review import Review


def refusing(found: Review) -> frozenset[Severity]:
    """Return the severities for which the review was refused: which they are is up to its user."""
    return frozenset(
        each.severity
        for each in found.findings
        if any(reason.startswith(_beginning(each)) for reason in found.reasons)
    )


def other_reasons(found: Review) -> tuple[str, ...]:
    """Return why it was refused, apart from findings."""
    beginnings = tuple({_beginning(each) for each in found.findings})
    return tuple(each for each in found.reasons if not each.startswith(beginnings))


def _beginning(each: Finding) -> str:
    return f"{each.rule.id} ({each.severity}):"


def told_findings(findings: Sequence[Finding]) -> Iterator[tuple[Finding, str]]:
    """Yield each finding and its fingerprint, which outlives a move and another wording.

    No two are alike: of the same rule at the same address the second is the second.
    """
    known = fingerprints((f"{each.rule.id}\n{each.address}", "") for each in findings)
    return zip(findings, known, strict=True)


def place_of(each: Finding, nowhere: str) -> Location:
    """Return the line that caused it; without one the beginning of `nowhere`."""
    return each.location or Location(nowhere)
