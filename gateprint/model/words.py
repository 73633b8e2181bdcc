"""Words in messages: what was probably meant, lists, and the beginning of long texts; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# Longer words are not mistyped names.
_LONGEST_WORD = 200
_LONGEST_SHOWN = 100


def closest(word: str, accepted: Iterable[str]) -> str | None:
    """Return the accepted word that was probably meant, whatever the case of its letters."""
    # Imported here: most inputs are right.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    if len(word) > _LONGEST_WORD:
        return None
    found = process.extractOne(
        word, list(accepted), scorer=fuzz.ratio, processor=str.lower, score_cutoff=60
    )
    return found[0] if found else None


def suggest(word: str, accepted: Iterable[str]) -> str:
    """Return a remedy that names what was probably meant, or what is accepted."""
    names = list(accepted)
    return proposal(closest(word, names), names)


def proposal(meant: str | None, names: Sequence[str]) -> str:
    """Return the remedy that goes with what was probably meant, if anything was."""
    if meant is not None:
        return f"did you mean {meant}?"
    if not names:
        return "remove it: nothing is accepted here"
    return f"use {names[0]}" if len(names) == 1 else f"use one of {listed(names)}"


def listed(names: Sequence[str], most: int = 20) -> str:
    """Return names in one line, of long lists the first ones."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f", and {more} more" if more > 0 else "")


def shortened(text: str) -> str:
    """Return the beginning of a text that is too long for a message."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
