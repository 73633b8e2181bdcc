"""Says where a text stops being YAML, and why, in words for people who never saw a parser; pure.

A parser notices a mistake late, often on the next line: the lines around it tell more than its
message does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_ALIKE = "indent both alike"
# What stands further right in a line is not looked at.
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A place, counted from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Where and why a text is not YAML: `length` is in characters, from 1."""

    mark: Mark
    problem: str
    remedy: str
    length: int = 1


def find_fault(lines: Sequence[str], error: Any) -> Fault:
    """Return what is to be said of a `yaml.YAMLError`."""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    begun, mark = _mark(error, "context_mark"), _mark(error, "problem_mark") or Mark(0, 0)
    if _is_at_end(lines, mark):
        # There nothing is to be seen; this is what was begun, or the last of it.
        mark = _last(lines) if begun is None or _is_at_end(lines, begun) else begun
    text = _Text(lines, mark, begun or mark)
    found = text.obvious()
    for pattern, explain in _EXPLANATIONS:
        if found is None and re.search(pattern, problem):
            found = explain(text)
    remedy = "check the indentation, the colons and the quotes here and on the line above"
    return found or Fault(mark, f"this is not YAML: {problem}", remedy)


def _is_at_end(lines: Sequence[str], mark: Mark) -> bool:
    return not "".join(lines[mark.line :]).strip()


def _last(lines: Sequence[str]) -> Mark:
    line = next((each for each in reversed(range(len(lines))) if lines[each].strip()), 0)
    return Mark(line, max(0, len(lines[line].rstrip()) - 1))


def _mark(error: Any, name: str) -> Mark | None:
    found = getattr(error, name, None)
    return Mark(found.line, found.column) if found else None


@dataclass(frozen=True, slots=True)
class _Text:
    """The lines, where the parser stopped, and where that began which it could not finish."""

    lines: Sequence[str]
    mark: Mark
    begun: Mark

    @property
    def line(self) -> str:
        return self.lines[self.mark.line][:_LONGEST] if self.mark.line < len(self.lines) else ""

    def obvious(self) -> Fault | None:
        """Return what the line itself shows, whatever the parser says of it."""
        if re.match(r" *\t", self.line):
            remedy = "indent with spaces: YAML takes no tabs there"
            return Fault(self.mark, "the line is indented with a tab", remedy)
        if re.search(r"[\[,{][^\"']*/\{", self.line):
            remedy = 'quote a route with a parameter inside [ ] or { }, such as "GET /pets/{id}"'
            return Fault(self.mark, "a route with a parameter is not in quotes", remedy)
        return None

    def second_colon(self) -> Fault | None:
        if found := re.match(r"\s*(?:- )?([^:]+): ", self.line[: self.mark.column]):
            problem = "a second colon stands in this line"
            name = found[1].strip()
            return Fault(self.mark, problem, f'put what follows "{name}: " in quotes')
        above = self._above(self.mark.line)
        if above is None:
            return None
        return self._no_colon(above) or self._indented_further(above)

    def _no_colon(self, above: int) -> Fault | None:
        text = self._bare(above).strip()
        if re.search(r":( |$)", text):
            return None
        column = self._indent(above)
        mark, length = Mark(above, column), len(text)
        if ":" in text:
            problem, remedy = "no space follows the colon", text.replace(":", ": ", 1)
        elif self._indent(self.mark.line) > column:
            problem, remedy = "a colon is missing at the end of this line", f"{text}:"
        else:
            name, _, value = text.partition(" ")
            problem, remedy = "a colon is missing in this line", f"{name}: {value}".rstrip()
        return Fault(mark, problem, f"write {remedy}", length)

    def _indented_further(self, above: int) -> Fault | None:
        here = Mark(self.mark.line, self._indent(self.mark.line))
        if self._indent(above) >= here.column:
            return None
        problem = f"this line is indented further than line {above + 1}, which has a value already"
        return Fault(here, problem, _ALIKE, self.mark.column - here.column)

    def no_key(self) -> Fault:
        before = self.line[: self.mark.column].rstrip()
        if before[-1:] in {"'", '"'} and re.search(r":\s+['\"]", before):
            place = Mark(self.mark.line, len(before) - 1)
            remedy = "write '' for an apostrophe within ' ', or put the whole text in \" \""
            return Fault(place, "the quoted text ends here, and yet more follows", remedy)
        return self._not_alike(self.mark, self._level() or self.begun)

    def _level(self) -> Mark | None:
        """Return the first line of the deeper level above, where there is one."""
        found, above = None, self._above(self.mark.line)
        while above is not None and self._indent(above) > self.mark.column:
            found, above = Mark(above, self._indent(above)), self._above(above)
        return found

    def _not_alike(self, here: Mark, there: Mark) -> Fault:
        word = re.split(r":(?: |$)", self.lines[there.line][there.column :])[0].strip()
        problem = (
            f"this line is indented by {here.column} spaces, "
            f'"{word}" in line {there.line + 1} by {there.column}'
        )
        return Fault(here, problem, _ALIKE)

    def no_dash(self) -> Fault:
        remedy = 'begin it with "- ", or indent it like the fields of the entry above'
        return Fault(self.mark, 'this line stands where entries begin, without "- "', remedy)

    def no_name(self) -> Fault:
        remedy = 'begin it with "- ", or write name: value'
        length = len(self._bare(self.begun.line).strip())
        return Fault(self.begun, "this line has neither a dash nor a colon", remedy, length)

    def open_bracket(self) -> Fault:
        opening = self.lines[self.begun.line][self.begun.column :][:1]
        closing = {"[": "]", "{": "}"}.get(opening, opening)
        remedy = f"write a comma between the entries, and {closing} at the end"
        if self.mark.line == self.begun.line:
            return Fault(self.mark, f"a comma or {closing} is missing", remedy)
        problem = f"{opening} opens here; a comma or {closing} is missing before line"
        return Fault(self.begun, f"{problem} {self.mark.line + 1}", remedy)

    def no_value(self) -> Fault | None:
        if self.mark != _last(self.lines):
            return None
        remedy = "close every [ with ] and every { with }"
        return Fault(self.mark, "the file ends within a list or mapping in brackets", remedy)

    def open_quote(self) -> Fault:
        opening = self.lines[self.begun.line][self.begun.column :][:1]
        return Fault(
            self.begun, f"{opening} opens here and is never closed", f"close it: {opening}"
        )

    def odd_beginning(self) -> Fault:
        place = self.begun if self.begun.line == self.mark.line else self.mark
        sign = self.lines[place.line][place.column :][:1]
        problem, remedy = f"a text cannot begin with {sign}", "put it in quotes"
        return Fault(place, problem, remedy)

    def _bare(self, line: int) -> str:
        """Return a line without its comment."""
        return re.sub(r"(^|\s)#.*", "", self.lines[line][:_LONGEST]).rstrip()

    def _indent(self, line: int) -> int:
        return len(self.lines[line]) - len(self.lines[line].lstrip(" "))

    def _above(self, line: int) -> int | None:
        """Return the nearest line above that is neither blank nor a comment."""
        return next((each for each in range(line - 1, -1, -1) if self._bare(each).strip()), None)


# What libyaml says, and what it means.
_EXPLANATIONS: tuple[tuple[str, Callable[[_Text], Fault | None]], ...] = (
    ("mapping values are not allowed", _Text.second_colon),
    ("could not find expected ':'", _Text.no_name),
    ("did not find expected key", _Text.no_key),
    ("did not find expected '-' indicator", _Text.no_dash),
    ("expected ',' or", _Text.open_bracket),
    ("did not find expected node content", _Text.no_value),
    ("unexpected end of stream", _Text.open_quote),
    ("alphabetic or numeric character|cannot start any token", _Text.odd_beginning),
)
