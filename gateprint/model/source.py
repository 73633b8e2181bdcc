"""Reads YAML, and nothing that the format leaves out, into a `Document`; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from gateprint.errors import Diagnostic, InputRejected, Location
from gateprint.model.document import MOST_PROBLEMS, Document, KeyPath, Scalar, Span
from gateprint.model.syntax import find_fault

SIZE_LIMIT_BYTES = 1024 * 1024
DEPTH_LIMIT = 40
# An API of 300 path resources with seven methods each has some 10,000 values.
VALUES_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be: bytes of UTF-8, levels, and keys' and items' values."""

    size: int
    depth: int
    values: int


OF_BLUEPRINTS = Limits(SIZE_LIMIT_BYTES, DEPTH_LIMIT, VALUES_LIMIT)

# Lines as YAML 1.1 counts them; str.splitlines would also split at form feeds.
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# YAML 1.1, 5.1: the characters that no document may hold.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: str, text: str, limits: Limits = OF_BLUEPRINTS) -> Document:
    """Parse one YAML document.

    Raises:
        InputRejected: it is not YAML, or uses what the format leaves out (anchors, aliases, merge
            keys, tags, duplicate keys, a second document), or is too large or too deep.
    """
    text = text.removeprefix("\ufeff")
    lines = tuple(_LINE_BREAK.split(text))
    if len(text.encode("utf-8", "surrogatepass")) > limits.size:
        problem = f"the file is larger than {limits.size // 1024} KiB"
        raise InputRejected([Diagnostic(Location(path), "too-large", problem, "split it up")])
    if unprintable := _UNPRINTABLE.search(text):
        raise InputRejected([_unprintable_diagnostic(path, lines, unprintable)])
    builder = _Builder(path, lines, limits)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except _Unreadable:
        pass
    except yaml.YAMLError as error:
        builder.diagnostics.append(_syntax_diagnostic(path, lines, error))
    if builder.diagnostics:
        raise InputRejected(builder.diagnostics)
    return Document(path, builder.root, lines, builder.values, builder.keys)


def _unprintable_diagnostic(path: str, lines: tuple[str, ...], found: re.Match[str]) -> Diagnostic:
    before = _LINE_BREAK.split(found.string[: found.start()])
    # The character itself would reach the reader's terminal.
    shown = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", lines[len(before) - 1])
    where = Location(path, len(before), len(before[-1]) + 1, 1, shown)
    problem = f"the file holds the control character U+{ord(found[0]):04X}"
    return Diagnostic(where, "control-character", problem, "remove it")


def _syntax_diagnostic(path: str, lines: tuple[str, ...], error: yaml.YAMLError) -> Diagnostic:
    fault = find_fault(lines, error)
    line, column = fault.mark.line, fault.mark.column
    text = lines[line] if line < len(lines) else ""
    where = Location(path, line + 1, column + 1, max(1, fault.length), text)
    return Diagnostic(where, "not-yaml", fault.problem, fault.remedy)


class _Unreadable(Exception):
    """The text cannot be read further; the reason is among the builder's diagnostics."""


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is still being read."""

    data: dict[str, Any] | list[Any]
    path: KeyPath
    key: str | None = None


class _Builder:
    """Turns parser events into data; iterative, so that depth never exhausts the stack."""

    def __init__(self, path: str, lines: tuple[str, ...], limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.lines = lines
        self.root: Any = None
        self.values: dict[KeyPath, Span] = {}
        self.keys: dict[KeyPath, Span] = {}
        self.diagnostics: list[Diagnostic] = []
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._reject(
                    event,
                    "second-document",
                    "a second document starts here",
                    "keep one document in a file",
                )
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.ScalarEvent):
            self._check_node(event)
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._enter({}, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._enter([], event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()

    def _alias(self, event: Any) -> None:
        self._reject(event, "alias", f"*{event.anchor} is an alias", "write the value out")
        if self._awaits_key():
            self._open[-1].key = f"*{event.anchor}"
        else:
            self._add(None, event)

    def _enter(self, data: dict[str, Any] | list[Any], event: Any) -> None:
        self._check_node(event)
        if len(self._open) >= self.limits.depth:
            problem = f"this is nested deeper than {self.limits.depth} levels"
            self._reject(event, "too-deep", problem, "no field is that deep: remove the brackets")
            raise _Unreadable
        if self._awaits_key():
            problem = "a key must be text, not a list or a mapping"
            self._reject(event, "wrong-key", problem, "write text before the colon")
            raise _Unreadable
        path = self._add(data, event)
        self._open.append(_Open(data, path))

    def _scalar(self, event: Any) -> None:
        if self._awaits_key():
            self._key(event)
            return
        plain = not event.style
        value = None if plain and event.value == "" else Scalar(event.value, quoted=not plain)
        self._add(value, event)

    def _key(self, event: Any) -> None:
        parent, key = self._open[-1], event.value
        if key == "<<" and not event.style:
            self._reject(event, "merge-key", "<< is a merge key", "write the fields out")
        if isinstance(parent.data, dict) and key in parent.data:
            first = self.keys[(*parent.path, key)].line + 1
            self._reject(
                event,
                "duplicate-key",
                f'"{key}" stands here already, on line {first}',
                "keep one of the two",
            )
        parent.key = key
        self.keys[(*parent.path, key)] = _span(event)

    def _awaits_key(self) -> bool:
        return (
            bool(self._open)
            and isinstance(self._open[-1].data, dict)
            and (self._open[-1].key is None)
        )

    def _add(self, value: Any, event: Any) -> KeyPath:
        path = self._next_path()
        if len(self.values) >= self.limits.values:
            problem = f"the file holds over {self.limits.values:,} values"
            self._reject(event, "too-large", problem, "split it up")
            raise _Unreadable
        self.values[path] = _span(event)
        if not self._open:
            self.root = value
            return path
        parent = self._open[-1]
        if isinstance(parent.data, list):
            parent.data.append(value)
        else:
            parent.data[parent.key or ""] = value
            parent.key = None
        return path

    def _next_path(self) -> KeyPath:
        if not self._open:
            return ()
        parent = self._open[-1]
        last = len(parent.data) if isinstance(parent.data, list) else parent.key or ""
        return (*parent.path, last)

    def _check_node(self, event: Any) -> None:
        if event.anchor is not None:
            self._reject(event, "anchor", f"&{event.anchor} is an anchor", "remove it")
        if getattr(event, "tag", None) is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._reject(event, "tag", f"{tag} is a tag", "remove it")

    def _reject(self, event: Any, code: str, problem: str, remedy: str) -> None:
        span = _span(event)
        line = self.lines[span.line] if span.line < len(self.lines) else ""
        where = Location(self.path, span.line + 1, span.column + 1, span.length, line)
        if len(self.diagnostics) == MOST_PROBLEMS:
            problem, remedy = "the file is not read further", "mend the problems above first"
            self.diagnostics.append(Diagnostic(where, "too-many", problem, remedy))
            raise _Unreadable
        self.diagnostics.append(Diagnostic(where, code, problem, remedy))


def _span(event: Any) -> Span:
    start, end = event.start_mark, event.end_mark
    has_text = isinstance(event, yaml.ScalarEvent | yaml.AliasEvent)
    length = end.column - start.column if has_text and start.line == end.line else 1
    return Span(start.line, start.column, max(1, length))
