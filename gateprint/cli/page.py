"""The access matrix as one HTML page that loads nothing; pure but for its template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from gateprint.cli.notice import Notice
from gateprint.cli.pages import rendered
from gateprint.cli.pinned import MEANING as OF_PINNED
from gateprint.cli.retired import MEANING
from gateprint.cli.sheet import Line, Mark, Sheet


class Meaning(NamedTuple):
    """What a mark means: a class, which gives it a symbol, its words, and an explanation."""

    kind: Markup
    words: Markup
    explanation: str


MEANINGS: Mapping[Mark, Meaning] = {
    "yes": Meaning(Markup("yes"), Markup("allowed"), "the blueprint grants it"),
    "-": Meaning(Markup("no"), Markup("not allowed"), "nobody granted it"),
    "public": Meaning(
        Markup("public"), Markup("public"), "no caller is checked, so everybody may call it"
    ),
    "token": Meaning(
        Markup("token"),
        Markup("by token"),
        "an authorizer asks for a token, so that no role may call it by a signature",
    ),
    "reach": Meaning(
        Markup("reach"),
        Markup("allowed by overreach"),
        "nobody granted it, but IAM reaches it from a granted route; accepted for a reason",
    ),
    "denied": Meaning(
        Markup("denied"),
        Markup("explicitly denied"),
        "IAM would reach it from a granted route; an explicit Deny closes it",
    ),
}


def access_page(sheets: Sequence[Sheet], notices: Sequence[Notice] = ()) -> str:
    """Return the page of all blueprints and environments, below what has to be read first."""
    values = {
        "sheets": sheets,
        "notices": notices,
        "meanings": MEANINGS,
        "of_retired": MEANING,
        "of_pinned": OF_PINNED,
    }
    return rendered("access", values, {"cells": _cells})


def _cells(line: Line, section: str, row: str) -> Iterator[tuple[str, str, str]]:
    """Yield class, headers and words of each cell of a line.

    There are hundreds of thousands on a large page; so they are not put together in the template.
    """
    for number, marks in enumerate(line.marks.values(), 1):
        column = f"{section}c{number}"
        for stage, mark in enumerate(marks, 1):
            kind, words, _ = MEANINGS[mark]
            yield kind, f"{row} {column} {column}s{stage}", words
