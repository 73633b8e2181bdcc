"""Names and texts of others, made so that a blueprint takes them; pure."""

from __future__ import annotations

import re

from gateprint.model.resolved import ACCOUNT_STACK

_LONGEST_NAME = 32
_LONGEST_TEXT = 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def name_of(title: str) -> str:
    """Return a title as the name of a blueprint or an API: small letters, digits and hyphens."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    name = re.sub(r"^[0-9-]+", "", words)[:_LONGEST_NAME].rstrip("-")
    return name if name not in {"", ACCOUNT_STACK} else "api"


def line_of(text: str | None) -> str | None:
    """Return a text on one line that is not too long, or None where nothing is left of it.

    What a blueprint may hold as it is stays so, to the last blank.
    """
    if text is None or not _BLANKS.sub("", text):
        return None
    found = _BLANKS.sub(" ", text).strip() if _CONTROL.search(text) else text
    return found if len(found) <= _LONGEST_TEXT else f"{found[: _LONGEST_TEXT - 1].rstrip()}…"


def parameter_name(written: str) -> str:
    """Return a parameter's name with the characters that API Gateway takes in one."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", written)
