"""A written API or stage → the one whose defaults are final; pure."""

from __future__ import annotations

from gateprint.model import resolved, written
from gateprint.model.blueprint import Blueprint
from gateprint.model.requests import Schemas, resolve_request
from gateprint.model.resolve_pools import pool_authorizer
from gateprint.model.resolved import BY_TOKEN
from gateprint.model.routes import split_route
from gateprint.model.written.authorizer import token_issuer
from gateprint.model.written.restriction import restriction_of
from gateprint.model.written.stage import Throttle


def resolve_stage(name: str, stage: written.Stage) -> resolved.Stage:
    """Return a stage under its name."""
    cache, log, metrics = stage.cache, stage.access_log, stage.metrics
    canary = stage.canary
    return resolved.Stage(
        name=name,
        description=stage.description,
        throttle=_throttle(stage.throttle),
        variables=stage.variables,
        has_tracing=stage.tracing,
        log_level=stage.log_level.upper(),
        access_log_days=int(log.retention_days) if log else None,
        waf_acl_arn=stage.waf_acl,
        has_detailed_metrics=metrics == "detailed" if metrics else None,
        cache=resolved.Cache(cache.size_gb, cache.ttl) if cache else None,
        release=stage.release,
        kept_releases=tuple(stage.kept_releases),
        canary=resolved.Canary(canary.percent, canary.release) if canary else None,
    )


def _throttle(said: Throttle | None) -> resolved.Throttle | None:
    return resolved.Throttle(said.rate, said.burst) if said else None


def resolve_api(
    name: str, api: written.Api, blueprint: Blueprint, schemas: Schemas
) -> resolved.Api:
    """Return an API under its name, with the authorizers that its routes use."""
    return resolved.Api(
        name=name,
        routes=tuple(_route(key, route, blueprint, schemas) for key, route in api.routes.items()),
        description=api.description,
        endpoint=api.endpoint.upper(),
        vpc_endpoints=tuple(api.vpc_endpoints),
        binary_types=tuple(api.binary_types),
        cors=_cors(api.cors, api) if api.cors else None,
        authorizers=tuple(
            token_issuer(each, blueprint.authorizers[each])
            for each in api_authorizers(api, blueprint)
        ),
        pool_authorizers=tuple(
            pool_authorizer(each, blueprint.authorizers[each])
            for each in api_authorizers(api, blueprint, "cognito")
        ),
        only_from=restriction_of(api.only_from),
        has_default_endpoint=api.default_endpoint,
    )


def api_authorizers(api: written.Api, blueprint: Blueprint, auth: str = "jwt") -> list[str]:
    """Return the names of the authorizers that an API's routes of one kind use, in their order."""
    used = {_authorizer(each, blueprint) for each in api.routes.values() if each.auth == auth}
    return [each for each in blueprint.authorizers if each in used]


def _authorizer(route: written.Route, blueprint: Blueprint) -> str | None:
    if route.auth not in BY_TOKEN:
        return None
    return route.authorizer or next(
        name
        for name, each in blueprint.authorizers.items()
        if bool(each.user_pools) == (route.auth == "cognito")
    )


def _cors(cors: written.Cors, api: written.Api) -> resolved.Cors:
    tokens = [route.identity_token for route in api.routes.values()]
    headers = tuple(sorted({each.header for each in tokens if each}))
    is_function = cors.preflight == "function"
    return resolved.Cors(tuple(cors.origins), cors.max_age, is_function, headers)


def _route(
    key: str, route: written.Route, blueprint: Blueprint, schemas: Schemas
) -> resolved.Route:
    method, path = split_route(key)
    return resolved.Route(
        method=method,
        path=path,
        backend=_backend(route, blueprint),
        auth=route.auth,
        public=route.public,
        description=route.description,
        authorizer=_authorizer(route, blueprint),
        scopes=tuple(dict.fromkeys(route.scopes)),
        needs_key=route.api_key,
        request=resolve_request(route.request, schemas),
        identity_token=identity_token_of(route, blueprint),
        throttle=_throttle(route.throttle),
    )


def identity_token_of(route: written.Route, blueprint: Blueprint) -> resolved.IdentityToken | None:
    """Return the token that a route asks for beside a signature, with its issuer."""
    said = route.identity_token
    if said is None:
        return None
    issuers = (each for each, found in blueprint.authorizers.items() if not found.user_pools)
    name = said.issuer or next(issuers)
    issuer = token_issuer(name, blueprint.authorizers[name])
    return resolved.IdentityToken(issuer, said.claim, said.header)


def _backend(route: written.Route, blueprint: Blueprint) -> resolved.Backend:
    if route.function is not None:
        is_proxy = blueprint.functions[route.function].proxy
        return resolved.FunctionBackend(route.function, is_proxy)
    if route.lambda_arn is not None:
        return resolved.LambdaBackend(route.lambda_arn)
    if route.http is not None:
        return resolved.HttpBackend(route.http)
    mock = route.mock or written.Mock(status=200)
    return resolved.MockBackend(mock.status, mock.body)
