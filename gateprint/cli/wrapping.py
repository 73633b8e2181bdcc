"""Sentences in the lines of a terminal, which hang below their first word; pure."""

from __future__ import annotations

import re
import textwrap

from gateprint.cli.text import visible
from gateprint.model.resolved import METHODS

WIDTH = 80
# The space within a route stays where it is; textwrap breaks lines at no other space than this.
_IN_ROUTE = re.compile(rf"\b({'|'.join(METHODS)}) (?=/)")
_HARD_SPACE = "\u00a0"


def hanging(text: str, first: str = "", rest: str = "", width: int = WIDTH) -> str:
    """Return a text from outside in lines that begin with `first`, and from the second `rest`."""
    kept = _IN_ROUTE.sub(rf"\1{_HARD_SPACE}", visible(text))
    lines = textwrap.fill(
        kept,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return lines.replace(_HARD_SPACE, " ")
