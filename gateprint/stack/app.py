"""The CDKTF app: resolved blueprints and their environments → stacks → cdktf.out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct
from jsii.errors import JSIIError

from gateprint.access.order import prerequisites
from gateprint.access.policy import api_arn
from gateprint.errors import ToolFailed
from gateprint.model.issuers import authorizer_function
from gateprint.model.resolved import (
    NOOP_FUNCTION,
    Api,
    Environment,
    FunctionBackend,
    LambdaBackend,
    ResolvedBlueprint,
)
from gateprint.stack import address
from gateprint.stack.account import account_stack
from gateprint.stack.archive import Archive
from gateprint.stack.base import named, new_stack, output
from gateprint.stack.domains import add_domains
from gateprint.stack.functions import add_functions
from gateprint.stack.plans import add_plans
from gateprint.stack.pools import add_pools
from gateprint.stack.publish import publish
from gateprint.stack.releases import add_aliases
from gateprint.stack.rest_api import ApiContents, add_rest_api
from gateprint.stack.roles import add_roles
from gateprint.stack.stages import add_stages


def synthesize(
    environments: Sequence[Environment],
    blueprints: Sequence[ResolvedBlueprint],
    archives: Mapping[str, Archive],
    outdir: Path,
) -> tuple[str, ...]:
    """Write the Terraform JSON of all stacks below `outdir`; return the stacks' names.

    `archives` are the packed functions, by `Function.archive`; the Terraform has their digests.

    Raises:
        ToolFailed: CDKTF fails, with its own message.
    """
    try:
        return _synthesize(environments, blueprints, archives, outdir)
    except (JSIIError, RuntimeError) as error:
        raise ToolFailed(
            "CDKTF cannot synthesize the stacks",
            "run gateprint doctor; if all is well there, report this with the blueprint",
            str(error),
        ) from error


def _synthesize(
    environments: Sequence[Environment],
    blueprints: Sequence[ResolvedBlueprint],
    archives: Mapping[str, Archive],
    outdir: Path,
) -> tuple[str, ...]:
    app = App(outdir=str(outdir))
    names = []
    for environment in environments:
        account_stack(app, environment)
        names.append(environment.account_stack)
    stacks = {each.stack: blueprint_stack(app, each, archives) for each in blueprints}
    for name, needed in prerequisites(blueprints).items():
        for each in needed:
            # `cdktf deploy` waits for it; `cdktf destroy` goes the other way round.
            stacks[name].add_dependency(stacks[each])
    app.synth()
    return (*names, *stacks)


def blueprint_stack(
    app: Construct, blueprint: ResolvedBlueprint, archives: Mapping[str, Archive]
) -> TerraformStack:
    """Add the stack of one blueprint in one environment.

    That of a retired one is empty: so Terraform plans to destroy what its state holds, in the order
    that the state knows.
    """
    services = ("cognitoidp",) if blueprint.user_pools else ()
    stack = new_stack(app, blueprint.stack, blueprint.environment, blueprint.tags, services)
    if blueprint.is_retired:
        return stack
    add_pools(stack, blueprint)
    functions = add_functions(stack, blueprint, archives)
    aliases = add_aliases(stack, blueprint, functions)
    api_ids: dict[str, str] = {}
    stages: dict[str, dict[str, ApiGatewayStage]] = {}
    for api in blueprint.apis:
        rest_api = add_rest_api(stack, blueprint, api)
        api_ids[api.name] = f"${{aws_api_gateway_rest_api.{address.part(api.name)}.id}}"
        published = publish(blueprint, api, api_ids[api.name])
        contents = ApiContents(stack, rest_api, published, functions).add()
        permissions = _invoke_permissions(stack, blueprint, api, api_ids[api.name])
        source_arn = f"{api_arn(blueprint.environment, api_ids[api.name])}/*/*/*"
        permissions += aliases.permissions(blueprint, api, _functions_of(api), source_arn)
        depended = [*contents, *permissions]
        stages[api.name] = add_stages(stack, blueprint, api, rest_api, published, depended)
    add_plans(stack, blueprint, stages)
    add_domains(stack, blueprint, stages)
    urls = {
        api: {name: each.invoke_url for name, each in of_api.items()}
        for api, of_api in stages.items()
    }
    role_arns = add_roles(stack, blueprint, api_ids)
    output(stack, "api_ids", api_ids, "The ids of the REST APIs, by name.")
    output(stack, "invoke_urls", urls, "The address of every stage, by API and stage.")
    output(stack, "role_arns", role_arns, "The roles that callers assume, by name.")
    return stack


def _invoke_permissions(
    stack: TerraformStack, blueprint: ResolvedBlueprint, api: Api, api_id: str
) -> list[LambdaPermission]:
    """Let this API, and no other caller, invoke its functions: one permission per function.

    One per route would outgrow the function's policy of 20,480 bytes.
    """
    arn = api_arn(blueprint.environment, api_id)
    permissions = []
    asked = dict.fromkeys(_invoked(blueprint, api).items(), f"{arn}/*/*/*")
    asked |= {each: f"{arn}/authorizers/{ref}" for each, ref in _asked_about_tokens(api).items()}
    for (name, target), source_arn in sorted(asked.items()):
        permission = LambdaPermission(
            stack,
            f"permission.{name}",
            statement_id=f"{blueprint.stack}-{api.name}",
            action="lambda:InvokeFunction",
            function_name=target,
            principal="apigateway.amazonaws.com",
            source_arn=source_arn,
        )
        permissions.append(named(permission, name))
    return permissions


def _asked_about_tokens(api: Api) -> dict[tuple[str, str], str]:
    """Return what an API's authorizers invoke, as `_invoked`, with a reference to each one's id."""
    found = {}
    for issuer in api.authorizers:
        function = authorizer_function(api.name, issuer.name)
        target = (address.of(function), _function_reference(function))
        authorizer = address.joined(api.name, issuer.name)
        found[target] = f"${{aws_api_gateway_authorizer.{authorizer}.id}}"
    return found


def _function_reference(name: str) -> str:
    return f"${{aws_lambda_function.{address.of(name)}.function_name}}"


def _invoked(blueprint: ResolvedBlueprint, api: Api) -> dict[str, str]:
    """Return what the API invokes: addresses of permissions → names or ARNs for Lambda.

    A function of another account gets its permission from its owner.
    """
    own = {
        f"{address.of(name)}_{address.part(api.name)}": _function_reference(name)
        for name in _functions_of(api)
    }
    arns = {route.backend.arn for route in api.routes if isinstance(route.backend, LambdaBackend)}
    foreign = {
        f"{address.joined(arn.split(':function:')[1], api.name)}--external": arn
        for arn in arns
        if arn.split(":")[4] == blueprint.environment.account
    }
    return own | foreign


def _functions_of(api: Api) -> set[str]:
    """Return the blueprint's functions that the API calls."""
    names = {
        route.backend.function for route in api.routes if isinstance(route.backend, FunctionBackend)
    }
    return names | ({NOOP_FUNCTION} if api.cors and api.cors.is_preflight_function else set())
