"""What exactly changes in a resource: attribute by attribute, in short words; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateprint.terraform.plans.plan import ResourceChange

UNKNOWN = "(known after apply)"
NOTHING = "(none)"
_LONGEST = 120


@dataclass(frozen=True, slots=True, order=True)
class AttributeChange:
    """One attribute of a resource: its path, such as `settings[0].throttling_rate_limit`."""

    path: str
    before: str
    after: str


def attribute_changes(change: ResourceChange) -> tuple[AttributeChange, ...]:
    """Return what differs between before and after, by path; sensitive values stay masked.

    Of a resource that is made or destroyed nothing is compared: all of it is new, or gone.
    """
    if change.action not in {"update", "replace"}:
        return ()
    found = _differing("", change.before, change.after, change.after_unknown)
    return tuple(each for each in found if each.after != UNKNOWN or _is_forcing(change, each.path))


def _is_forcing(change: ResourceChange, path: str) -> bool:
    """Tell whether an attribute is why a resource is replaced; all else follows from that."""
    if change.action != "replace":
        return True
    return any(
        each and str(each[0]) == re.split(r"[.\[]", path)[0] for each in change.replace_paths
    )


def _differing(path: str, before: Any, after: Any, unknown: Any) -> Iterator[AttributeChange]:
    if unknown is True:
        yield AttributeChange(path, _shown(before), UNKNOWN)
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        marks = unknown if isinstance(unknown, Mapping) else {}
        for name in sorted({*before, *after, *marks}):
            inner = f"{path}.{name}" if path else name
            yield from _differing(inner, before.get(name), after.get(name), marks.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(path, before, after, unknown)
    elif not _is_same(before, after):
        yield AttributeChange(path, _shown(before), _shown(after))


def _in_lists(
    path: str, before: list[Any], after: list[Any], unknown: Any
) -> Iterator[AttributeChange]:
    if not all(isinstance(each, Mapping) for each in (*before, *after)):
        if before != after:
            yield AttributeChange(path, _shown(before), _shown(after))
        return
    marks = unknown if isinstance(unknown, list) else []
    for index in range(max(len(before), len(after))):
        yield from _differing(
            f"{path}[{index}]", _at(before, index), _at(after, index), _at(marks, index)
        )


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else None


def _is_same(before: Any, after: Any) -> bool:
    """Compare values; texts of JSON by what they mean, and nothing equals an empty value."""
    if before == after or (before in (None, "", [], {}) and after in (None, "", [], {})):
        return True
    if isinstance(before, str) and isinstance(after, str):
        return before[:1] in "{[" and _as_json(before) == _as_json(after) is not None
    return False


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return NOTHING
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
