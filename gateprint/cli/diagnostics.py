"""Diagnostics as text, JSON, GitHub annotations and SARIF; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from gateprint import __version__
from gateprint.errors import Diagnostic

# Control characters, and the marks that turn the direction of writing.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_LONGEST_TEXT = 1_000
_LONGEST_LINE = 200
FORMATS = ("text", "json", "github", "sarif")


def render(diagnostics: Sequence[Diagnostic], form: str) -> str:
    """Return the diagnostics in one of `FORMATS`."""
    renderers = {"text": _text, "json": _json, "github": _github, "sarif": _sarif}
    return renderers[form](diagnostics)


def _text(diagnostics: Sequence[Diagnostic]) -> str:
    blocks = [_block(each) for each in diagnostics]
    count = len(diagnostics)
    return "\n\n".join([*blocks, f"{count} problem{'s' if count != 1 else ''}"]) if count else ""


def _block(one: Diagnostic) -> str:
    where = one.location
    place = f"{where.path}:{where.line}:{where.column}"
    head = _printable(f"{place}: error: {one.problem} [{one.code}]")
    fix = _printable(f"      = fix: {one.remedy}")
    if not where.source_line.strip():
        return f"{head}\n{fix}"
    line, column = _window(where.source_line, where.column - 1)
    before = line[:column]
    # A tab in the margin keeps the caret below its value.
    margin = "".join("\t" if each == "\t" else " " for each in before)
    carets = "^" * max(1, min(where.length, len(line) - len(before)))
    return f"{head}\n{where.line:>5} | {line}\n      | {margin}{carets}\n{fix}"


def _printable(text: str) -> str:
    """Escape what would move the cursor, and shorten what nobody would read."""
    shown = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return shown if len(shown) <= _LONGEST_TEXT else shown[:_LONGEST_TEXT] + "…"


def _window(line: str, column: int) -> tuple[str, int]:
    """Return the part of a long line around a column, and the column in it."""
    if len(line) <= _LONGEST_LINE:
        return line, column
    start = max(0, column - _LONGEST_LINE // 2)
    return line[start : start + _LONGEST_LINE], column - start


def _json(diagnostics: Sequence[Diagnostic]) -> str:
    rows = [
        {
            "code": each.code,
            "path": each.location.path,
            "line": each.location.line,
            "column": each.location.column,
            "problem": each.problem,
            "remedy": each.remedy,
        }
        for each in diagnostics
    ]
    return json.dumps({"diagnostics": rows}, indent=2, ensure_ascii=False)


def _github(diagnostics: Sequence[Diagnostic]) -> str:
    return "\n".join(_annotation(each) for each in diagnostics)


def _annotation(one: Diagnostic) -> str:
    where = one.location
    place = f"file={_property(where.path)},line={where.line},col={where.column}"
    message = f"{one.problem}\nfix: {one.remedy}"
    return f"::error {place},title={_property(one.code)}::{_escaped(message)}"


def _escaped(text: str) -> str:
    """Escape what would end a workflow command (GitHub's toolkit does the same)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(diagnostics: Sequence[Diagnostic]) -> str:
    codes = sorted({each.code for each in diagnostics})
    driver = {
        "name": "gateprint",
        "version": __version__,
        "rules": [{"id": code} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in diagnostics],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps(
        {"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False
    )


def _result(one: Diagnostic) -> dict[str, Any]:
    where = one.location
    region = {
        "startLine": where.line,
        "startColumn": where.column,
        "endColumn": where.column + where.length,
    }
    place = {"artifactLocation": {"uri": quote(PurePath(where.path).as_posix())}, "region": region}
    return {
        "ruleId": one.code,
        "level": "error",
        "message": {"text": f"{one.problem}. Fix: {one.remedy}."},
        "locations": [{"physicalLocation": place}],
    }
