"""The review for a terminal: sections of lines that hang below their marks; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

import click

from gateprint.cli.review_formats.parts import (
    ACTIONS,
    MARKS,
    Fold,
    Item,
    Line,
    Report,
    Section,
    place_text,
)
from gateprint.cli.review_formats.sections import report_of
from gateprint.cli.text import terminal_width, visible
from gateprint.cli.wrapping import WIDTH, hanging
from gateprint.review.finding import SEVERITIES
from gateprint.review.review import Review

_MOST_FOLDS = 20
_MOST_FOLDED = 12
_WHOLE = "--format html has them"
_LABEL = 11
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "public": {"fg": "magenta", "bold": True},
    "gain": {"fg": "green"},
    "loss": {"fg": "red"},
    "sign-in": {"fg": "cyan"},
    "destroyed": {"fg": "red", "bold": True},
    "breaking": {"fg": "red", "bold": True},
    "critical": {"fg": "red", "bold": True},
    "high": {"fg": "red"},
    "medium": {"fg": "yellow"},
    "low": {"fg": "cyan"},
    "refused": {"fg": "red", "bold": True},
    "passed": {"fg": "green", "bold": True},
    "title": {"bold": True},
}


@dataclass(frozen=True, slots=True)
class Look:
    """How wide the lines are, whether colours help to read them, and where the run lies."""

    width: int = WIDTH
    is_coloured: bool = False
    folder: str = "RUN"

    def __call__(self, text: str, kind: str) -> str:
        """Return a text in the colour of its kind."""
        style = _STYLES.get(kind) if self.is_coloured else None
        return click.style(text, **style) if style and text else text


def look_of(stream: TextIO, environ: Mapping[str, str], folder: str = "RUN") -> Look:
    """Return the look for a stream: colours on a terminal, unless NO_COLOR is set to anything."""
    width = terminal_width(stream)
    is_coloured = width is not None and not environ.get("NO_COLOR")
    return Look(min(width or WIDTH, 100), is_coloured, visible(folder))


def review_text(found: Review, look: Look = Look()) -> str:
    """Return the report for a terminal."""
    report = report_of(found)
    parts = [_head(report, look), *(_section(each, look) for each in report.sections)]
    parts += _details(report, look)
    if report.ways_out:
        parts.append(hanging(f"= fix: {report.ways_out}", " " * 6, " " * 13, look.width))
    elif not found.is_offline:
        parts.append(hanging(f"apply it: gateprint apply {look.folder}", width=look.width))
    return "\n\n".join(parts)


def _head(report: Report, look: Look) -> str:
    verdict, colon, rest = hanging(report.headline, "", "  ", look.width).partition(":")
    kind = "refused" if report.is_refused else "passed"
    facts = (_fact(each, look) for each in report.facts)
    return "\n".join([look(verdict, kind) + colon + rest, *facts])


def _fact(line: Line, look: Look) -> str:
    lead = f"{line.label:<{_LABEL}}"
    return _told("".join(line.text), ("  ", lead), " " * (_LABEL + 2), line.kind, look)


def _section(section: Section, look: Look) -> str:
    items = (line for item in section.items for line in _item(item, look))
    return "\n".join([look(section.title, "title"), *items])


def _item(item: Item, look: Look) -> Iterator[str]:
    yield _line(item.head, "  ", look)
    if item.head.place:
        place = f"{place_text(item.head.place)}:{item.head.place.column}"
        yield hanging(place, "    ", "    ", look.width)
    for each in item.below:
        where = f" ({place_text(each.place)})" if each.place else ""
        yield _line(each, "    ", look, where)


def _line(line: Line, indent: str, look: Look, end: str = "") -> str:
    """Return a line behind its sign, or the label that says as much, and with its tag."""
    tag = f" [{line.tag}]" if line.tag else ""
    text = "".join(line.text) + tag + end
    return _told(text, (indent, _lead(line)), f"{indent}  ", line.kind, look)


def _lead(line: Line) -> str:
    """Return what stands before a text; an address is known by its form."""
    sign = (
        MARKS[line.kind].sign + " " if line.kind in MARKS and line.label not in SEVERITIES else ""
    )
    if not line.label or line.label == "at":
        return sign
    return f"{sign}{line.label} " if line.kind in ACTIONS else f"{sign}{line.label}: "


def _told(text: str, before: tuple[str, str], rest: str, kind: str, look: Look) -> str:
    """Return a text in lines, what stands before it in colour."""
    indent, lead = before
    first = f"{indent}{lead}"
    lines = hanging(text, first, rest, look.width)
    if not lines.startswith(first):
        return lines
    return f"{indent}{look(lead, kind)}{lines[len(first) :]}"


def _details(report: Report, look: Look) -> Iterator[str]:
    folds = [fold for section in report.sections for fold in section.folds]
    if folds:
        lines = [line for fold in folds[:_MOST_FOLDS] for line in _folded(fold, look)]
        more = len(folds) - _MOST_FOLDS
        lines += [f"  and {more:,} more parts: {_WHOLE}"] if more > 0 else []
        yield "\n".join([look("Details", "title"), *lines])


def _folded(fold: Fold, look: Look) -> Iterator[str]:
    yield hanging(fold.title, "  ", "    ", look.width)
    for each in fold.lines[:_MOST_FOLDED]:
        where = f" ({place_text(each.place)})" if each.place else ""
        yield _line(each, "    ", look, where)
    more = len(fold.lines) - _MOST_FOLDED
    if more > 0:
        yield f"    and {more:,} more lines: {_WHOLE}"
