"""Who a caller is, by a token that was verified before the handler began; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Identity(dict[str, Any]):
    """The claims of a verified token, by name; `shared.guard` alone makes one."""

    @property
    def session_name(self) -> str:
        """Return the name of the SAML session that the request was signed with."""
        return self._session_name

    def __init__(self, claims: Mapping[str, Any], session_name: str) -> None:
        super().__init__(claims)
        self._session_name = session_name


def identity_of(event: Mapping[str, Any]) -> Identity | None:
    """Return the caller's verified claims; None where the route asks for no identity token.

    Whatever else stands at that place of an event was not verified, and is none.
    """
    found = event.get("identity")
    return found if isinstance(found, Identity) else None
