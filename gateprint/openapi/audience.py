"""Who an exported document is for, and what of it they get; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from gateprint.openapi import words
from gateprint.openapi.bodies import VALIDATOR, VALIDATORS

Audience = Literal["gateprint", "api-gateway", "readers"]
AUDIENCES: tuple[Audience, ...] = ("gateprint", "api-gateway", "readers")
# Backends, account ids and policies are nobody's business who calls the API. How it is signed is.
_INTERNAL = {
    words.OWN,
    words.INTEGRATION,
    words.GATEWAY_RESPONSES,
    words.POLICY,
    words.ENDPOINTS,
    VALIDATOR,
    VALIDATORS,
}


def tailored(document: Mapping[str, Any], audience: Audience) -> dict[str, Any]:
    """Return a document without what its audience has no use for, or no right to."""
    if audience == "gateprint":
        return dict(document)
    hidden = {words.OWN} if audience == "api-gateway" else _INTERNAL
    return {name: _without(value, hidden) for name, value in document.items() if name not in hidden}


def _without(data: Any, hidden: set[str]) -> Any:
    if isinstance(data, Mapping):
        return {name: _without(each, hidden) for name, each in data.items() if name not in hidden}
    return [_without(each, hidden) for each in data] if isinstance(data, list) else data
