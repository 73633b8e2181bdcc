"""How it reads that a blueprint is retired; pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from gateprint.cli.text import visible
from gateprint.model.resolved import ResolvedBlueprint, Retired

MEANING = "It grants nothing any more, and the next apply destroys what it has."


def retired_text(retired: Retired, width: int) -> str:
    """Return who retired a blueprint and why, and what that means, in lines of a terminal."""
    told = f"Retired by {visible(retired.by)}: {visible(retired.reason)}"
    lines = (
        textwrap.fill(each, width, initial_indent=" ", subsequent_indent="   ")
        for each in (told, MEANING)
    )
    return "\n".join(lines)


def count_text(blueprints: Iterable[ResolvedBlueprint]) -> str:
    """Return how many blueprints there are, whatever their environments, and how many retired."""
    found = {each.name: each.is_retired for each in blueprints}
    retired = sum(found.values())
    plural = "s" if len(found) != 1 else ""
    return f"{len(found):,} blueprint{plural}" + (f" ({retired:,} retired)" if retired else "")


def not_from_here_text(stack: str, retired: Retired | None) -> str:
    """Return that a stack was not deployed from here, and the command that does it, if any does."""
    more = ", and is retired" if retired else f": npx cdktf deploy {stack}"
    return f"{stack} was not deployed from here{more}"
