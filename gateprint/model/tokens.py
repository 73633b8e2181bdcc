"""Checks what a blueprint says of authorizers, user pools and the scopes of tokens; pure.

Like the references, it reads the document as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.fields import NAME
from gateprint.model.resolved.api import BY_TOKEN
from gateprint.model.resolved.pool import is_arn
from gateprint.model.words import closest, suggest
from gateprint.model.written.authorizer import Authorizer
from gateprint.model.written.pool import OWN_SCOPES

_OF_ISSUER = ("issuer", "audience", "algorithms", "jwks", "cache", "leeway")
_WHAT = {"jwt": "an issuer", "cognito": "user pools"}


def authorizers_for(document: Document, auth: str) -> list[str]:
    """Return the names of the authorizers that take the tokens of one kind of `auth`."""
    found = document.mapping("authorizers")
    return [name for name in found if _auth_of(found[name]) == auth]


def _auth_of(authorizer: object) -> str:
    return "cognito" if isinstance(authorizer, dict) and "user_pools" in authorizer else "jwt"


def check_token_rules(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every authorizer whose fields contradict each other."""
    for name, authorizer in document.mapping("authorizers").items():
        if isinstance(authorizer, dict):
            yield from _one_kind(document, ("authorizers", name), authorizer)
            yield from _own_region(document, ("authorizers", name, "user_pools"))


def _one_kind(
    document: Document, path: KeyPath, authorizer: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    given = [each for each in authorizer if each in _OF_ISSUER]
    if "user_pools" in authorizer and given:
        problem = f"{given[0]} is of an issuer, and this authorizer is of user pools"
        remedy = f"remove {', '.join(given)}, or user_pools"
        yield document.reject((*path, given[0]), "wrong-authorizer", problem, remedy, key=True)
    elif "user_pools" in authorizer or any(
        each not in Authorizer.model_fields for each in authorizer
    ):
        return
    elif not given:
        problem = "an authorizer has an issuer or user pools, this one has neither"
        remedy = "add issuer and audience, or user_pools"
        yield document.reject(path, "wrong-authorizer", problem, remedy, key=True)
    else:
        for field in (each for each in ("issuer", "audience") if each not in authorizer):
            problem, remedy = f'"{field}" is missing', f"add {field}: …"
            yield document.reject(path, "missing-field", problem, remedy, key=True)


def _own_region(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    """The id of a pool begins with its region (Cognito API reference, "CreateUserPool")."""
    for index, pool in enumerate(document.sequence(*path)):
        parts = str(pool).split(":")
        region = parts[-1].removeprefix("userpool/").partition("_")[0]
        if len(parts) == 6 and region != parts[3]:  # noqa: PLR2004
            problem = f"the ARN is of {parts[3]}, and the id of the pool of {region}"
            remedy = "copy the ARN as Cognito shows it"
            yield document.reject((*path, index), "wrong-form", problem, remedy)


def check_token_references(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every pool and scope that is not declared, and for wrong kinds."""
    for name in document.mapping("authorizers"):
        yield from _pools_of(document, ("authorizers", name, "user_pools"))
    for pool in document.mapping("user_pools"):
        known = _scopes_of(document, pool)
        for client in document.mapping("user_pools", pool, "clients"):
            path: KeyPath = ("user_pools", pool, "clients", client, "scopes")
            yield from _scopes_are_known(document, path, known)
    for api in document.mapping("apis"):
        for key, route in document.mapping("apis", api, "routes").items():
            if isinstance(route, dict) and route.get("auth") in BY_TOKEN:
                yield from _fits(document, ("apis", api, "routes", key), str(route["auth"]))


def _pools_of(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    declared = document.mapping("user_pools")
    for index, pool in enumerate(document.sequence(*path)):
        is_name = isinstance(pool, str) and re.fullmatch(NAME, pool, re.ASCII)
        if is_name and pool not in declared:
            problem = f'user pool "{pool}" is not declared under user_pools'
            remedy = (
                suggest(str(pool), declared) if declared else "declare it there, or give an ARN"
            )
            yield document.reject((*path, index), "unknown-user-pool", problem, remedy)


def _scopes_of(document: Document, pool: str) -> list[str]:
    return [*OWN_SCOPES, *document.mapping("user_pools", pool, "scopes")]


def _scopes_are_known(document: Document, path: KeyPath, known: list[str]) -> Iterator[Diagnostic]:
    for index, scope in enumerate(document.sequence(*path)):
        # What stands on its own is one of Cognito's, and the field's type knows them.
        if isinstance(scope, str) and scope not in known:
            problem = f'no user pool has the scope "{scope}"'
            meant = closest(scope, known)
            remedy = f"did you mean {meant}?" if meant else "declare it under scopes of the pool"
            yield document.reject((*path, index), "unknown-scope", problem, remedy)


def _fits(document: Document, path: KeyPath, auth: str) -> Iterator[Diagnostic]:
    """Yield what is wrong with a route's authorizer, or with the scopes that it asks it for."""
    accepted = authorizers_for(document, auth)
    name = document.text(*path, "authorizer")
    if name is None:
        name = accepted[0] if len(accepted) == 1 else None
    elif name in document.mapping("authorizers") and name not in accepted:
        other = next(each for each in BY_TOKEN if each != auth)
        problem = f'"{name}" has {_WHAT[other]}, and auth: {auth} takes tokens of {_WHAT[auth]}'
        meant = f"did you mean {accepted[0]}?" if len(accepted) == 1 else ""
        remedy = meant or f"write auth: {other}, or name another authorizer"
        yield document.reject((*path, "authorizer"), "wrong-authorizer", problem, remedy)
        return
    pools = document.sequence("authorizers", name, "user_pools") if name else ()
    declared = document.mapping("user_pools")
    # What a pool of another place has is not known here.
    if auth == "cognito" and pools and all(each in declared for each in pools):
        known = [scope for each in pools for scope in _scopes_of(document, each)]
        yield from _scopes_are_known(document, (*path, "scopes"), known)


def check_token_placement(document: Document, partition: str) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every user pool of another partition than the environment's."""
    for name in document.mapping("authorizers"):
        path: KeyPath = ("authorizers", name, "user_pools")
        for index, pool in enumerate(document.sequence(*path)):
            found = str(pool).split(":")
            if is_arn(str(pool)) and len(found) > 1 and found[1] != partition:
                problem = f"the user pool is in the partition {found[1]}, the API in {partition}"
                remedy = f"name a user pool of {partition}"
                yield document.reject((*path, index), "wrong-place", problem, remedy)
