"""Words for lists, places and groups in sentences about access; pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)
T = TypeVar("T")

# Stands before and after what users wrote; no YAML and no ARN holds it.
_MARK = "\0"


def name(text: str) -> str:
    """Mark what a user wrote, so that a report can tell it from our words."""
    return f"{_MARK}{' '.join(text.replace(_MARK, '').split())}{_MARK}"


def parts_of(text: str) -> tuple[str, ...]:
    """Return our words and what users wrote by turns, beginning with our words."""
    return tuple(text.split(_MARK))


def joined(texts: Iterable[str], last: str = "and") -> str:
    """Return "a, b and c"."""
    *front, end = texts
    return f"{', '.join(front)} {last} {end}" if front else end


def names(texts: Iterable[str], last: str = "and") -> str:
    """Return marked names as one list."""
    return joined([name(each) for each in texts], last)


def duration(seconds: int) -> str:
    """Return a duration as blueprints write it."""
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def grouped(items: Iterable[T], key: Callable[[T], K]) -> Mapping[K, list[T]]:
    """Return the items by their key, in the order in which the keys first occur."""
    found: dict[K, list[T]] = {}
    for each in items:
        found.setdefault(key(each), []).append(each)
    return found


def inverted(mapping: Mapping[K, V]) -> Mapping[V, tuple[K, ...]]:
    """Return the keys that have the same value, by that value."""
    found = grouped(mapping.items(), lambda item: item[1])
    return {value: tuple(key for key, _ in items) for value, items in found.items()}


def unique(items: Iterable[K]) -> tuple[K, ...]:
    """Return each item once, in the order in which they first occur."""
    return tuple(dict.fromkeys(items))


def places(api: str, stages: Sequence[tuple[str, str]]) -> str:
    """Return "dev and test of pets (nonprod)" from an API and its (environment, stage)."""
    by_environment = grouped(stages, lambda one: one[0])
    told = {where: names(stage for _, stage in on) for where, on in by_environment.items()}
    known = [(on, names(where)) for on, where in inverted(told).items()]
    if len(known) == 1:
        (on, where), *_ = known
        return f"{on} of {name(api)} ({where})"
    return f"{joined(f'{on} ({where})' for on, where in known)} of {name(api)}"
