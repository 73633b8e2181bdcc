"""The NoOp function behind a CORS preflight: API Gateway adds the headers itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Do nothing; the integration response of the OPTIONS method is the whole answer."""
    return {}
