"""Diagnostics as text, JSON, GitHub annotations and SARIF; pure."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gateprint.cli.annotations import annotation
from gateprint.cli.text import drawn, visible
from gateprint.errors import Diagnostic
from gateprint.model.secrets import masked

_LONGEST_TEXT = 1_000
_LONGEST_LINE = 200
_SHORTEST_LINE = 40
_AROUND = 8_000
# Line number and bar before a line of the input.
_GUTTER = 8
FORMATS = ("text", "json", "github", "sarif")


def render(diagnostics: Sequence[Diagnostic], form: str, width: int | None = None) -> str:
    """Return the diagnostics in one of `FORMATS`; the secrets of the input are masked.

    `width` is the terminal's, in cells: a wrapped line would lead its caret astray.
    """
    shown = [_without_secrets(each) for each in diagnostics]
    if form == "text":
        longest = _LONGEST_LINE if width is None else max(_SHORTEST_LINE, width - _GUTTER)
        return _writable(_text(shown, min(longest, _LONGEST_LINE)))
    return _writable({"json": _json, "github": _github, "sarif": _sarif}[form](shown))


def _writable(text: str) -> str:
    """Escape what has no UTF-8: bytes of the command line that are no text. JSON reads it back."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _without_secrets(one: Diagnostic) -> Diagnostic:
    return replace(one, problem=masked(one.problem), remedy=masked(one.remedy))


def _text(diagnostics: Sequence[Diagnostic], longest: int) -> str:
    if not diagnostics:
        return ""
    blocks = [_block(each, longest) for each in diagnostics]
    return "\n\n".join([*blocks, counted(diagnostics)])


def counted(diagnostics: Sequence[Diagnostic]) -> str:
    """Return how many there are, such as `2 problems, 1 warning`."""
    errors = sum(each.severity == "error" for each in diagnostics)
    counts = {"problem": errors, "warning": len(diagnostics) - errors}
    return ", ".join(
        f"{count:,} {what}{'s' if count != 1 else ''}" for what, count in counts.items() if count
    )


def _block(one: Diagnostic, longest: int) -> str:
    where = one.location
    place = f"{where.path}:{where.line}:{where.column}"
    head = _printable(f"{place}: {one.severity}: {one.problem} [{one.code}]")
    fix = _printable(f"      = fix: {one.remedy}")
    if not where.source_line.strip():
        return f"{head}\n{fix}"
    # No secret is so long that the wider window cuts it, and the narrow one shows the rest.
    around, column = _window(where.source_line, where.column - 1, _AROUND)
    line, column = _window(masked(around), column, longest)
    ends = (0, column, column + where.length, len(line))
    before, value, after = (
        visible(line[start:end], keep="\t") for start, end in itertools.pairwise(ends)
    )
    margin, carets = drawn(" ", before), drawn("^", value)
    if not carets.strip():
        carets = "^"  # A tab, or nothing of any width: its place is shown.
    number = f"{where.line:>5}"
    gutter = " " * len(number)
    return f"{head}\n{number} | {before}{value}{after}\n{gutter} | {margin}{carets}\n{fix}"


def _printable(text: str) -> str:
    """Escape what would move the cursor, and shorten what nobody would read."""
    shown = visible(text)
    return shown if len(shown) <= _LONGEST_TEXT else shown[:_LONGEST_TEXT] + "…"


def _window(line: str, column: int, longest: int) -> tuple[str, int]:
    """Return the part of a long line around a column, and the column in it."""
    if len(line) <= longest:
        return line, column
    start = max(0, column - longest // 2)
    return line[start : start + longest], column - start


def _json(diagnostics: Sequence[Diagnostic]) -> str:
    rows = {
        "diagnostics": [_row(each) for each in diagnostics if each.severity == "error"],
        "warnings": [_row(each) for each in diagnostics if each.severity == "warning"],
    }
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _row(one: Diagnostic) -> dict[str, Any]:
    return {
        "code": one.code,
        "path": one.location.path,
        "line": one.location.line,
        "column": one.location.column,
        "problem": one.problem,
        "remedy": one.remedy,
    }


def _github(diagnostics: Sequence[Diagnostic]) -> str:
    return "\n".join(_annotation(each) for each in diagnostics)


def _annotation(one: Diagnostic) -> str:
    message = f"{one.problem}\nfix: {one.remedy}"
    return annotation(one.severity, one.code, message, one.location)


def _sarif(diagnostics: Sequence[Diagnostic]) -> str:
    # Imported here: few runs ask for it.
    from gateprint.cli.sarif import sarif  # noqa: PLC0415

    return sarif(diagnostics)
