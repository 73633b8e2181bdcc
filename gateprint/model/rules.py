"""What the fields of one entry say together: one backend, a reason, a door, a trust; pure.

The rules read the document as written, so that a wrong value elsewhere hides none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.environment import IdentityProvider
from gateprint.model.partition import partition_of
from gateprint.model.releases import check_releases
from gateprint.model.restrictions import check_restriction
from gateprint.model.tokens import authorizers_for, check_token_rules
from gateprint.model.written import Role, Route

_BACKENDS = ("function", "lambda_arn", "http", "mock")
_OF_TOKENS = ("authorizer", "scopes")
_TRUST = ("identity_provider", "description", "max_session", "assumed_by_gateway", "when")


def check_rules(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every entry of a blueprint whose fields contradict each other."""
    yield from check_releases(document)
    for name in document.mapping("apis"):
        yield from _private_has_its_door(document, ("apis", name))
        yield from check_restriction(document, ("apis", name))
        for key, route in document.mapping("apis", name, "routes").items():
            if isinstance(route, dict):
                path: KeyPath = ("apis", name, "routes", key)
                yield from _one_backend(document, path, route)
                yield from _public_has_a_reason(document, path, route)
                yield from _tokens_are_asked_for(document, path, route)
        yield from _any_origin_stands_alone(document, ("apis", name, "cors", "origins"))
    yield from check_token_rules(document)
    for name, role in document.mapping("roles").items():
        if isinstance(role, dict):
            yield from _existing_has_no_trust(document, ("roles", name), role)


def check_environment_rules(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every entry of an environment whose fields contradict each other."""
    yield from _state_has_one_place(document)
    yield from _key_of_the_partition(document)
    yield from _provider_has_metadata(document)
    yield from _sign_in_is_of_a_rehearsal(document)


def _provider_has_metadata(document: Document) -> Iterator[Diagnostic]:
    """Beside `endpoint` the embedded cloud's own sign-in page may be the provider."""
    if "endpoint" in document.mapping():
        return
    for name, provider in document.mapping("identity_providers").items():
        is_without = isinstance(provider, dict) and "metadata" not in provider
        if is_without and not _has_typing_error(provider, IdentityProvider):
            problem = '"metadata" is missing'
            remedy = "add metadata: <a file below config/>"
            path: KeyPath = ("identity_providers", name)
            yield document.reject(path, "missing-field", problem, remedy, key=True)


def _sign_in_is_of_a_rehearsal(document: Document) -> Iterator[Diagnostic]:
    if document.text("tokens") == "sign_in" and "endpoint" not in document.mapping():
        problem = "tokens: sign_in is the embedded cloud's sign-in page, and there is no endpoint"
        remedy = "remove tokens; in AWS the tokens are those of the issuers in the blueprints"
        yield document.reject(("tokens",), "wrong-issuer", problem, remedy)


def _key_of_the_partition(document: Document) -> Iterator[Diagnostic]:
    path: KeyPath = ("state", "kms_key")
    region, key = document.text("region"), (document.text(*path) or "").split(":")
    if region is not None and len(key) > 1 and key[1] != partition_of(region).name:
        here = partition_of(region).name
        problem = f"the key is in the partition {key[1]}, {region} in {here}"
        yield document.reject(path, "wrong-place", problem, f"name a key of {here}")


def _state_has_one_place(document: Document) -> Iterator[Diagnostic]:
    state = document.get("state")
    if not isinstance(state, dict):
        return
    if ("bucket" in state) == ("hcp" in state):
        problem = "the state has exactly one place"
        remedy = "give bucket, or hcp: {organization, project}"
        yield document.reject(("state",), "wrong-state", problem, remedy, key=True)
    elif "hcp" in state and len(state) > 1:
        other = next(each for each in state if each != "hcp")
        problem = "hcp keeps the state by itself"
        path: KeyPath = ("state", other)
        yield document.reject(path, "wrong-state", problem, f"remove {other}, or hcp", key=True)


def _one_backend(
    document: Document, path: KeyPath, route: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    given = [each for each in route if each in _BACKENDS]
    if len(given) > 1:
        problem = f"a route has one backend, this one has {' and '.join(given)}"
        yield document.reject(
            (*path, given[1]), "wrong-backend", problem, "keep one of them", key=True
        )
    elif not given and not _has_typing_error(route, Route):
        problem = "a route has one backend, this one has none"
        remedy = f"add one of {', '.join(_BACKENDS)}"
        yield document.reject(path, "wrong-backend", problem, remedy, key=True)


def _has_typing_error(
    entry: Mapping[str, Any], model: type[Role | Route | IdentityProvider]
) -> bool:
    """Tell whether a field is unknown: it may be the one that seems to be missing."""
    return any(each not in model.model_fields for each in entry)


def _public_has_a_reason(
    document: Document, path: KeyPath, route: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    auth = route.get("auth", "iam")
    if auth == "none" and "public" not in route and not _has_typing_error(route, Route):
        problem = "auth: none lets everybody in"
        if route.get("api_key") == "true":
            problem += "; an API key alone is no authorization"
        remedy = "add public: <the reason>, or remove auth: none"
        yield document.reject((*path, "auth"), "public-without-reason", problem, remedy)
    elif auth in ("iam", "jwt", "cognito") and "public" in route:
        problem = "public is given, yet callers are checked"
        remedy = "remove public, or add auth: none"
        yield document.reject((*path, "public"), "public-without-none", problem, remedy, key=True)


def _tokens_are_asked_for(
    document: Document, path: KeyPath, route: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    auth = route.get("auth", "iam")
    given = next((each for each in route if each in _OF_TOKENS), None)
    if auth in ("iam", "none") and given is not None:
        problem = f"{given} is given, yet no token is asked for"
        kind = "jwt" if authorizers_for(document, "jwt") else "cognito"
        remedy = f"add auth: {kind}, or remove {given}"
        yield document.reject((*path, given), "token-without-jwt", problem, remedy, key=True)


def _private_has_its_door(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    endpoint = document.text(*path, "endpoint") or "regional"
    has_door = bool(document.get(*path, "vpc_endpoints"))
    if endpoint == "private" and not (has_door or document.get(*path, "only_from", "vpcs")):
        problem = "endpoint: private lets nobody in without vpc_endpoints"
        remedy = "add vpc_endpoints, or choose another endpoint"
        yield document.reject((*path, "endpoint"), "private-endpoint", problem, remedy)
    elif endpoint in {"regional", "edge"} and has_door:
        problem = f"vpc_endpoints mean nothing where endpoint is {endpoint}"
        remedy = "add endpoint: private, or remove vpc_endpoints"
        yield document.reject(
            (*path, "vpc_endpoints"), "private-endpoint", problem, remedy, key=True
        )


def _any_origin_stands_alone(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    origins = document.sequence(*path)
    if "*" in origins and len(origins) > 1:
        problem = '"*" stands beside exact origins'
        remedy = 'write ["*"], or the exact origins alone'
        yield document.reject((*path, origins.index("*")), "wrong-origin", problem, remedy)


def _existing_has_no_trust(
    document: Document, path: KeyPath, role: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    given = [each for each in role if each in _TRUST]
    said = role.get("existing", "false")
    is_existing = said == "true"
    if is_existing and given:
        problem = f"existing: true keeps the role's own trust policy, whatever {given[0]} says"
        remedy = f"remove {', '.join(given)}, or existing: true"
        yield document.reject((*path, given[0]), "existing-role", problem, remedy, key=True)
    elif said == "false" and "identity_provider" not in role and not _has_typing_error(role, Role):
        problem = '"identity_provider" is missing'
        remedy = "add identity_provider: <name>, or existing: true"
        yield document.reject(path, "missing-field", problem, remedy, key=True)
