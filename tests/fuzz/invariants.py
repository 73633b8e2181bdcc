"""What every answer must be, whatever the input was: diagnostics and their renderings; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from rich.cells import cell_len

from gateprint.cli.diagnostics import FORMATS, render
from gateprint.errors import Diagnostic, InputRejected
from tests.support.codes import emitted_codes

# YAML 1.1, 5.4: what ends a line.
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# What moves the cursor, or turns the direction of writing.
_MOVES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_CARETS = re.compile(r" {6,}\| ([\t ]*)\^+")
_LONGEST_ANSWER = 4_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """An invariant that does not hold; `what` is the same for the same cause."""

    what: str
    detail: str = ""


known_codes = cache(emitted_codes)


def check_diagnostics(
    texts: Mapping[str, str], diagnostics: Sequence[Diagnostic]
) -> Iterator[Problem]:
    """Yield what is wrong with diagnostics; `texts` are the files, by their paths."""
    for each in diagnostics:
        for what in _faults(each, texts):
            yield Problem(f"{what} [{each.code}]", repr(each)[:2000])


def _faults(one: Diagnostic, texts: Mapping[str, str]) -> Iterator[str]:
    where = one.location
    if one.code not in known_codes():
        yield "a code that nobody knows"
    if not one.problem.strip() or not one.remedy.strip():
        yield "no problem or no remedy"
    if where.path not in texts:
        return
    lines = _LINE_BREAK.split(texts[where.path].removeprefix("\ufeff"))
    if not 1 <= where.line <= len(lines):
        yield "a line outside the file"
        return
    yield from _faults_in_line(one, lines[where.line - 1])


def _faults_in_line(one: Diagnostic, line: str) -> Iterator[str]:
    where = one.location
    if not 1 <= where.column <= len(line) + 1:
        yield "a column outside the line"
    if where.length < 1 or where.column + where.length > max(len(line) + 1, where.column + 1):
        yield "a caret that leaves the line"
    # A character that no terminal should see stands there as another one.
    if where.source_line not in {"", line} and len(where.source_line) != len(line):
        yield "a source line that is not the file's"


def check_rejection(texts: Mapping[str, str], rejected: InputRejected) -> Iterator[Problem]:
    """Yield what is wrong with a rejection."""
    if not any(each.severity == "error" for each in rejected.diagnostics):
        yield Problem("rejected without an error")
    yield from check_diagnostics(texts, rejected.diagnostics)


def check_renderings(diagnostics: Sequence[Diagnostic]) -> Iterator[Problem]:
    """Yield what is wrong with the diagnostics in any format."""
    rendered = {form: render(diagnostics, form) for form in FORMATS}
    for form, text in rendered.items():
        if not text.strip():
            yield Problem(f"{form}: an empty rendering")
        if len(text) > _LONGEST_ANSWER:
            yield Problem(f"{form}: a rendering that nobody can read", f"{len(text)} characters")
        if _cannot_be_written(text):
            yield Problem(f"{form}: a rendering that is not UTF-8")
    yield from check_text(rendered["text"])
    yield from _check_github(rendered["github"])
    yield from _check_json(rendered["json"])
    yield from _check_sarif(rendered["sarif"])


def _cannot_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def check_text(text: str) -> Iterator[Problem]:
    """Yield what is wrong with the text that a person sees."""
    if moving := _MOVES.search(text):
        yield Problem("text: a character that moves the cursor", f"{moving[0]!r}")
    lines = text.split("\n")
    for above, line in pairwise(lines):
        if (carets := _CARETS.fullmatch(line)) and re.match(r" *\d+ \| ", above):
            yield from _check_carets(above, line, carets)


def _check_carets(above: str, line: str, carets: re.Match[str]) -> Iterator[Problem]:
    if above.index("|") != line.index("|"):
        yield Problem("text: a caret beside its value", f"{above[:200]}\n{line[:200]}")
    # A terminal gives two columns to an ideograph or an emoji; a tab is one sign in both lines.
    columns = cell_len(above.replace("\t", " "))
    if len(line) > max(columns, carets.end(1) + 1):
        yield Problem("text: a caret outside the line", f"{above[:200]}\n{line[:200]}")


def _check_github(text: str) -> Iterator[Problem]:
    odd = [each for each in text.split("\n") if not each.startswith("::")]
    if odd:
        yield Problem("github: a line that is no workflow command", odd[0][:500])
    if "\r" in text:
        yield Problem("github: a carriage return")


def _check_json(text: str) -> Iterator[Problem]:
    fields = {"code", "path", "line", "column", "problem", "remedy"}
    found = json.loads(text)
    rows = [*found["diagnostics"], *found.get("warnings", ())]
    if not rows or any(not fields <= set(each) for each in rows):
        yield Problem("json: not the documented fields", text[:500])


def _check_sarif(text: str) -> Iterator[Problem]:
    results = json.loads(text)["runs"][0]["results"]
    for each in results:
        region = each["locations"][0]["physicalLocation"]["region"]
        # An empty region is a place between two characters (SARIF 2.1.0, 3.30.2).
        if min(region.values()) < 1 or region["endColumn"] < region["startColumn"]:
            yield Problem("sarif: a region that ends before it begins", repr(region))
