"""What asks for tokens as security schemes, and back; pure.

API Gateway developer guide, "x-amazon-apigateway-authorizer object" and "Use OpenAPI extensions
for Amazon Cognito": the scopes of a requirement are those of which an access token needs one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateprint.model.resolved import Api, ResolvedBlueprint, Route
from gateprint.model.resolved.pool import is_arn
from gateprint.openapi import words
from gateprint.openapi.own import Own
from gateprint.openapi.reading import Node
from gateprint.stack.publish import invocation_uri
from gateprint.stack.published import PublishedApi

# `x-amazon-apigateway-authtype`, by `auth`.
_KINDS = {"jwt": "custom", "cognito": "cognito_user_pools"}


def schemes_of(
    blueprint: ResolvedBlueprint, api: Api, published: PublishedApi
) -> dict[str, dict[str, Any]]:
    """Return a security scheme for each authorizer of an API."""
    by_function = {
        _scheme(each.name): {
            "type": "token",
            "authorizerUri": invocation_uri(blueprint, each.function_arn),
            "authorizerResultTtlInSeconds": each.cache_seconds,
            "identitySource": each.identity_source,
            "identityValidationExpression": each.validation,
        }
        for each in published.authorizers
    }
    by_pools = {
        _scheme(each.name): {
            "type": _KINDS["cognito"],
            "providerARNs": [_arn(blueprint, pool) for pool in each.user_pools],
        }
        for each in api.pool_authorizers
    }
    return {
        name: {
            **words.SIGV4_SCHEME,
            words.AUTH_TYPE: _KINDS["cognito" if name in by_pools else "jwt"],
            words.AUTHORIZER: authorizer,
        }
        for name, authorizer in {**by_function, **by_pools}.items()
    }


def requirement_of(route: Route) -> dict[str, list[str]]:
    """Return what a route that asks for a token requires.

    What `jwt` asks for is decided by the function, and stands in `x-gateprint` alone.
    """
    scopes = list(route.scopes) if route.auth == "cognito" else []
    return {_scheme(route.authorizer or ""): scopes}


def token_auth(whole: Node, operation: Node, own: Own) -> dict[str, Any]:
    """Return `auth` of an operation that asks for a token of an authorizer of `x-gateprint`.

    With it come the scopes that a pool's token needs, where they are not as `x-gateprint` has them.
    Empty where another kind of caller is asked for; that is read elsewhere.
    """
    asked = operation.mapping().get("security")
    if not isinstance(asked, list) or len(asked) != 1 or not isinstance(asked[0], dict):
        return {}
    # A key that is asked for as well decides nothing about the token.
    names = [name for name in asked[0] if name != words.API_KEY]
    for auth, kind in _KINDS.items():
        found = [name for name in names if _kind(whole, name) == kind]
        if len(found) == len(names) == 1 and _is_known(own, found[0], auth):
            return {"auth": auth, **_scopes(operation, auth, asked[0][found[0]])}
    return {}


def _scopes(operation: Node, auth: str, asked: Any) -> dict[str, Any]:
    known = operation.at(words.OWN).mapping().get("scopes") or []
    said = [str(each) for each in asked] if isinstance(asked, list) else []
    if auth == "jwt" or set(said) == {str(each) for each in known}:
        return {}
    return {"scopes": said}


def _is_known(own: Own, scheme: str, auth: str) -> bool:
    declared = own.blueprint.get("authorizers")
    found = declared.get(scheme.rstrip("."), {}) if isinstance(declared, Mapping) else {}
    has_pools = isinstance(found, Mapping) and "user_pools" in found
    return bool(found) and has_pools == (auth == "cognito")


def _kind(whole: Node, scheme: str) -> str:
    return whole.text("components", "securitySchemes", scheme, words.AUTH_TYPE) or ""


def _scheme(authorizer: str) -> str:
    """Return the name of an authorizer's scheme; no authorizer has a dot."""
    return f"{authorizer}." if authorizer in {words.SIGV4, words.API_KEY} else authorizer


def _arn(blueprint: ResolvedBlueprint, pool: str) -> str:
    """Return a pool's ARN; of one that is still to be made, its name stands for the id."""
    if is_arn(pool):
        return pool
    where = blueprint.environment
    name = next(each.aws_name for each in blueprint.user_pools if each.name == pool)
    front = f"arn:{where.partition}:cognito-idp:{where.region}:{where.account}"
    return f"{front}:userpool/{where.region}_{name}"
