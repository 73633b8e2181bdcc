"""What a report is made of, whatever it is written as: sections, items and lines; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gateprint.errors import Location

Text = tuple[str, ...]
"""Words and names by turns, the words first; both may be from outside, and names stand out."""


class Mark(NamedTuple):
    """What tells one line from another without any colour: a sign, and what it means."""

    sign: str
    words: str


MARKS: Mapping[str, Mark] = {
    "public": Mark("!", "open to everybody, or no longer"),
    "gain": Mark("+", "gain"),
    "loss": Mark("−", "loss"),
    "sign-in": Mark("~", "who may assume a role"),
    "destroyed": Mark("−", "destroyed or replaced"),
    "breaking": Mark("!", "breaks calls of today"),
    "noticed": Mark("·", "callers notice it"),
    "critical": Mark("!", "critical"),
    "high": Mark("!", "high"),
    "medium": Mark("·", "medium"),
    "low": Mark("·", "low"),
    "info": Mark("·", "info"),
    "create": Mark("+", "created"),
    "update": Mark("~", "updated"),
    "delete": Mark("−", "destroyed"),
    "replace": Mark("±", "destroyed and made anew"),
    "forget": Mark("·", "no longer managed"),
    "also": Mark("+", "also"),
    "without": Mark("−", "without"),
    "instead": Mark("~", "instead"),
}
"""The lines that have a mark, by their kind."""

ACTIONS = frozenset(
    {"create", "update", "delete", "replace", "forget", "also", "without", "instead"}
)
"""The kinds of lines whose label reads on into the text."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text, what it is (`gain`, `high` …), what stands before it, and its line in a file.

    `tag` is the id that belongs to it, such as that of a rule.
    """

    text: Text
    kind: str = ""
    label: str = ""
    place: Location | None = None
    tag: str = ""

    @property
    def said(self) -> str:
        """Return label and text."""
        text = "".join(self.text)
        return f"{self.label}: {text}" if self.label else text


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines for whoever wants to know more, under a title."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be seen: a line, what belongs to it, and what is folded."""

    head: Line
    below: tuple[Line, ...] = ()
    fold: Fold | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `is_folded` tells that it is for whoever wants to know more."""

    id: str
    title: str
    items: tuple[Item, ...]
    is_folded: bool = False

    @property
    def folds(self) -> tuple[Fold, ...]:
        """Return what is folded in it."""
        return tuple(each.fold for each in self.items if each.fold is not None)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole: the verdict in one line, what has to be known first, and the sections."""

    headline: str
    is_refused: bool
    facts: tuple[Line, ...]
    sections: tuple[Section, ...]
    ways_out: str = ""


def place_text(place: Location) -> str:
    """Return where a line is, as editors and terminals take it."""
    return f"{place.path}:{place.line}"
