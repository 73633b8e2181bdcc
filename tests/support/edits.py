"""Edits of a text, written as pairs of what stands there and what is put there."""

from __future__ import annotations

from dataclasses import dataclass

# Stands in a new text where the message is expected, and is removed.
MARK = "»"
# (old, new, old, new, …)
Edit = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edited:
    """A text after its edits, and the marked places in it as (line, column) from 1."""

    text: str
    places: tuple[tuple[int, int], ...]


def edited(text: str, edit: Edit) -> Edited:
    """Return the text with every old part replaced; each must stand there exactly once."""
    for old, new in zip(edit[::2], edit[1::2], strict=True):
        assert text.count(old) == 1, f"{text.count(old)} times in the text: {old!r}"
        text = text.replace(old, new)
    before = text.split(MARK)[:-1]
    places = []
    for index in range(len(before)):
        lines = "".join(before[: index + 1]).split("\n")
        places.append((len(lines), len(lines[-1]) + 1))
    return Edited(text.replace(MARK, ""), tuple(places))


def place_of(text: str, part: str) -> tuple[int, int]:
    """Return where a part stands that occurs exactly once."""
    assert text.count(part) == 1, f"{text.count(part)} times in the text: {part!r}"
    lines = text[: text.index(part)].split("\n")
    return len(lines), len(lines[-1]) + 1
