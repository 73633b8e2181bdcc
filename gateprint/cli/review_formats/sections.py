"""The parts of a review in the order in which they matter: all that people read has it; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gateprint.access.changes.sentences import NOTHING
from gateprint.cli.review_formats.alike import group_facts, group_items
from gateprint.cli.review_formats.parts import (
    Fold,
    Item,
    Line,
    Report,
    Section,
    Text,
)
from gateprint.review.finding import SEVERITIES, Finding
from gateprint.review.grouping import Group, grouped, grouped_destroyed, grouped_noticed
from gateprint.review.review import Review, reasons_against
from gateprint.review.waivers import Waived

__all__ = ["WAYS_OUT", "report_of", "sections"]

WAYS_OUT = (
    "mend it and plan again; or accept a finding with a waiver in config/review.yaml, "
    "or all of its severity with --threshold"
)
_MOST_REASONS = 3
_MOST_UNVERIFIED = 40
_OFFLINE = "was not asked: an offline preview tells what the blueprints say"


def report_of(found: Review) -> Report:
    """Return the report, in the order in which it is read."""
    is_refused = found.verdict == "refused"
    return Report(
        found.headline,
        is_refused,
        tuple(_facts(found)),
        sections(found),
        WAYS_OUT if is_refused else "",
    )


def sections(found: Review) -> tuple[Section, ...]:
    """Return the sections that have something to say, in the order in which they matter."""
    told = (
        Section("access", "Access", tuple(_access(found))),
        Section("destroyed", "Destroyed or replaced", tuple(_destroyed(found))),
        Section("noticed", "What callers notice", tuple(_noticed(found))),
        Section("findings", "Findings", tuple(_findings(found))),
        Section("changes", "Changes", tuple(group_items(found.clusters))),
        Section("unverified", "Not verified before the apply", tuple(_unverified(found))),
        Section("waived", "Waived", tuple(map(_waived, found.waived)), is_folded=True),
    )
    return tuple(each for each in told if each.items)


def _facts(found: Review) -> Iterator[Line]:
    """Yield what has to be known first."""
    yield from _reasons(found)
    yield Line((_OFFLINE if found.is_offline else _terraform(found),), label="Terraform")
    yield from group_facts(found.clusters)
    yield Line((_numbers(found),), label="findings")


def _terraform(found: Review) -> str:
    counted = found.counted
    add, change, destroy = counted.to_add, counted.to_change, counted.to_destroy
    return f"{add:,} to add, {change:,} to change, {destroy:,} to destroy"


def _numbers(found: Review) -> str:
    waived = _severities([each.finding for each in found.waived])
    standing = _severities(found.findings) or "none"
    return f"{standing}; waived: {waived}" if waived else standing


def _severities(findings: Sequence[Finding]) -> str:
    numbers = Counter(each.severity for each in findings)
    return ", ".join(f"{numbers[each]:,} {each}" for each in SEVERITIES if each in numbers)


def _reasons(found: Review) -> Iterator[Line]:
    """Yield why a run is refused; the findings that stand against it are a number here."""
    against = set(reasons_against(found.findings, "info", found.names))
    others = [each for each in found.reasons if each not in against]
    number = len(found.reasons) - len(others)
    if number:
        stand = "1 finding stands" if number == 1 else f"{number:,} findings stand"
        yield Line((f"{stand} against it",), "refused", "refused")
    for each in others[:_MOST_REASONS]:
        yield Line((each,), "refused", "refused")
    more = len(others) - _MOST_REASONS
    if more > 0:
        yield Line((f"and for {more:,} more reasons",), "refused", "refused")


def _access(found: Review) -> Iterator[Item]:
    if not found.access:
        yield Item(Line((NOTHING,)))
    yield from (Item(Line(each.parts, each.kind)) for each in found.access)


def _destroyed(found: Review) -> Iterator[Item]:
    for each in grouped_destroyed(found.destroyed, found.names):
        text = (*_stacks(each.stacks), f": {each.first.kind} ", each.sentence)
        yield Item(Line(text, "destroyed"))


def _noticed(found: Review) -> Iterator[Item]:
    for each in grouped_noticed(found.noticed, found.names):
        one = each.first
        kind = "breaking" if one.is_breaking else "noticed"
        text = (*_stacks(each.stacks), f": {each.sentence}")
        yield Item(Line(text, kind, "breaking" if one.is_breaking else "", one.location))


def _stacks(stacks: Sequence[str]) -> Text:
    """Return the stack, or how many there are and one of them."""
    number = len(stacks)
    return ("" if number == 1 else f"{number:,} stacks, such as ", stacks[0])


def _findings(found: Review) -> Iterator[Item]:
    for group in grouped(found.findings, found.names):
        one = group.first
        head = Line((group.sentence,), one.severity, one.severity, one.location, one.rule.id)
        yield Item(head, tuple(_of_finding(group)), _fold(group))


def _of_finding(group: Group[Finding]) -> Iterator[Line]:
    """Yield the address, as a waiver names it, and the remedy."""
    one = group.first
    if len(group.items) == 1:
        yield Line(("", one.address), label="at")
    else:
        number = f"{len(group.stacks):,} stacks, such as "
        yield Line((number if len(group.stacks) > 1 else "", one.address), label="at")
    yield Line((one.remedy,), label="fix")


def _fold(group: Group[Finding]) -> Fold | None:
    if len(group.items) == 1:
        return None
    lines = (Line(("", each.address), place=each.location) for each in group.items)
    return Fold(f"{len(group.items):,} × {group.first.rule.id}", tuple(lines))


def _waived(each: Waived) -> Item:
    one = each.finding
    head = Line((one.sentence,), "waived", one.severity, one.location, one.rule.id)
    because = Line((each.waiver.reason,), label=f"waived until {each.waiver.until}")
    return Item(head, (Line(("", one.address), label="at"), because))


def _unverified(found: Review) -> Iterator[Item]:
    for each in found.unverified[:_MOST_UNVERIFIED]:
        yield Item(Line((each,)))
    more = len(found.unverified) - _MOST_UNVERIFIED
    if more > 0:
        yield Item(Line((f"and {more:,} more",)))
