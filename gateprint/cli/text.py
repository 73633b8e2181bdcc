"""How failures and progress read in a terminal."""

from __future__ import annotations

import textwrap

import click

from gateprint.errors import ToolFailed

_LONGEST_DETAIL = 40


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
