"""A YAML document as plain data that remembers the line and column of every key and value; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gateprint.errors import Diagnostic, Location

KeyPath = tuple[str | int, ...]
# Nobody reads more of one file; beyond them the rest is counted, or left unread.
MOST_PROBLEMS = 100


class Scalar(str):
    """A YAML scalar as written: text first, a number or boolean only where the schema wants one.

    `quoted` tells `"123"` from `123`.
    """

    __slots__ = ("quoted",)
    quoted: bool

    def __new__(cls, text: str, *, quoted: bool) -> Scalar:
        """Return the text, remembering whether it was quoted."""
        scalar = super().__new__(cls, text)
        scalar.quoted = quoted
        return scalar


class Span(NamedTuple):
    """Line and column counted from 0, and a length in characters."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its data (dicts, lists, `Scalar`, None), and where each of them stands."""

    path: str
    data: Any
    lines: tuple[str, ...] = ()
    values: Mapping[KeyPath, Span] = field(default_factory=dict)
    keys: Mapping[KeyPath, Span] = field(default_factory=dict)

    def get(self, *path: str | int) -> Any:
        """Return the data at `path`, or None where there is nothing."""
        data = self.data
        for step in path:
            if isinstance(data, dict):
                data = data.get(step)
            elif isinstance(data, list) and isinstance(step, int) and step < len(data):
                data = data[step]
            else:
                return None
        return data

    def mapping(self, *path: str | int) -> Mapping[str, Any]:
        """Return the mapping at `path`; empty where there is something else, or nothing."""
        found = self.get(*path)
        return found if isinstance(found, dict) else {}

    def sequence(self, *path: str | int) -> Sequence[Any]:
        """Return the list at `path`; empty where there is something else, or nothing."""
        found = self.get(*path)
        return found if isinstance(found, list) else ()

    def text(self, *path: str | int) -> str | None:
        """Return the scalar at `path`; None where there is something else, or nothing."""
        found = self.get(*path)
        return str(found) if isinstance(found, str) else None

    def locate(self, path: KeyPath, *, key: bool = False) -> Location:
        """Return the place of the value (or of its key) at `path`, or of its nearest parent."""
        for spans in (self.keys, self.values) if key else (self.values, self.keys):
            if path in spans:
                return self._location(spans[path])
        return self.locate(path[:-1], key=True) if path else self._location(Span(0, 0))

    def reject(
        self, path: KeyPath, code: str, problem: str, remedy: str, *, key: bool = False
    ) -> Diagnostic:
        """Return an error at the value of `path`, or at its key."""
        return Diagnostic(self.locate(path, key=key), code, problem, remedy)

    def warn(
        self, path: KeyPath, code: str, problem: str, remedy: str, *, key: bool = False
    ) -> Diagnostic:
        """Return a warning at the value of `path`, or at its key."""
        return Diagnostic(self.locate(path, key=key), code, problem, remedy, "warning")

    def _location(self, span: Span) -> Location:
        line = self.lines[span.line] if span.line < len(self.lines) else ""
        return Location(self.path, span.line + 1, span.column + 1, span.length, line)


def walk(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str, bool]]:
    """Yield (path, text, is_key) for every key and scalar below `data`."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key), key, True
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, (*path, index))
    elif isinstance(data, str):
        yield path, data, False


def empty_values(data: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the path of every key and list item below `data` that has nothing behind it."""
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    for step, value in items:
        if value is None:
            yield (*path, step)
        yield from empty_values(value, (*path, step))
