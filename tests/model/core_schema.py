"""Reads plain scalars as an editor does: with YAML 1.2's core schema, not as text."""

from __future__ import annotations

import re
from typing import Any

from gateprint.model.document import Scalar

# YAML 1.2.2, 10.3.2, "Tag Resolution".
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def as_editors_read(value: Any) -> Any:
    """Return data of `source.read` with its plain scalars as numbers, booleans and nulls."""
    if isinstance(value, dict):
        return {str(key): as_editors_read(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_editors_read(each) for each in value]
    return _plain(str(value)) if isinstance(value, Scalar) and not value.quoted else value


def _plain(text: str) -> Any:
    if text in {"", "~", "null", "Null", "NULL"}:
        return None
    if text.lower() in {"true", "false"} and (text.islower() or text.istitle() or text.isupper()):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    if _FLOAT.fullmatch(text) or _SPECIAL.fullmatch(text):
        return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    return text
