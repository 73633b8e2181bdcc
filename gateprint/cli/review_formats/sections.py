"""The parts of a review in the order in which they matter: all that people read has it; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateprint.errors import Location
from gateprint.review.clusters import Cluster, SameChange
from gateprint.review.finding import Finding
from gateprint.review.review import Noticed, Review

WAYS_OUT = (
    "mend it and plan again; or accept a finding with a waiver in config/review.yaml, "
    "or all of its severity with --threshold"
)
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a section: its text, what it is (`gain`, `high` …), its line in the blueprint.

    `details` are lines below it, which are folded where a format can.
    """

    text: str
    kind: str = ""
    place: Location | None = None
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `is_folded` tells that it is for whoever wants to know more."""

    id: str
    title: str
    items: tuple[Item, ...]
    is_folded: bool = False


def sections(found: Review) -> tuple[Section, ...]:
    """Return the sections that have something to say, in the order in which they matter."""
    told = (
        Section("access", "Access", tuple(_access(found))),
        Section("destroyed", "Destroyed or replaced", tuple(_destroyed(found))),
        Section("noticed", "What callers notice", tuple(map(_noticed, found.noticed))),
        Section("reasons", "Refused because", tuple(map(Item, found.reasons))),
        Section("findings", "Findings", tuple(map(_finding, found.findings))),
        Section("changes", "Changes", tuple(map(_cluster, found.clusters))),
        Section("unverified", "Not verified before the apply", tuple(map(Item, found.unverified))),
        Section("waived", "Waived", tuple(_waived(found)), is_folded=True),
    )
    return tuple(each for each in told if each.items)


def _access(found: Review) -> Iterator[Item]:
    if not found.access:
        yield Item("nobody gains or loses anything")
    yield from (Item(each.text, each.kind) for each in found.access)


def _destroyed(found: Review) -> Iterator[Item]:
    for each in found.destroyed:
        yield Item(f"{each.stack}: {each.address}", each.kind)


def _noticed(each: Noticed) -> Item:
    kind = "breaking" if each.is_breaking else "noticed"
    return Item(f"{each.stack}: {each.sentence}", kind, each.location)


def _finding(each: Finding) -> Item:
    text = f"{each.severity}: {each.stack}: {each.sentence} [{each.rule.id}]"
    return Item(text, each.severity, each.location, (f"remedy: {each.remedy}",))


def _waived(found: Review) -> Iterator[Item]:
    for each in found.waived:
        item = _finding(each.finding)
        text = f"{item.text}; {each.waiver.reason}, until {each.waiver.until}"
        yield Item(text, "waived", each.finding.location)


def _cluster(each: Cluster) -> Item:
    names = ", ".join(each.stacks[:_MOST_NAMES])
    more = len(each.stacks) - _MOST_NAMES
    names += f" and {more:,} more" if more > 0 else ""
    same = f"{len(each.stacks):,} stacks change in the same way: {names}"
    return Item(same if len(each.stacks) > 1 else names, details=tuple(changes_of(each)))


def changes_of(each: Cluster) -> Iterator[str]:
    """Yield the changes of a group of stacks, one line each."""
    yield from map(change_text, each.changes)


def change_text(change: SameChange) -> str:
    """Return what changes in a resource."""
    what = f"{change.action} {change.address}"
    parts = [f"{one.path} {one.before} → {one.after}" for one in change.attributes]
    return f"{what}: {'; '.join(parts)}" if parts else what


def place_text(place: Location) -> str:
    """Return where a line is, as editors and terminals take it."""
    return f"{place.path}:{place.line}"
