"""A written API or stage → the one whose defaults are final; pure."""

from __future__ import annotations

from gateprint.model import resolved, written
from gateprint.model.blueprint import Blueprint
from gateprint.model.routes import split_route
from gateprint.model.written.authorizer import token_issuer
from gateprint.model.written.stage import Throttle


def resolve_stage(name: str, stage: written.Stage) -> resolved.Stage:
    """Return a stage under its name."""
    cache, log, metrics = stage.cache, stage.access_log, stage.metrics
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
    )


def _throttle(said: Throttle | None) -> resolved.Throttle | None:
    return resolved.Throttle(said.rate, said.burst) if said else None


def resolve_api(name: str, api: written.Api, blueprint: Blueprint) -> resolved.Api:
    """Return an API under its name, with the authorizers that its routes use."""
    return resolved.Api(
        name=name,
        routes=tuple(_route(key, route, blueprint) for key, route in api.routes.items()),
        description=api.description,
        endpoint=api.endpoint.upper(),
        vpc_endpoints=tuple(api.vpc_endpoints),
        binary_types=tuple(api.binary_types),
        cors=_cors(api.cors) if api.cors else None,
        authorizers=tuple(
            token_issuer(each, blueprint.authorizers[each])
            for each in api_authorizers(api, blueprint)
        ),
        has_default_endpoint=api.default_endpoint,
    )


def api_authorizers(api: written.Api, blueprint: Blueprint) -> list[str]:
    """Return the names of the authorizers that an API's routes use, in their own order."""
    used = {_authorizer(route, blueprint) for route in api.routes.values()}
    return [each for each in blueprint.authorizers if each in used]


def _authorizer(route: written.Route, blueprint: Blueprint) -> str | None:
    if route.auth != "jwt":
        return None
    return route.authorizer or next(iter(blueprint.authorizers))


def _cors(cors: written.Cors) -> resolved.Cors:
    return resolved.Cors(tuple(cors.origins), cors.max_age, cors.preflight == "function")


def _route(key: str, route: written.Route, blueprint: Blueprint) -> resolved.Route:
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
        throttle=_throttle(route.throttle),
    )


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
