"""The methods of texts, lists and maps that a mapping template may call: those of Java; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_GROUP = re.compile(r"\\(.)|\$(\d)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a map, as `entrySet` has it."""

    key: Any
    value: Any


@lru_cache(maxsize=1024)
def pattern(text: str) -> re.Pattern[str] | None:
    """Return a Java pattern as one of Python; None where Python has none like it."""
    # Java's \Z and possessive signs, and its classes' intersections, mean something else here.
    if any(each in text for each in (r"\Z", r"\G", r"\h", r"\R", "&&", "(?<", "\\Q", r"\p")):
        return None
    try:
        return re.compile(text, re.ASCII)
    except re.error:
        return None


def _matched(text: str) -> re.Pattern[str]:
    found = pattern(text)
    if found is None:
        raise ValueError(f"the pattern {text} is not served")
    return found


def _replacement(text: str) -> Callable[[re.Match[str]], str]:
    """Read `$1` and backslashes as Java's Matcher.appendReplacement does."""

    def replace(match: re.Match[str]) -> str:
        return _GROUP.sub(lambda part: part[1] or match[int(part[2])] or "", text)

    return replace


def _substring(text: str, start: int, end: int | None = None) -> str:
    last = len(text) if end is None else end
    if not 0 <= start <= last <= len(text):
        raise IndexError("substring is out of range")
    return text[start:last]


def _split(text: str, separator: str) -> list[str]:
    parts = _matched(separator).split(text)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


_TEXT: Mapping[str, Callable[..., Any]] = {
    "concat": lambda text, other: text + other,
    "contains": lambda text, other: other in text,
    "endsWith": lambda text, other: text.endswith(other),
    "equals": lambda text, other: text == other,
    "equalsIgnoreCase": lambda text, other: text.lower() == str(other).lower(),
    "indexOf": lambda text, other: text.find(other),
    "isEmpty": lambda text: not text,
    "length": len,
    "matches": lambda text, wanted: _matched(wanted).fullmatch(text) is not None,
    "replace": lambda text, old, new: text.replace(old, new),
    "replaceAll": lambda text, old, new: _matched(old).sub(_replacement(new), text),
    "split": _split,
    "startsWith": lambda text, other: text.startswith(other),
    "substring": _substring,
    "toLowerCase": lambda text: text.lower(),
    "toString": lambda text: text,
    "toUpperCase": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
}
_LIST: Mapping[str, Callable[..., Any]] = {
    "add": lambda items, item: items.append(item) is None,
    "contains": lambda items, item: item in items,
    "get": lambda items, index: items[index],
    "isEmpty": lambda items: not items,
    "size": len,
}
_MAP: Mapping[str, Callable[..., Any]] = {
    "containsKey": lambda entries, key: key in entries,
    "entrySet": lambda entries: [Entry(*each) for each in entries.items()],
    "get": lambda entries, key: entries.get(key),
    "isEmpty": lambda entries: not entries,
    "keySet": list,
    "put": lambda entries, key, value: entries.update({key: value}) or "",
    "size": len,
    "values": lambda entries: list(entries.values()),
}
_NUMBER: Mapping[str, Callable[..., Any]] = {
    "equals": lambda number, other: number == other,
    "toString": str,
}
_ENTRY: Mapping[str, Callable[..., Any]] = {
    "getKey": lambda entry: entry.key,
    "getValue": lambda entry: entry.value,
}
_BY_TYPE = (
    (str, _TEXT),
    (list, _LIST),
    (Mapping, _MAP),
    ((int, float), _NUMBER),
    (Entry, _ENTRY),
)
METHODS = frozenset({*_TEXT, *_LIST, *_MAP, *_NUMBER, *_ENTRY})
TAKING_PATTERN = frozenset({"matches", "replaceAll", "split"})


def call(value: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    """Call a method of a value.

    Raises:
        ValueError, TypeError, IndexError: the value has no such method, or not so.
    """
    for kind, methods in _BY_TYPE:
        if isinstance(value, kind):
            if name in methods:
                return methods[name](value, *arguments)
            break
    raise TypeError(f"{type(value).__name__} has no method {name}")
