"""How text, failures and progress read in a terminal."""

from __future__ import annotations

import re
import shutil
import textwrap
from typing import TextIO

import click

from gateprint.errors import ToolFailed

LINE_ENDS = "\r\n"
# Control characters, and the marks that turn the direction of writing.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# What Markdown or HTML would take for more than text.
_MARKUP = re.compile(r"[\\`*_\[\]<>|&~$#]")
_LONGEST_DETAIL = 40


def visible(text: str, keep: str = "") -> str:
    """Escape control characters and marks of direction, except those to keep."""
    return _CONTROL.sub(
        lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}", text
    )


def plain_markdown(text: str) -> str:
    """Return free text so that Markdown shows it as it was written."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", visible(text))


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


def progress(line: str) -> None:
    """Show what is being done, on stderr."""
    click.echo(click.style("· ", dim=True) + line, err=True)
