"""Text from outside, so that it shows as text and does nothing; pure."""

from __future__ import annotations

import re

# Control characters, and the marks that turn the direction of writing.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# What Markdown or HTML would take for more than text.
_MARKUP = re.compile(r"[\\`*_\[\]<>|&~$#]")


def visible(text: str, keep: str = "") -> str:
    """Escape control characters and marks of direction, except those to keep."""
    return _CONTROL.sub(
        lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}", text
    )


def plain_markdown(text: str) -> str:
    """Return free text so that Markdown shows it as it was written."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", visible(text))
