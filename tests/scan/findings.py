"""Judges what checkov found by the waivers; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What checkov asks for, of which resource in which file."""

    check: str
    file: str
    resource: str
    asks: str

    @property
    def name(self) -> str:
        """The resource's own name: of JSON checkov does not always tell the type."""
        return self.resource.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a check does not matter, on these resources or on all."""

    check: str
    reason: str
    on: tuple[str, ...] = ()

    def is_for(self, finding: Finding) -> bool:
        return finding.check == self.check and (not self.on or finding.name in self.on)


def read_waivers(rows: Iterable[Mapping[str, Any]]) -> tuple[Waiver, ...]:
    """Return the waivers.

    Raises:
        ValueError: one has no reason.
    """
    found = tuple(
        Waiver(each["check"], each.get("reason", ""), tuple(each.get("on", ()))) for each in rows
    )
    for each in found:
        if not each.reason.strip():
            raise ValueError(f"the waiver of {each.check} has no reason")
    return found


def read_report(report: Mapping[str, Any] | Sequence[Any]) -> tuple[list[Finding], set[str]]:
    """Return what checkov found, and the files in which it looked at anything at all."""
    parts: Iterable[Any] = report if isinstance(report, list) else [report]
    found: list[Finding] = []
    files: set[str] = set()
    for part in parts:
        results = part.get("results", {})
        for each in (*results.get("passed_checks", ()), *results.get("failed_checks", ())):
            files.add(each["file_path"].lstrip("/"))
        found += [_finding(each) for each in results.get("failed_checks", ())]
    return sorted(found), files


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(
        row["check_id"], row["file_path"].lstrip("/"), row["resource"], row["check_name"] or ""
    )


def complaints(
    findings: Sequence[Finding], waivers: Sequence[Waiver], expected: Iterable[str], seen: set[str]
) -> Iterator[str]:
    """Yield what is not waived, what is waived in vain, and what was not looked at."""
    for finding in findings:
        if not any(each.is_for(finding) for each in waivers):
            yield f"{finding.file}: {finding.resource}: {finding.asks} [{finding.check}]"
    for waiver in waivers:
        if not any(waiver.is_for(each) for each in findings):
            yield f"waivers.yaml: {waiver.check} is found no more: take it out"
        named = {each.name for each in findings if each.check == waiver.check}
        for name in sorted(set(waiver.on) - named):
            yield f"waivers.yaml: {waiver.check} is not found on {name} any more: take it out"
    for name in sorted(set(expected) - seen):
        yield f"{name}: checkov saw nothing in it"
