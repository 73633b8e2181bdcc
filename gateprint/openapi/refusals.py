"""Gathers what a blueprint cannot say: to be refused, or to be left out and listed; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateprint.errors import Diagnostic, InputRejected

_HINT = "; or leave it out with --partial"


class Refusals:
    """What was found on the way. One part that cannot be said does not hide another."""

    def __init__(self, *, is_partial: bool) -> None:
        self._is_partial = is_partial
        self._found: list[Diagnostic] = []
        self._remarks: dict[str, None] = {}

    def __enter__(self) -> Refusals:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Keep a rejection of the part that was read here: the part is left out."""
        if isinstance(error, InputRejected):
            self.add(error.diagnostics)
            return True
        return False

    @property
    def is_partial(self) -> bool:
        """Tell whether what cannot be said may be left out."""
        return self._is_partial

    def add(self, found: Iterable[Diagnostic]) -> None:
        """Take what cannot be said."""
        self._found += found

    def remark(self, text: str) -> None:
        """Take what a reader of the blueprint has to know or to decide; once."""
        self._remarks[text] = None

    def remarks(self) -> tuple[str, ...]:
        """Return what is to stand above the blueprint.

        Raises:
            InputRejected: something cannot be said, and may not be left out.
        """
        if self._found and not self._is_partial:
            raise InputRejected(_with_hint(each) for each in self._found)
        left = [_left_out(each) for each in InputRejected(self._found).diagnostics]
        return (*self._remarks, *left)


def _left_out(found: Diagnostic) -> str:
    # What comes from an account has no lines.
    line = f", line {found.location.line}" if found.location.source_line else ""
    return f"left out{line}: {found.problem}"


def _with_hint(found: Diagnostic) -> Diagnostic:
    return replace(found, remedy=f"{found.remedy}{_HINT}")
