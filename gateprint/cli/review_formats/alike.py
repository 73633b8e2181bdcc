"""How the stacks of a review change: what most have in common, outliers, and all others; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gateprint.cli.review_formats.parts import Fold, Item, Line, Text
from gateprint.errors import Location
from gateprint.model.words import shortened
from gateprint.review.attributes import AttributeChange
from gateprint.review.clusters import Cluster, Difference, SameChange

_MOST_FACTS = 5
_MOST_NAMES = 6
_MOST_CHANGES = 4
_MOST_DIFFERENCES = 8
_NAMES_IN_LINE = 10
# Of all groups together: a report on many stacks that change in many ways has to stay light.
_MOST_FOLDED = 2_400
_LEAST_FOLDED = 8


def group_facts(clusters: Sequence[Cluster]) -> Iterator[Line]:
    """Yield how the stacks change, in as few lines as name the outliers."""
    total = _number(clusters)
    for number, each in enumerate(clusters[:_MOST_FACTS]):
        text = _fact_by_names(each) if number else _fact(each, total)
        yield Line(text, label="outlier" if each.difference else "changes")
    rest = clusters[_MOST_FACTS:]
    if rest:
        names = named([stack for each in rest for stack in each.stacks])
        yield Line((f"{_number(rest):,} in other ways: ", *names[1:]), label="changes")


def _fact(each: Cluster, total: int) -> Text:
    if len(each.stacks) == 1:
        return _fact_by_names(each)
    return (f"{_share(each, total)} in the same way: {shortened(_summary(each))}",)


def _fact_by_names(each: Cluster) -> Text:
    names = each.stacks[:_MOST_NAMES]
    more = len(each.stacks) - len(names)
    rest = f" and {more:,} more" if more else ""
    return (*joined(names), f"{rest}: {shortened(_summary(each))}")


def group_items(clusters: Sequence[Cluster]) -> Iterator[Item]:
    """Yield each group of stacks: one example of it, or how it differs from the greatest."""
    total = _number(clusters)
    most = max(_LEAST_FOLDED, _MOST_FOLDED // max(1, len(clusters)))
    for each in clusters:
        below = tuple(_below(each))
        yield Item(Line(_head(each, total)), below, _fold(each, most))


def _head(each: Cluster, total: int) -> Text:
    if len(each.stacks) == 1:
        return ("", each.example, f": {_summary(each)}")
    return (f"{_share(each, total)} change in the same way: {_summary(each)}",)


def _below(each: Cluster) -> Iterator[Line]:
    if len(each.stacks) > 1:
        yield Line(named(each.stacks), label="stacks")
    if each.difference is not None:
        yield from _difference(each, each.difference)
        return
    yield from _changes(each, _MOST_CHANGES)


def _difference(each: Cluster, found: Difference) -> Iterator[Line]:
    """Yield what an outlier does beside or instead of what the others do, and what it does not."""
    yield Line(("", found.example), label="compared with")
    lines = [*_done(each, found), *_not_done(found)]
    yield from lines[:_MOST_DIFFERENCES]
    yield from _more(len(lines), _MOST_DIFFERENCES, "differences")


def _done(each: Cluster, found: Difference) -> Iterator[Line]:
    """Yield what it does; of a resource that both change, the attributes that differ."""
    origins = {_place(one): origin for one, origin in _with_origins(each)}
    others = {_place(one): one.attributes for one in found.less}
    for change in found.more:
        other = others.get(_place(change))
        if other is None or change.attributes:
            is_instead = bool(_paths(change.attributes) & _paths(other or ()))
            kind = "instead" if is_instead else "also"
            yield Line(_said(change, other or ()), kind, kind, origins.get(_place(change)))


def _not_done(found: Difference) -> Iterator[Line]:
    own = {_place(one): _paths(one.attributes) for one in found.more}
    for change in found.less:
        paths = own.get(_place(change))
        if paths is None:
            yield Line(_said(change), "without", "without")
            continue
        left = tuple(each for each in change.attributes if each.path not in paths)
        if left:
            yield Line(_said(replace(change, attributes=left)), "without", "without")


def _paths(attributes: Iterable[AttributeChange]) -> set[str]:
    return {each.path for each in attributes}


def _place(change: SameChange) -> tuple[str, str]:
    return change.action, change.address


def _fold(each: Cluster, most: int) -> Fold | None:
    """Return all changes and stacks, unless they are shown already."""
    shown = each.difference.more if each.difference else each.changes[:_MOST_CHANGES]
    has_more = len(each.changes) > len(shown)
    lines = tuple(_changes(each, most)) if has_more else ()
    if len(each.stacks) > _MOST_NAMES:
        lines += tuple(_stacks(each.stacks))
    title = _title(each) if has_more else f"all {len(each.stacks):,} stacks"
    return Fold(title, lines) if lines else None


def _title(each: Cluster) -> str:
    number = f"{len(each.changes):,} {'change' if len(each.changes) == 1 else 'changes'}"
    whose = each.example if len(each.stacks) == 1 else f"{len(each.stacks):,} stacks"
    return f"{number} of {whose}"


def _stacks(stacks: Sequence[str]) -> Iterator[Line]:
    for start in range(0, len(stacks), _NAMES_IN_LINE):
        names = stacks[start : start + _NAMES_IN_LINE]
        yield Line(joined(names), label="" if start else "stacks")


def _changes(each: Cluster, most: int) -> Iterator[Line]:
    for change, origin in _with_origins(each)[:most]:
        yield Line(_said(change), change.action, change.action, origin)
    yield from _more(len(each.changes), most, "changes")


def _with_origins(each: Cluster) -> list[tuple[SameChange, Location | None]]:
    """Return each change and its line; None where that is not known."""
    missing = len(each.changes) - len(each.origins)
    return list(zip(each.changes, (*each.origins, *([None] * missing)), strict=False))


def _said(change: SameChange, others: Iterable[AttributeChange] = ()) -> Text:
    """Return address and attributes, which are names; the action is the line's label.

    `others` are what the same attributes become elsewhere.
    """
    elsewhere = {each.path: each.after for each in others}
    parts = ["", change.address]
    for number, each in enumerate(change.attributes):
        parts += ["; " if number else ": ", each.path, " ", each.before, " → ", each.after]
        if each.path in elsewhere:
            parts += [" instead of ", elsewhere[each.path]]
    return tuple(parts)


def _summary(each: Cluster) -> str:
    if each.summary:
        return each.summary
    actions = Counter(change.action for change in each.changes)
    told = [f"{number:,} × {action}" for action, number in sorted(actions.items())]
    return ", ".join(told) or "nothing"


def _share(each: Cluster, total: int) -> str:
    number = len(each.stacks)
    return f"all {number:,} stacks" if number == total else f"{number:,} of {total:,} stacks"


def named(names: Sequence[str], most: int = _MOST_NAMES) -> Text:
    """Return names as a text, of many the first ones."""
    more = len(names) - most
    return (*joined(names[:most]), *([f" and {more:,} more"] if more > 0 else []))


def joined(names: Iterable[str]) -> Text:
    """Return names with commas between them."""
    parts: list[str] = []
    for each in names:
        parts += [", " if parts else "", each]
    return tuple(parts)


def _more(number: int, most: int, what: str) -> Iterator[Line]:
    if number > most:
        yield Line((f"and {number - most:,} more {what}",))


def _number(clusters: Iterable[Cluster]) -> int:
    return sum(len(each.stacks) for each in clusters)
