"""Shows long operations: a live table on a terminal, one line per event elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from gateprint.cli.text import progress as print_line
from gateprint.cli.text import visible
from gateprint.workflow.progress import Progress

if TYPE_CHECKING:
    from rich.console import Group

_MARKS = {
    "planned": ("✓", "green"),
    "applied": ("✓", "green"),
    "empty": ("✓", "green"),
    "nothing": ("✓", "green"),
    "failed": ("✗", "red"),
    "refused": ("✗", "red"),
    "skipped": ("–", "yellow"),
    "interrupted": ("–", "yellow"),
}
_SHOWN_ROWS = 12


def shown_progress() -> Progress:
    """Return the progress that suits stderr."""
    return _Live() if sys.stderr.isatty() else _Lines()


def duration(seconds: float) -> str:
    """Return a time as people say it: 4 s, 3 min, 8 h 20 min."""
    if seconds < 10:  # noqa: PLR2004
        return f"{seconds:.1f} s"
    if seconds < 120:  # noqa: PLR2004
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{minutes} min"


class _Lines:
    """One line for everything that ends: what a log keeps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total = self._done = 0

    def say(self, text: str) -> None:
        """Print a line."""
        with self._lock:
            self._print(visible(text))

    def begin(self, doing: str, stacks: Sequence[str]) -> None:
        """Say how many stacks there are."""
        self._total, self._done = len(stacks), 0
        if stacks:
            plural = "s" if len(stacks) != 1 else ""
            self.say(f"{doing} {len(stacks):,} stack{plural}")

    def expect(self, seconds: float, reason: str) -> None:
        """Say how long it takes at least."""
        self.say(f"this takes {duration(seconds)} at least: {reason}")

    def stack(self, name: str, doing: str) -> None:
        """Print nothing: it has not ended."""

    def ended(self, name: str, outcome: str, seconds: float, text: str) -> None:
        """Print how a stack has ended."""
        with self._lock:
            self._done += 1
            mark, colour = _MARKS.get(outcome, ("·", "white"))
            count = click.style(f"[{self._done}/{self._total}]", dim=True)
            took = f" in {duration(seconds)}" if seconds else ""
            said = visible(text)
            self._print(
                f"{click.style(mark, fg=colour)} {count} {name}: {outcome}{took}; {said}"
                if said
                else f"{click.style(mark, fg=colour)} {count} {name}: {outcome}{took}",
                is_marked=True,
            )

    def end(self) -> None:
        """Print nothing."""

    def _print(self, text: str, *, is_marked: bool = False) -> None:
        if is_marked:
            click.echo(text, err=True)
        else:
            print_line(text)


class _Live(_Lines):
    """The same lines, and below them what runs right now."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console  # noqa: PLC0415
        from rich.live import Live  # noqa: PLC0415

        self._running: dict[str, tuple[str, float]] = {}
        self._doing, self._began = "", 0.0
        self._expected: tuple[float, str] | None = None
        self._console = Console(stderr=True, highlight=False)
        self._live = Live(
            console=self._console,
            refresh_per_second=4,
            transient=True,
            get_renderable=self._shown,
        )

    def begin(self, doing: str, stacks: Sequence[str]) -> None:
        """Start the live part."""
        super().begin(doing, stacks)
        self._doing, self._began = doing, time.monotonic()
        self._live.start()

    def expect(self, seconds: float, reason: str) -> None:
        """Say how long it takes at least, and count down."""
        super().expect(seconds, reason)
        self._expected = (seconds, reason)

    def stack(self, name: str, doing: str) -> None:
        """Show what is done about a stack."""
        with self._lock:
            _, began = self._running.get(name, ("", time.monotonic()))
            self._running[name] = (doing, began)

    def ended(self, name: str, outcome: str, seconds: float, text: str) -> None:
        """Take a stack out of the live part."""
        with self._lock:
            self._running.pop(name, None)
        super().ended(name, outcome, seconds, text)

    def end(self) -> None:
        """End the live part."""
        self._live.stop()

    def _print(self, text: str, *, is_marked: bool = False) -> None:
        from rich.text import Text  # noqa: PLC0415

        line = text if is_marked else click.style("· ", dim=True) + text
        self._console.print(Text.from_ansi(line), soft_wrap=True)

    def _shown(self) -> Group:
        """Return what runs now; called several times a second, so that clocks go on.

        Without the lock: whoever prints holds it, and waits for the one who draws.
        """
        from rich.console import Group  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415

        now, running = time.monotonic(), list(self._running.items())
        table = Table.grid(padding=(0, 2))
        for name, (doing, began) in running[:_SHOWN_ROWS]:
            table.add_row(f"  {name}", visible(doing), duration(now - began))
        more = len(running) - _SHOWN_ROWS
        if more > 0:
            table.add_row(f"  and {more} more", "", "")
        return Group(table, self._footer(now))

    def _footer(self, now: float) -> str:
        passed = now - self._began
        line = f"{self._doing}: {self._done}/{self._total}, {duration(passed)}"
        if self._expected:
            line += f" of at least {duration(self._expected[0])}"
        return line
