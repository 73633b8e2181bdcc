"""JSON as YAML 1.1 writes the same, so that one reader does for both; pure."""

from __future__ import annotations

import re

# What JSON may write and YAML 1.1 may not: an escaped slash, and pairs of surrogates.
_OF_JSON = re.compile(r"\\(?:(\\)|(/)|u([dD][89abAB]..)\\u([dD][c-fC-F]..)|)", re.DOTALL)


def is_json(text: str) -> bool:
    """Tell whether a text is a JSON object, as far as its first sign says."""
    return text.removeprefix("\ufeff").lstrip().startswith("{")


def as_yaml(json: str) -> str:
    """Return JSON so that a reader of YAML 1.1 understands the same; tabs are white space."""
    return _OF_JSON.sub(_escape, json.replace("\t", " "))


def _escape(found: re.Match[str]) -> str:
    if found[2]:
        return "/"
    if found[3]:
        high, low = int(found[3], 16) - 0xD800, int(found[4], 16) - 0xDC00
        return f"\\U{0x10000 + high * 0x400 + low:08X}"
    return found[0]
