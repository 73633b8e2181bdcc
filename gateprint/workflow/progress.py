"""What long operations tell while they run; the command line shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Progress(Protocol):
    """Is told what happens, from any thread; shows it, or not."""

    def say(self, text: str) -> None:
        """Tell one thing that has happened."""

    def begin(self, doing: str, stacks: Sequence[str]) -> None:
        """Tell which stacks the next part is about."""

    def expect(self, seconds: float, reason: str) -> None:
        """Tell how long the rest will take at least, and why."""

    def stack(self, name: str, doing: str) -> None:
        """Tell what is being done about a stack."""

    def ended(self, name: str, outcome: str, seconds: float, text: str) -> None:
        """Tell how a stack has ended."""

    def end(self) -> None:
        """Tell that this part is over."""


class Silent:
    """Shows nothing."""

    def say(self, text: str) -> None:
        """Show nothing."""

    def begin(self, doing: str, stacks: Sequence[str]) -> None:
        """Show nothing."""

    def expect(self, seconds: float, reason: str) -> None:
        """Show nothing."""

    def stack(self, name: str, doing: str) -> None:
        """Show nothing."""

    def ended(self, name: str, outcome: str, seconds: float, text: str) -> None:
        """Show nothing."""

    def end(self) -> None:
        """Show nothing."""
