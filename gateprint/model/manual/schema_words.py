"""The words of JSON Schema that the schemas of written data share; pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]


def boolean(description: str) -> Schema:
    """Return the schema of true or false."""
    return {"type": "boolean", "description": description}


def number(description: str, least: int = 0) -> Schema:
    """Return the schema of a whole number."""
    return {"type": "integer", "minimum": least, "description": description}


def one_of(description: str, values: Iterable[str]) -> Schema:
    """Return the schema of one of some texts."""
    return {"enum": list(values), "description": description}


def list_of(description: str, items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items, "description": description}
