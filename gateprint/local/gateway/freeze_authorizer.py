"""A method's authorizer, from GetAuthorizers, or why it is not served; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.freeze_method import function_arn
from gateprint.local.gateway.snapshot import Authorizer
from gateprint.local.gateway.vtl.methods import pattern

Document = Mapping[str, Any]
_HEADER = "method.request.header."
# API reference, "CreateAuthorizer": where none is given.
_USUAL_TTL = 300


def read_authorizer(method: Document, authorizers: Sequence[Document]) -> Authorizer | None:
    """Return the authorizer of a method; None where it has none.

    Raises:
        NotServed: the data plane does not do a part of it, or there is no such authorizer.
    """
    if method.get("authorizationType") != "CUSTOM":
        return None
    identifier = method.get("authorizerId")
    found = next((each for each in authorizers if each["id"] == identifier), None)
    if found is None:
        raise NotServed(f"there is no authorizer {identifier}")
    if found.get("type") != "TOKEN":
        raise NotServed(f"the embedded cloud does not do authorizers of type {found.get('type')}")
    if found.get("authorizerCredentials"):
        raise NotServed("the embedded cloud does not assume roles for authorizers (credentials)")
    ttl = found.get("authorizerResultTtlInSeconds")
    return Authorizer(
        authorizer_id=found["id"],
        function_arn=function_arn(found.get("authorizerUri") or ""),
        header=header_of(found.get("identitySource") or ""),
        ttl_seconds=_USUAL_TTL if ttl is None else int(ttl),
        validation=_validation(found),
    )


def header_of(source: str) -> str:
    """Return the header that an identity source names, in lower case.

    Raises:
        NotServed: it is something else.
    """
    name = source.removeprefix(_HEADER)
    if name == source or not name:
        raise NotServed(f"the identity source {source} is not served")
    return name.lower()


def _validation(document: Document) -> Any:
    text = document.get("identityValidationExpression")
    if not text:
        return None
    found = pattern(text)
    if found is None:
        raise NotServed(f"the identity validation expression {text} is not served")
    return found
