"""Workflow commands of GitHub Actions, which show a message at a line; pure.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import Literal

from gateprint.cli.text import LINE_ENDS, visible
from gateprint.errors import Location

Level = Literal["error", "warning", "notice"]


def annotation(level: Level, title: str, message: str, where: Location | None) -> str:
    """Return the command, a line that begins with it: nothing in it is a command of its own."""
    place = [] if where is None else [f"file={_property(where.path)}", *_numbers(where)]
    properties = ",".join([*place, f"title={_property(title)}"])
    return f"::{level} {properties}::{_data(visible(message, keep=LINE_ENDS))}"


def _numbers(where: Location) -> tuple[str, ...]:
    last = where.column + where.length - 1
    lines = (f"line={where.line}", f"endLine={where.line}")
    return (*lines, f"col={where.column}", f"endColumn={last}")


def _data(text: str) -> str:
    """Escape what would end a command (GitHub's toolkit does the same)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text, keep=LINE_ENDS)).replace(":", "%3A").replace(",", "%2C")
