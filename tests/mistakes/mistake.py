"""A mistake of a new user, what is to be said of it, and the cure that the remedy asks for."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.edits import Edit


@dataclass(frozen=True, slots=True)
class Mistake:
    """`wrong` edits the sound text and marks the place; `cure` does what `remedy` says.

    `code` and `remedy` are of the one message that is expected; `also` holds (code, remedy) of
    further ones, in order of the places, where there are several mistakes in fact.
    """

    name: str
    wrong: Edit
    code: str
    remedy: str
    cure: Edit
    also: tuple[tuple[str, str], ...] = ()
