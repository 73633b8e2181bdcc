"""Resolved API → `PublishedApi`: methods, integrations and responses of every route; pure."""

from __future__ import annotations

from collections.abc import Mapping

from gateprint.access.policy import resource_policy
from gateprint.model.issuers import TokenIssuer, authorizer_function
from gateprint.model.resolved import (
    Api,
    Cors,
    FunctionBackend,
    HttpBackend,
    IdentityToken,
    LambdaBackend,
    MockBackend,
    PoolAuthorizer,
    ResolvedBlueprint,
    Route,
)
from gateprint.model.resolved.pool import is_arn
from gateprint.stack import address
from gateprint.stack import published as out
from gateprint.stack.cors import gateway_responses, origin_headers, origin_template, preflight
from gateprint.stack.identity import pattern_of, refusals, with_tokens
from gateprint.stack.published import Authorizer, Integration, Method, PublishedApi, Response
from gateprint.stack.release_contents import qualified, through_alias
from gateprint.stack.requests import checks_of, declared_headers, models_of, refusals_of
from gateprint.stack.text import verbatim_template

_AUTHORIZATION = {
    "iam": "AWS_IAM",
    "jwt": "CUSTOM",
    "cognito": "COGNITO_USER_POOLS",
    "none": "NONE",
}
_IDENTITY_SOURCE = "method.request.header.Authorization"
# What has not the form of a token is refused before the function is asked.
_BEARER = r"^Bearer [-0-9A-Za-z_]+\.[-0-9A-Za-z_]+\.[-0-9A-Za-z_]+$"
_JSON = "application/json"

# What a function with proxy: false receives. escapeJavaScript also escapes the apostrophe, which
# JSON does not allow (API Gateway developer guide, "$util variables").
_QUOTED = r'''"$util.escapeJavaScript(%s).replaceAll("\\'", "'")"'''
_ENTRIES = (
    f"#foreach($key in $input.params().%s.keySet()){_QUOTED % '$key'}: "
    f"{_QUOTED % '$input.params().%s.get($key)'}#if($foreach.hasNext), #end#end"
)
EVENT_TEMPLATE = (
    "{\n"
    "  \"body\": $input.json('$'),\n"
    f'  "path": {{{_ENTRIES % ("path", "path")}}},\n'
    f'  "query": {{{_ENTRIES % ("querystring", "querystring")}}},\n'
    f'  "caller": {_QUOTED % "$context.identity.userArn"}\n'
    "}\n"
)
_ERROR_BODY = '{"message": "Internal server error"}'
_BAD_REQUEST_BODY = f"""{{"message": {_QUOTED % "$input.path('$.errorMessage').substring(6)"}}}"""


def publish(blueprint: ResolvedBlueprint, api: Api, api_id: str) -> PublishedApi:
    """Return what deployments of `api` publish; `api_id` is a reference to the API's id."""
    methods = [
        *(_method(blueprint, api, each) for each in api.routes),
        *_preflights(blueprint, api),
    ]
    stages = tuple(stage.name for stage in blueprint.stages)
    return PublishedApi(
        name=api.name,
        binary_types=api.binary_types,
        methods=tuple(_served(blueprint, each) for each in methods),
        gateway_responses=gateway_responses(
            api.cors,
            {route.method for route in api.routes},
            declared_headers(api.routes),
            refusals_of(api.routes),
        ),
        resource_policy=resource_policy(blueprint.environment, stages, api, api_id),
        authorizers=tuple(_authorizer(blueprint, api, each) for each in api.authorizers),
        pool_authorizers=tuple(_pool_authorizer(each) for each in api.pool_authorizers),
        models=models_of(api),
        has_default_endpoint=api.has_default_endpoint,
    )


def _served(blueprint: ResolvedBlueprint, method: Method) -> Method:
    arn = method.integration.function_arn or ""
    uri = invocation_uri(blueprint, qualified(arn)) if method.integration.function else ""
    return through_alias(blueprint, method, uri)


def _authorizer(blueprint: ResolvedBlueprint, api: Api, issuer: TokenIssuer) -> Authorizer:
    function = authorizer_function(api.name, issuer.name)
    return Authorizer(
        name=issuer.name,
        function=function,
        function_arn=blueprint.function_arn(function),
        identity_source=_IDENTITY_SOURCE,
        validation=_BEARER,
        cache_seconds=issuer.cache_seconds,
    )


def _pool_authorizer(authorizer: PoolAuthorizer) -> out.PoolAuthorizer:
    pools = sorted(
        each if is_arn(each) else f"${{aws_cognito_user_pool.{address.part(each)}.arn}}"
        for each in authorizer.user_pools
    )
    return out.PoolAuthorizer(authorizer.name, tuple(pools), _IDENTITY_SOURCE)


def _preflights(blueprint: ResolvedBlueprint, api: Api) -> list[Method]:
    if api.cors is None:
        return []
    routes: dict[tuple[str, ...], list[Route]] = {}
    for route in api.routes:
        routes.setdefault(route.segments, []).append(route)
    return [
        preflight(
            blueprint, api.cors, path, [each.method for each in found], declared_headers(found)
        )
        for path, found in routes.items()
    ]


def _method(blueprint: ResolvedBlueprint, api: Api, route: Route) -> Method:
    return Method(
        verb=route.method,
        segments=route.segments,
        authorization=_AUTHORIZATION[route.auth],
        integration=_integration(blueprint, route),
        responses=_responses(route, api.cors),
        parameters=tuple(_passed_parameters(route).values()),
        authorizer=route.authorizer,
        needs_key=route.needs_key,
        scopes=tuple(sorted(route.scopes)) if route.auth == "cognito" else (),
        checks=checks_of(route.request),
    )


def _integration(blueprint: ResolvedBlueprint, route: Route) -> Integration:
    backend = route.backend
    if isinstance(backend, FunctionBackend):
        return _function_integration(blueprint, backend, route.identity_token)
    if isinstance(backend, LambdaBackend):
        return Integration(
            "AWS_PROXY",
            function_arn=backend.arn,
            uri=invocation_uri(blueprint, backend.arn),
            http_method="POST",
        )
    if isinstance(backend, HttpBackend):
        return Integration(
            "HTTP_PROXY",
            uri=backend.url,
            http_method=route.method,
            parameters=_passed_parameters(route),
        )
    templates = {_JSON: f'{{"statusCode": {backend.status}}}'}
    return Integration("MOCK", request_templates=templates, passthrough="WHEN_NO_MATCH")


def _function_integration(
    blueprint: ResolvedBlueprint, backend: FunctionBackend, token: IdentityToken | None
) -> Integration:
    arn = blueprint.function_arn(backend.function)
    if backend.is_proxy:
        return Integration(
            "AWS_PROXY", function=backend.function, function_arn=arn, http_method="POST"
        )
    return Integration(
        "AWS",
        function=backend.function,
        function_arn=arn,
        http_method="POST",
        request_templates={_JSON: _event_template(token)},
        passthrough="NEVER",
    )


def _event_template(token: IdentityToken | None) -> str:
    return with_tokens(EVENT_TEMPLATE, token.header) if token else EVENT_TEMPLATE


def invocation_uri(blueprint: ResolvedBlueprint, arn: str) -> str:
    """Return the address under which API Gateway invokes a function."""
    partition, region = blueprint.environment.partition, arn.split(":")[3]
    return f"arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"


def _passed_parameters(route: Route) -> Mapping[str, str]:
    """Return the path parameters that an HTTP backend's address uses, as mapping keys."""
    if not isinstance(route.backend, HttpBackend):
        return {}
    names = [each.strip("{}").rstrip("+") for each in route.segments if each.startswith("{")]
    return {
        f"integration.request.path.{name}": f"method.request.path.{name}"
        for name in names
        if f"{{{name}}}" in route.backend.url
    }


def _responses(route: Route, cors: Cors | None) -> tuple[Response, ...]:
    backend, headers, template = route.backend, origin_headers(cors), origin_template(cors)
    if isinstance(backend, MockBackend):
        body = template + verbatim_template(backend.body)
        return (Response(str(backend.status), headers, {_JSON: body}),)
    if isinstance(backend, FunctionBackend) and not backend.is_proxy:
        # A failing function must neither answer 200 nor show its stack trace.
        told = {each: {_JSON: template + _BAD_REQUEST_BODY} for each in refusals(route)}
        others = rf"(?!\[{pattern_of(route)}\] )[\s\S]+"
        return (
            Response("200", headers, {_JSON: f"{template}$input.json('$')"}),
            *(Response(each, headers, told[each], rf"\[{each}\] [\s\S]*") for each in told),
            Response("500", headers, {_JSON: template + _ERROR_BODY}, others),
        )
    return ()
