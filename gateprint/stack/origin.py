"""Which line of a file each resource of a stack comes from, by its Terraform address; pure.

Beside the constructs, which give those addresses: a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateprint.access.policy import role_documents
from gateprint.model.document import KeyPath
from gateprint.model.issuers import authorizer_function
from gateprint.model.resolved import (
    NOOP_FUNCTION,
    Api,
    Environment,
    FunctionBackend,
    LambdaBackend,
    ResolvedBlueprint,
    Role,
    Stage,
    UserPool,
)
from gateprint.stack import address
from gateprint.stack.publish import publish
from gateprint.stack.published import Method, PublishedApi
from gateprint.stack.release_origin import release_origins

_Origin = tuple[str, KeyPath]


def origins_of(blueprint: ResolvedBlueprint) -> dict[str, KeyPath]:
    """Return the paths in the blueprint's file of all resources of its stack, by address.

    What follows from an API as a whole leads to `apis.<name>`.
    """
    return dict(_origins(blueprint))


def account_origins(environment: Environment) -> dict[str, KeyPath]:
    """Return the paths in the environment's file of all resources of the account's own stack."""
    logs = (
        "aws_iam_role.api-gateway-logs",
        "aws_iam_role_policy_attachment.api-gateway-logs",
        "aws_api_gateway_account.api-gateway",
    )
    return {
        **dict.fromkeys(logs, ("account",)),
        **{
            f"aws_iam_saml_provider.{address.of(each.name)}": ("identity_providers", each.name)
            for each in environment.identity_providers
        },
        **{
            f"aws_vpc_endpoint_policy.{address.of(each.id)}": ("vpc_endpoints", each.id)
            for each in environment.vpc_endpoints
        },
    }


def _origins(blueprint: ResolvedBlueprint) -> Iterator[_Origin]:
    for pool in blueprint.user_pools:
        yield from _pool(pool)
    for api in blueprint.apis:
        yield from _api(blueprint, api)
        yield from _invocations(api)
        yield from _authorizers(api)
        for stage in blueprint.stages:
            yield from _stage(api, stage)
            yield from _throttles(api, stage)
        yield from release_origins(blueprint, api)
    yield from _domains(blueprint)
    yield from _functions(blueprint, _checking_tokens(blueprint))
    for role in blueprint.roles:
        yield from _role(blueprint, role)
    yield from _plans(blueprint)


def _api(blueprint: ResolvedBlueprint, api: Api) -> Iterator[_Origin]:
    published, path = publish(blueprint, api, "id"), ("apis", api.name)
    name = address.part(api.name)
    yield f"aws_api_gateway_rest_api.{name}", path
    where = "only_from" if api.only_from else "vpc_endpoints"
    yield f"aws_api_gateway_rest_api_policy.{name}", (*path, where)
    yield from _path_resources(api, published)
    yield from _checks(api, published)
    for method in published.methods:
        yield from _method(api, method)
    for each in published.gateway_responses:
        kind = address.joined(api.name, each.kind.lower().replace("_", "-"))
        yield f"aws_api_gateway_gateway_response.{kind}", (*path, "cors")


def _checks(api: Api, published: PublishedApi) -> Iterator[_Origin]:
    """Yield models and validators, each with the first route that checks by it."""
    for route in reversed(api.routes):
        path: KeyPath = ("apis", api.name, "routes", route.key, "request")
        if route.request is None:
            continue
        if route.request.body is not None:
            name = address.joined(api.name, route.request.body.model)
            yield f"aws_api_gateway_model.{name}", (*path, "body")
        if route.request.validator in published.validators:
            name = address.joined(api.name, route.request.validator)
            yield f"aws_api_gateway_request_validator.{name}", path


def _path_resources(api: Api, published: PublishedApi) -> Iterator[_Origin]:
    """Yield each path resource with the first route that needs it."""
    for segments in published.paths:
        key = next(each.key for each in api.routes if each.segments[: len(segments)] == segments)
        name = address.path_resource(api.name, segments)
        yield f"aws_api_gateway_resource.{name}", ("apis", api.name, "routes", key)


def _method(api: Api, method: Method) -> Iterator[_Origin]:
    name = address.method(api.name, method.verb, method.segments)
    path: KeyPath = ("apis", api.name, "cors")
    for route in api.routes:
        if (route.method, route.segments) == (method.verb, method.segments):
            path = ("apis", api.name, "routes", route.key)
    yield f"aws_api_gateway_method.{name}", path
    yield f"aws_api_gateway_integration.{name}", path
    for response in method.responses:
        yield f"aws_api_gateway_method_response.{name}_{response.status}", path
        yield f"aws_api_gateway_integration_response.{name}_{response.status}", path


def _invocations(api: Api) -> Iterator[_Origin]:
    """Yield the permissions to call functions, each with the first route that needs it."""
    part = address.part(api.name)
    if api.cors and api.cors.is_preflight_function:
        path = ("apis", api.name, "cors", "preflight")
        yield f"aws_lambda_permission.{address.of(NOOP_FUNCTION)}_{part}", path
    for route in reversed(api.routes):
        path = ("apis", api.name, "routes", route.key)
        if isinstance(route.backend, FunctionBackend):
            yield f"aws_lambda_permission.{address.of(route.backend.function)}_{part}", path
        elif isinstance(route.backend, LambdaBackend):
            name = address.joined(route.backend.arn.split(":function:")[1], api.name)
            yield f"aws_lambda_permission.{name}--external", path


def _authorizers(api: Api) -> Iterator[_Origin]:
    """Yield each authorizer, and its permission to ask the function that checks tokens."""
    for each in api.authorizers:
        path, name = ("authorizers", each.name), authorizer_function(api.name, each.name)
        yield f"aws_api_gateway_authorizer.{address.joined(api.name, each.name)}", path
        yield f"aws_lambda_permission.{address.of(name)}", path
    for one in api.pool_authorizers:
        where = ("authorizers", one.name)
        yield f"aws_api_gateway_authorizer.{address.joined(api.name, one.name)}", where


def _pool(pool: UserPool) -> Iterator[_Origin]:
    name, path = address.part(pool.name), ("user_pools", pool.name)
    yield f"aws_cognito_user_pool.{name}", path
    yield f"aws_cognito_user_pool_domain.{name}", (*path, "domain")
    for server in pool.resource_servers:
        found = address.resource_server(pool.name, server)
        yield f"aws_cognito_resource_server.{found}", (*path, "scopes")
    for client in pool.clients:
        found = address.joined(pool.name, client.name)
        yield f"aws_cognito_user_pool_client.{found}", (*path, "clients", client.name)


def _checking_tokens(blueprint: ResolvedBlueprint) -> dict[str, KeyPath]:
    """Return the functions that check tokens, which no file declares, and what asks for them."""
    return {
        authorizer_function(api.name, each.name): ("authorizers", each.name)
        for api in blueprint.apis
        for each in api.authorizers
    }


def _stage(api: Api, stage: Stage) -> Iterator[_Origin]:
    name, path = address.joined(api.name, stage.name), ("stages", stage.name)
    yield f"aws_api_gateway_deployment.{name}", ("apis", api.name)
    yield f"aws_api_gateway_stage.{name}", path
    yield f"aws_api_gateway_method_settings.{name}", path
    yield f"aws_cloudwatch_log_group.{name}--access", (*path, "access_log")
    yield f"aws_wafv2_web_acl_association.{name}", (*path, "waf_acl")


def _throttles(api: Api, stage: Stage) -> Iterator[_Origin]:
    for route in api.routes:
        name = (
            f"{address.part(api.name)}_{address.method(stage.name, route.method, route.segments)}"
        )
        path = ("apis", api.name, "routes", route.key, "throttle")
        yield f"aws_api_gateway_method_settings.{name}", path


def _domains(blueprint: ResolvedBlueprint) -> Iterator[_Origin]:
    for each in blueprint.domains:
        path: KeyPath = ("domains", each.name)
        yield f"aws_api_gateway_domain_name.{address.part(each.name)}", path
        for base in each.base_paths:
            name = address.joined(each.name, *([base.path] if base.path else []))
            where = (*path, "base_paths", f"/{base.path}")
            yield f"aws_api_gateway_base_path_mapping.{name}", where


def _functions(blueprint: ResolvedBlueprint, generated: Mapping[str, KeyPath]) -> Iterator[_Origin]:
    for each in blueprint.functions:
        path = generated.get(each.name, ("functions", each.name))
        if each.name == NOOP_FUNCTION:
            path = _preflight(blueprint)
        yield f"aws_lambda_function.{address.of(each.name)}", path
        yield f"aws_cloudwatch_log_group.{address.of(each.name)}", (*path, "log_retention_days")
    yield "aws_iam_role.functions--role", ("functions",)
    yield "aws_iam_role_policy.functions--role", ("functions",)


def _plans(blueprint: ResolvedBlueprint) -> Iterator[_Origin]:
    """Yield the plans and their keys; a key of several leads to the first."""
    for plan in reversed(blueprint.plans):
        path: KeyPath = ("plans", plan.name)
        yield f"aws_api_gateway_usage_plan.{address.part(plan.name)}", path
        for name in plan.keys:
            membership = address.joined(plan.name, name)
            yield f"aws_api_gateway_usage_plan_key.{membership}", (*path, "keys")
            yield f"aws_api_gateway_api_key.{address.part(name)}", (*path, "keys")


def _preflight(blueprint: ResolvedBlueprint) -> KeyPath:
    """Return where the function for preflights is asked for, which no file declares."""
    for api in blueprint.apis:
        if api.cors is not None and api.cors.is_preflight_function:
            return "apis", api.name, "cors", "preflight"
    return "functions", NOOP_FUNCTION


def _role(blueprint: ResolvedBlueprint, role: Role) -> Iterator[_Origin]:
    name, path = address.of(role.name), ("roles", role.name)
    yield f"aws_iam_role.{name}", path
    yield f"aws_iam_role_policy.{name}", (*path, "allow")
    api_ids = {each.name: "id" for each in blueprint.apis}
    for number, _ in enumerate(role_documents(blueprint, role, api_ids).managed, start=1):
        yield f"aws_iam_policy.{name}--{number}", (*path, "allow")
        yield f"aws_iam_role_policy_attachment.{name}--{number}", (*path, "allow")
