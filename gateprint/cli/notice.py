"""Something to be read before a page's tables; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A heading, a text and a list of sentences.

    A sentence alternates our words and what users wrote, as `access.sentences` has them.
    """

    heading: str
    text: str
    sentences: tuple[tuple[str, ...], ...] = ()
