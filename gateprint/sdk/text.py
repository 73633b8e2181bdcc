"""Blueprint text in generated code: as a literal or a comment, where it can never be code; pure."""

from __future__ import annotations

import json

from gateprint.model.visible import visible


def literal(value: str) -> str:
    """Return a value as JavaScript reads it, and a name in ASCII as Python and TOML do, too.

    JSON in ASCII: what ends a line in JavaScript but not in JSON is escaped as well (RFC 8259).
    """
    return json.dumps(value, ensure_ascii=True)


def comment(text: str) -> str:
    """Return free text for a block comment of JavaScript: on one line, without its end."""
    return _one_line(text).replace("*/", "*\\/")


def docstring(text: str) -> str:
    """Return free text for a docstring of Python: on one line, without quotes that would end it."""
    return _one_line(text).replace("\\", "\\\\").replace('"', '\\"')


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))
