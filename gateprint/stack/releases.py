"""Releases: deployments that stay, and the aliases that keep each function's version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cdktf import TerraformResource, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission

from gateprint.model.naming import LATEST
from gateprint.model.resolved import Api, ResolvedBlueprint
from gateprint.stack import address
from gateprint.stack.base import named
from gateprint.stack.published import PublishedApi
from gateprint.stack.release_contents import triggers_of
from gateprint.stack.release_origin import release_address
from gateprint.stack.text import literals

# What a function has before anything of it is published: its code as it is (Lambda API reference,
# CreateAlias, FunctionVersion).
_UNPUBLISHED = "$LATEST"


@dataclass(frozen=True, slots=True)
class Aliases:
    """The aliases of a stack's functions, by function and name."""

    stack: TerraformStack
    found: Mapping[tuple[str, str], LambdaAlias]

    def permissions(
        self, blueprint: ResolvedBlueprint, api: Api, functions: Iterable[str], source_arn: str
    ) -> Iterator[LambdaPermission]:
        """Add and yield what lets an API call its functions by their aliases.

        An alias has a policy of its own (Lambda developer guide, "Using Lambda aliases in event
        sources and permissions policies").
        """
        for function in sorted(functions):
            for alias in _names(blueprint) if self.found else ():
                yield self._permission(api, function, alias, source_arn)

    def _permission(self, api: Api, function: str, alias: str, source_arn: str) -> LambdaPermission:
        name = release_address(f"{address.of(function)}_{address.part(api.name)}", alias)
        target = self.found[function, alias]
        permission = LambdaPermission(
            self.stack,
            f"permission.{name}",
            # At most 100 characters (Lambda API reference, AddPermission).
            statement_id=f"{api.name}-{alias}",
            action="lambda:InvokeFunction",
            function_name=target.function_name,
            qualifier=target.name,
            principal="apigateway.amazonaws.com",
            source_arn=source_arn,
        )
        return named(permission, name)


def add_aliases(
    stack: TerraformStack, blueprint: ResolvedBlueprint, functions: Mapping[str, LambdaFunction]
) -> Aliases:
    """Add an alias for each release and function, and one for what the blueprint says.

    The functions are published as versions for it. None where no stage names a release. What checks
    tokens has none: access follows the blueprint.
    """
    if not blueprint.releases:
        return Aliases(stack, {})
    served = [each.name for each in blueprint.functions if each.checks is None]
    for name in served:
        functions[name].publish = True
    found = {
        (name, alias): _alias(stack, name, alias, functions[name])
        for name in served
        for alias in _names(blueprint)
    }
    return Aliases(stack, found)


def add_release_deployments(
    stack: TerraformStack,
    blueprint: ResolvedBlueprint,
    rest_api: ApiGatewayRestApi,
    published: PublishedApi,
    contents: Sequence[TerraformResource],
) -> dict[str, ApiGatewayDeployment]:
    """Add a deployment for each release, whichever stages name it; return them by release."""
    return {
        release: _deployment(stack, release, rest_api, published, contents)
        for release in blueprint.releases
    }


def _deployment(
    stack: TerraformStack,
    release: str,
    rest_api: ApiGatewayRestApi,
    published: PublishedApi,
    contents: Sequence[TerraformResource],
) -> ApiGatewayDeployment:
    name = release_address(address.part(published.name), release)
    resource = ApiGatewayDeployment(
        stack,
        f"deployment.{name}",
        rest_api_id=rest_api.id,
        description=f"release {release}",
        triggers=literals(triggers_of(published, release)),
        depends_on=list(contents),
        # Its stages have to be moved away before it goes; and nothing else makes another one of it.
        lifecycle=TerraformResourceLifecycle(
            create_before_destroy=True, ignore_changes=["triggers"]
        ),
    )
    return named(resource, name)


def _alias(stack: TerraformStack, function: str, alias: str, target: LambdaFunction) -> LambdaAlias:
    name = release_address(address.of(function), alias)
    is_latest = alias == LATEST
    # A release keeps the version that there was when it was taken.
    lifecycle = (
        None if is_latest else TerraformResourceLifecycle(ignore_changes=["function_version"])
    )
    resource = LambdaAlias(
        stack,
        f"alias.{name}",
        name=alias,
        function_name=target.function_name,
        function_version=_UNPUBLISHED if is_latest else target.version,
        lifecycle=lifecycle,
    )
    return named(resource, name)


def _names(blueprint: ResolvedBlueprint) -> tuple[str, ...]:
    return (LATEST, *blueprint.releases)
