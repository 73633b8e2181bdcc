"""A blueprint's functions, with those that gateprint adds, under their final names; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateprint.model import resolved, written
from gateprint.model.blueprint import Blueprint
from gateprint.model.issuers import (
    AUTHORIZER_HANDLER,
    AUTHORIZER_RUNTIME,
    AUTHORIZER_SOURCE,
    authorizer_function,
)
from gateprint.model.naming import function_name
from gateprint.model.resolve_api import api_authorizers, identity_token_of
from gateprint.model.resolved import NOOP_FUNCTION, NOOP_HANDLER
from gateprint.model.resolved.identity_token import GUARD_HANDLER, GUARD_VARIABLE


def resolve_functions(
    blueprint: Blueprint, environment: resolved.Environment
) -> Iterator[resolved.Function]:
    """Yield the functions: its own, the preflights', and those that check tokens."""
    for name, function in blueprint.functions.items():
        token = _identity_token(name, blueprint)
        yield resolved.Function(
            name=name,
            aws_name=function_name(blueprint.name, environment.name, name),
            source=function.source,
            handler=GUARD_HANDLER if token else function.handler,
            runtime=function.runtime,
            memory_mib=function.memory_mib,
            timeout_seconds=function.timeout,
            log_retention_days=int(function.log_retention_days),
            description=function.description,
            environment={**_variables(name, function, blueprint), **_told(token, function)},
            is_guarded=token is not None,
            has_tracing=function.tracing,
        )
    if any(api.cors and api.cors.preflight == "function" for api in blueprint.apis.values()):
        yield _noop(blueprint.name, environment.name)
    for api_name, api in blueprint.apis.items():
        for authorizer in api_authorizers(api, blueprint):
            yield _token_check(blueprint.name, environment.name, api_name, authorizer)


def _variables(name: str, function: written.Function, blueprint: Blueprint) -> Mapping[str, str]:
    """Return the function's variables; the helper of lambdas/shared reads ALLOWED_ORIGINS."""
    origins = {
        " ".join(api.cors.origins)
        for api in blueprint.apis.values()
        if api.cors and any(route.function == name for route in api.routes.values())
    }
    allowed = {"ALLOWED_ORIGINS": origins.pop()} if origins else {}
    return {**allowed, **function.environment}


def _identity_token(name: str, blueprint: Blueprint) -> resolved.IdentityToken | None:
    """Return the token that the function's routes ask for; all of them ask for the same."""
    routes = [each for api in blueprint.apis.values() for each in api.routes.values()]
    found = (identity_token_of(each, blueprint) for each in routes if each.function == name)
    return next((each for each in found if each), None)


def _told(token: resolved.IdentityToken | None, function: written.Function) -> Mapping[str, str]:
    """Return what tells the guard of a function which handler to call, and whose tokens count."""
    if token is None:
        return {}
    return {GUARD_VARIABLE: token.settings_json(function.handler, is_proxy=function.proxy)}


def _noop(blueprint: str, environment: str) -> resolved.Function:
    return resolved.Function(
        name=NOOP_FUNCTION,
        aws_name=function_name(blueprint, environment, NOOP_FUNCTION),
        source=NOOP_FUNCTION,
        handler=NOOP_HANDLER,
        runtime="python3.12",
        memory_mib=128,
        timeout_seconds=3,
        log_retention_days=7,
        description="Answers CORS preflights with nothing: API Gateway adds the headers.",
    )


def _token_check(blueprint: str, environment: str, api: str, authorizer: str) -> resolved.Function:
    name = authorizer_function(api, authorizer)
    return resolved.Function(
        name=name,
        aws_name=function_name(blueprint, environment, name),
        source=AUTHORIZER_SOURCE,
        handler=AUTHORIZER_HANDLER,
        runtime=AUTHORIZER_RUNTIME,
        memory_mib=256,
        timeout_seconds=5,
        log_retention_days=30,
        description=f"Checks the tokens of {authorizer} for the API {api}.",
        checks=(api, authorizer),
    )
