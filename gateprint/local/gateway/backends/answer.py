"""What a backend answered, before the integration response shapes it; pure."""

from __future__ import annotations

from dataclasses import dataclass

from gateprint.local.web import Headers


@dataclass(frozen=True, slots=True)
class BackendAnswer:
    """`selected_by` is what selection patterns are compared with: a status, or an error's text."""

    status: int
    headers: Headers
    body: bytes
    selected_by: str
