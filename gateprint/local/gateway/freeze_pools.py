"""A method's authorizer of user pools, from GetAuthorizers, or why it is not served; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.freeze_authorizer import header_of
from gateprint.local.gateway.snapshot import PoolAuthorizer

Document = Mapping[str, Any]
KIND = "COGNITO_USER_POOLS"


def read_pools(method: Document, authorizers: Sequence[Document]) -> PoolAuthorizer | None:
    """Return whose tokens a method takes, and with which scopes; None where it takes none.

    Raises:
        NotServed: the data plane does not do a part of it, or there is no such authorizer.
    """
    if method.get("authorizationType") != KIND:
        return None
    identifier = method.get("authorizerId")
    found = next((each for each in authorizers if each["id"] == identifier), None)
    if found is None:
        raise NotServed(f"there is no authorizer {identifier}")
    if found.get("type") != KIND:
        raise NotServed(f"the authorizer {identifier} is of type {found.get('type')}")
    if found.get("identityValidationExpression"):
        raise NotServed("the embedded cloud does not validate tokens of user pools by a pattern")
    return PoolAuthorizer(
        header=header_of(found.get("identitySource") or ""),
        user_pools=tuple(found.get("providerARNs") or ()),
        scopes=frozenset(method.get("authorizationScopes") or ()),
    )
