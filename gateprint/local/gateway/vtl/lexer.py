"""A cursor over a template's text; pure."""

from __future__ import annotations

import re

from gateprint.local.gateway.vtl.syntax import TemplateRejected

_SPACE = re.compile(r"\s*")


class Cursor:
    """A text and a place in it; every reader moves the place, or leaves it and returns None."""

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = position

    @property
    def is_at_end(self) -> bool:
        """Tell whether nothing is left."""
        return self.position >= len(self.text)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Read what fits a pattern here."""
        found = pattern.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def take(self, literal: str) -> bool:
        """Read exactly this text, if it is here."""
        if not self.text.startswith(literal, self.position):
            return False
        self.position += len(literal)
        return True

    def skip_space(self) -> None:
        """Read white space."""
        self.match(_SPACE)

    def need(self, literal: str) -> None:
        """Read this text after white space.

        Raises:
            TemplateRejected: it is not here.
        """
        self.skip_space()
        if not self.take(literal):
            raise self.rejection(f"{literal} is missing")

    def rejection(self, problem: str) -> TemplateRejected:
        """Return the reason for refusing the template, with the line, counted from 1."""
        line = self.text.count("\n", 0, self.position) + 1
        return TemplateRejected(f"mapping template, line {line}: {problem}")
