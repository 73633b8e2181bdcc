"""How text, failures and progress read in a terminal."""

from __future__ import annotations

import shutil
import textwrap
from typing import TextIO

import click

from gateprint.errors import Refused, ToolFailed
from gateprint.model.visible import plain_markdown, visible

__all__ = [
    "LINE_ENDS",
    "drawn",
    "plain_markdown",
    "progress",
    "terminal_width",
    "tool_failure_text",
    "visible",
]

LINE_ENDS = "\r\n"
_LONGEST_DETAIL = 40


def drawn(mark: str, text: str) -> str:
    """Return a mark for each terminal cell of a text; its tabs stay, so that they end alike."""
    return "\t".join(mark * _cells(part) for part in text.split("\t"))


def _cells(text: str) -> int:
    """Return how many cells of a terminal a text takes: two for 日, none for a combining mark."""
    if text.isascii():
        return len(text)
    # Rich takes time to import; most lines are plain.
    from rich.cells import cell_len  # noqa: PLC0415

    return cell_len(text)


def terminal_width(stream: TextIO) -> int | None:
    """Return how many cells the lines of a terminal have; None where the stream is none."""
    return shutil.get_terminal_size((80, 24)).columns if stream.isatty() else None


def tool_failure_text(error: ToolFailed) -> str:
    """Return what happened, the tool's own last lines, and the remedy."""
    lines = [f"gateprint: {error.problem}"]
    if error.detail:
        kept = error.detail.rstrip().splitlines()[-_LONGEST_DETAIL:]
        lines.append(textwrap.indent("\n".join(kept), "      | "))
    lines.append(f"      = fix: {error.remedy}")
    return "\n".join(lines)


def refusal_text(error: Refused) -> str:
    """Return why something is not done, and what would let it be done."""
    lines = [f"gateprint: {visible(each)}" for each in error.reasons]
    return "\n".join([*lines, f"      = fix: {error.remedy}"])


def progress(line: str) -> None:
    """Show what is being done, on stderr."""
    click.echo(click.style("· ", dim=True) + line, err=True)
