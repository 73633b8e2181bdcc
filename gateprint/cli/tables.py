"""Tables for a terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from gateprint.cli.pinned import pinned_text
from gateprint.cli.retired import retired_text
from gateprint.cli.sheet import Mark, Overreach, Sheet
from gateprint.cli.text import drawn, terminal_width, visible

# A pipe has no width, but somebody may look at what comes out of it.
_PIPE_WIDTH = 120
_GAP = "   "
# Room for one character of any script.
_NARROWEST = 2
# Where a line may end: before a word, and before a segment of a path.
_PIECE = re.compile(r" *(?:/?[^ /]+|/)")
# The mark "public" or "denied"; and what is enough to read a route that is folded.
_WIDEST_MARK = 6
_READABLE = 24
_NEXT_ROUTE = "\n          "
_LEGEND: dict[Mark, str] = {
    "reach": "allowed, though not granted",
    "denied": "an explicit Deny closes it",
}


def width() -> int:
    """Return how many characters a line of the output has."""
    return terminal_width(sys.stdout) or _PIPE_WIDTH


def draw(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], width: int) -> str:
    """Return a table of at most `width` cells of a terminal, without colour.

    What does not fit is folded. A cell may have several lines. Control characters are escaped.
    """
    # Rich draws tables as well, but takes seconds for a thousand of them.
    body = [[_harmless(cell) for cell in row] for row in rows]
    widths = _fit([max(map(_width, column)) for column in zip(head, *body, strict=True)], width)
    rule = " " + "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    lines = [*_lines(head, widths), rule]
    for row in body:
        lines += _lines(row, widths)
    return "\n".join([*([title] if title else []), *lines])


def _harmless(cell: str) -> str:
    return cell if cell.isascii() and cell.isprintable() else visible(cell, keep="\n")


def _width(cell: str) -> int:
    return max(map(_cells, cell.split("\n"))) if "\n" in cell else _cells(cell)


def _cells(text: str) -> int:
    return len(text) if text.isascii() else len(drawn("-", text))


def _fit(natural: Sequence[int], width: int) -> list[int]:
    """Return the widths of columns: where they do not fit, the widest ones are narrowed."""
    room = width - 1 - len(_GAP) * (len(natural) - 1)
    most = max(natural)
    while most > _NARROWEST and sum(min(each, most) for each in natural) > room:
        most -= 1
    return [min(each, most) for each in natural]


def _lines(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of one row; mostly it is one."""
    folded = (_folded(cell, width) for cell, width in zip(row, widths, strict=True))
    for parts in zip_longest(*folded, fillvalue=""):
        padded = map(_padded, parts, widths)
        yield f" {_GAP.join(padded)}".rstrip()


def _padded(text: str, width: int) -> str:
    return text.ljust(width) if text.isascii() else text + " " * (width - _cells(text))


def _folded(cell: str, width: int) -> Sequence[str]:
    if "\n" not in cell:
        return [cell] if _cells(cell) <= width else list(_fold(cell, width))
    return [part for line in cell.split("\n") for part in _folded(line, width)]


def _fold(line: str, width: int) -> Iterator[str]:
    """Yield parts of a line that fit, each indented as the line is."""
    indent = " " * min(len(line) - len(line.lstrip()), width // 2)
    current = indent
    for piece in _PIECE.findall(line.strip()):
        if current.strip() and _cells(current + piece) > width:
            yield current
            current = indent + piece.lstrip()
        else:
            current += piece
        *whole, current = _chopped(current, width)
        yield from whole
    yield current


def _chopped(text: str, width: int) -> Sequence[str]:
    """Cut a text without a place to fold at."""
    if _cells(text) <= width:
        return [text]
    if text.isascii():
        return [text[start : start + width] for start in range(0, len(text), width)]
    from rich.cells import chop_cells  # noqa: PLC0415 - takes time, and is rarely needed

    return chop_cells(text, width)


def access_tables(sheet: Sheet, width: int) -> Iterator[str]:
    """Yield the matrix of one blueprint, and tables of what no grant explains.

    Of a retired one there is neither, and that is said instead.
    """
    if sheet.retired is not None:
        yield retired_text(sheet.retired, width)
    if sheet.lines:
        yield _matrix(sheet, width)
    if sheet.pinned:
        yield pinned_text(sheet.pinned, width)
    if sheet.public:
        rows = [
            [sheet.name_of(each.place), ", ".join(each.stages), each.reason]
            for each in sheet.public
        ]
        yield draw("", ["public route", "stages", "because"], rows, width)
    if sheet.tokens:
        rows = [
            [
                sheet.name_of(each.place),
                ", ".join(each.stages),
                each.authorizer,
                each.words(),
            ]
            for each in sheet.tokens
        ]
        yield draw("", ["token route", "stages", "tokens of", "with the scopes"], rows, width)
    if sheet.keys:
        rows = [
            [sheet.name_of(each.place), ", ".join(each.stages), ", ".join(each.plans)]
            for each in sheet.keys
        ]
        yield draw("", ["needs an API key too", "stages", "of the plans"], rows, width)
    if sheet.restricted:
        rows = [
            [each.api, ", ".join(each.addresses), ", ".join(each.networks), each.organization]
            for each in sheet.restricted
        ]
        head = ["API", "only from the addresses", "only through", "only by the organization"]
        yield draw("", head, rows, width)
    if sheet.identities:
        rows = [
            [sheet.name_of(each.place), ", ".join(each.stages), each.issuer, each.claim]
            for each in sheet.identities
        ]
        head = ["with an identity token", "stages", "tokens of", "the session's name is"]
        yield draw("", head, rows, width)
    if sheet.overreach:
        rows = [row for each in sheet.overreach for row in _overreach_rows(sheet, each)]
        yield draw("", ["role", "overreach", "stages"], rows, width)


def _matrix(sheet: Sheet, width: int) -> str:
    """Draw a line per role and route, and say what rare marks mean."""
    is_cramped = _is_cramped(sheet, width)
    head = ["role", "may call", *(["on stages"] if is_cramped else sheet.heads)]
    names = {place: sheet.name_of(place) for place in sheet.places}
    rows = [
        [
            "" if index else line.role,
            names[place],
            *(_by_mark(sheet.heads, marks) if is_cramped else marks),
        ]
        for line in sheet.lines
        for index, (place, marks) in enumerate(line.marks.items())
    ]
    table = draw("", head, rows, width)
    marks = {each.mark for each in sheet.overreach}
    legend = "; ".join(f"{mark}: {said}" for mark, said in _LEGEND.items() if mark in marks)
    return f"{table}\n\n {legend}" if legend else table


def _is_cramped(sheet: Sheet, width: int) -> bool:
    """Tell whether a column per stage would leave the routes too little room to be read."""
    stages = sum(len(_GAP) + max(len(each), _WIDEST_MARK) for each in sheet.heads)
    role = 1 + max(len(line.role) for line in sheet.lines)
    route = max(len(sheet.name_of(place)) for place in sheet.places)
    return width - role - len(_GAP) - stages < min(route, _READABLE)


def _by_mark(stages: Sequence[str], marks: Sequence[Mark]) -> list[str]:
    """Return one cell instead of one per stage: the stages of each mark."""
    found: dict[Mark, list[str]] = {}
    for stage, mark in zip(stages, marks, strict=True):
        found.setdefault(mark, []).append(stage)
    return ["\n".join(f"{mark}: {', '.join(on)}" for mark, on in found.items())]


def _overreach_rows(sheet: Sheet, found: Overreach) -> Iterator[list[str]]:
    """Yield why first, then the routes; what leads to a route stands below it."""
    yield [found.role, f"{found.mark}: {found.reason}", ""]
    for each in found.reached:
        route = f"{sheet.name_of(each.place)}\n  through {_NEXT_ROUTE.join(each.by)}"
        yield ["", route, ", ".join(each.stages)]
