"""Parts of a text of which as much is shown as there is room for; what is not shown is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP = "\n\n"
"""What stands between two parts."""


def size(text: str) -> int:
    """Return how many bytes of UTF-8 a text has, which are never fewer than characters."""
    return len(text.encode())


@dataclass(slots=True)
class Room:
    """How many bytes are left."""

    left: int

    def takes(self, number: int) -> bool:
        """Tell whether there is so much room, which is taken then."""
        if number > self.left:
            return False
        self.left -= number
        return True


@dataclass(slots=True)
class Block:
    """Lines between an opening and a closing; `what` each of them is."""

    opening: str
    units: Sequence[str]
    what: str
    closing: str = ""
    shown: int = 0
    is_open: bool = False

    def open(self, room: Room) -> None:
        """Take the room for the block without its lines, and for saying that some are missing."""
        self.is_open = self.is_open or room.takes(self._least())

    def fill(self, room: Room, most: int | None = None) -> None:
        """Show as many lines, from the first one on, as there is room for, up to so many in all.

        A block that is not open has to have room for its first line too.
        """
        wanted = self.units[:most]
        if not self.is_open and wanted and room.left >= self._least() + size(wanted[0]) + 1:
            self.open(room)
        if self.is_open:
            while self.shown < len(wanted) and room.takes(size(wanted[self.shown]) + 1):
                self.shown += 1

    def text(self) -> str:
        """Return what is shown, and how much is not."""
        lines = [*self.units[: self.shown], *self._note(len(self.units) - self.shown)]
        return "\n".join([*filter(None, [self.opening]), *lines, *filter(None, [self.closing])])

    def _least(self) -> int:
        return size("\n".join([self.opening, *self._note(len(self.units)), self.closing, GAP])) + 1

    def _note(self, number: int) -> list[str]:
        what = self.what if number == 1 else f"{self.what}s"
        return [f"- **{number:,} more {what}**: no room here"] if number else []
