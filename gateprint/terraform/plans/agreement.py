"""Whether planned values agree with approved ones, of which some were not yet known; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Expected:
    """A value and the tree that says which parts of it are not known yet: `after_unknown`."""

    value: Any
    unknown: Any

    @property
    def is_unknown(self) -> bool:
        """Tell whether nothing of it is known."""
        return self.unknown is True

    @property
    def has_unknown(self) -> bool:
        """Tell whether some part of it is not known."""
        return _has_true(self.unknown)

    def member(self, name: str) -> Expected:
        """Return an attribute; Terraform leaves those out of `value` that are not known."""
        value = self.value.get(name, _ABSENT) if isinstance(self.value, Mapping) else _ABSENT
        unknown = self.unknown.get(name, False) if isinstance(self.unknown, Mapping) else False
        return Expected(value, unknown)

    def element(self, index: int) -> Expected:
        """Return an element of a list."""
        is_told = isinstance(self.unknown, list) and index < len(self.unknown)
        return Expected(self.value[index], self.unknown[index] if is_told else False)

    def names(self) -> set[str]:
        """Return the names of the attributes, known or not."""
        unknown = self.unknown if isinstance(self.unknown, Mapping) else {}
        named = {name for name, each in unknown.items() if _has_true(each)}
        return named.union(self.value)


def differences(approved: Expected, fresh: Expected, current: Any, path: str = "") -> Iterator[str]:
    """Yield the paths at which `fresh` is not what was approved.

    What was unknown may be anything; what was known must be the same, and known. `current` is the
    value before the fresh change: an attribute that is not configured counts as equal to the
    empty value that the provider reads for it, as long as nothing changes there.
    """
    if approved.is_unknown:
        return
    if fresh.is_unknown:
        yield path or "the value"
    elif isinstance(approved.value, Mapping) and isinstance(fresh.value, Mapping):
        for name in sorted(approved.names() | fresh.names()):
            below = f"{path}.{name}" if path else name
            now = current.get(name, _ABSENT) if isinstance(current, Mapping) else _ABSENT
            yield from differences(approved.member(name), fresh.member(name), now, below)
    elif isinstance(approved.value, list) and isinstance(fresh.value, list):
        yield from _in_lists(approved, fresh, current, path)
    elif not _is_same(approved.value, fresh.value) and not _is_unset(approved, fresh, current):
        yield path or "the value"


def _in_lists(approved: Expected, fresh: Expected, current: Any, path: str) -> Iterator[str]:
    if len(approved.value) != len(fresh.value):
        yield path or "the value"
        return
    found = [
        each
        for index in range(len(fresh.value))
        for each in differences(
            approved.element(index), fresh.element(index), _at(current, index), f"{path}[{index}]"
        )
    ]
    # Terraform orders the elements of a set by their values: those that were unknown move.
    if found and not (approved.has_unknown and _is_rearranged(approved, fresh)):
        yield from found


def _is_rearranged(approved: Expected, fresh: Expected) -> bool:
    """Tell whether each approved element has one of its own that agrees (Kuhn's algorithm)."""
    partner: dict[int, int] = {}

    def place(index: int, seen: set[int]) -> bool:
        for other in range(len(fresh.value)):
            if other in seen or any(
                differences(approved.element(index), fresh.element(other), _ABSENT)
            ):
                continue
            seen.add(other)
            if other not in partner or place(partner[other], seen):
                partner[other] = index
                return True
        return False

    return all(place(index, set()) for index in range(len(approved.value)))


def _is_unset(approved: Expected, fresh: Expected, current: Any) -> bool:
    is_empty = fresh.value in ("", 0, False, [], {})
    return approved.value is None and is_empty and _is_same(current, fresh.value)


def _is_same(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left == right or _is_same_json(left, right)
    # True is 1 in Python.
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _is_same_json(left: str, right: str) -> bool:
    """Tell whether two texts are the same JSON document: AWS may return a policy rewritten."""
    if not (left[:1] in ("{", "[") and right[:1] in ("{", "[")):
        return False
    try:
        return bool(_strict_json(left) == _strict_json(right))
    except ValueError:
        return False


def _strict_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_without_repetition, parse_int=str, parse_float=str)


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that occurs twice: programs differ in which one they take."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _at(current: Any, index: int) -> Any:
    return current[index] if isinstance(current, list) and index < len(current) else _ABSENT


def _has_true(tree: Any) -> bool:
    if isinstance(tree, Mapping):
        return any(_has_true(each) for each in tree.values())
    if isinstance(tree, list):
        return any(_has_true(each) for each in tree)
    return tree is True
