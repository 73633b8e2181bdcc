"""Gathers what is wrong with many files; pure."""

from __future__ import annotations

from collections.abc import Iterable

from gateprint.errors import Diagnostic, InputRejected


class Collector:
    """Gathers the diagnostics of many files, so that a user sees all of them at once."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def __enter__(self) -> Collector:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, InputRejected):
            self.diagnostics += error.diagnostics
            return True
        return False

    def add(self, found: Iterable[Diagnostic]) -> None:
        """Keep more of them."""
        self.diagnostics += found

    def raise_if_any(self) -> None:
        """Reject the input with its errors; the warnings are for an input that is right."""
        errors = [each for each in self.diagnostics if each.severity == "error"]
        if errors:
            raise InputRejected(errors)
