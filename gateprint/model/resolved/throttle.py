"""How fast callers may be, with every default final; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Throttle:
    """Requests per second, and requests at once."""

    rate: float
    burst: int
