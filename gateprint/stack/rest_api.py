"""One REST API as constructs: everything that its deployments publish, from `PublishedApi`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdktf import TerraformResource, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_authorizer import ApiGatewayAuthorizer
from cdktf_cdktf_provider_aws.api_gateway_gateway_response import ApiGatewayGatewayResponse
from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_integration_response import ApiGatewayIntegrationResponse
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.api_gateway_method_response import ApiGatewayMethodResponse
from cdktf_cdktf_provider_aws.api_gateway_resource import ApiGatewayResource
from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.api_gateway_rest_api_policy import ApiGatewayRestApiPolicy
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction

from gateprint.access.policy import to_json
from gateprint.model.resolved import Api, ResolvedBlueprint
from gateprint.stack import address
from gateprint.stack.base import named
from gateprint.stack.published import (
    Authorizer,
    GatewayResponse,
    Method,
    PoolAuthorizer,
    PublishedApi,
    Response,
)
from gateprint.stack.request_checks import RequestChecks
from gateprint.stack.text import literal, literals, optional


def add_rest_api(
    stack: TerraformStack, blueprint: ResolvedBlueprint, api: Api
) -> ApiGatewayRestApi:
    """Add the REST API itself."""
    resource = ApiGatewayRestApi(
        stack,
        f"api.{api.name}",
        name=f"{blueprint.stack}-{api.name}",
        description=optional(api.description),
        binary_media_types=list(api.binary_types) or None,
        disable_execute_api_endpoint=None if api.has_default_endpoint else True,
        endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(
            types=[api.endpoint],
            vpc_endpoint_ids=list(api.vpc_endpoints) or None,
            # The provider takes nothing else for a private API.
            ip_address_type="dualstack" if api.endpoint == "PRIVATE" else None,
        ),
    )
    return named(resource, address.part(api.name))


class ApiContents:
    """Adds what an API publishes, and remembers it for the deployments to wait for."""

    def __init__(
        self,
        stack: TerraformStack,
        rest_api: ApiGatewayRestApi,
        published: PublishedApi,
        functions: Mapping[str, LambdaFunction],
    ) -> None:
        self._stack = stack
        # Each look at an attribute asks Node for it: a tenth of a synth, where methods look.
        self._api_id = rest_api.id
        self._root_id = rest_api.root_resource_id
        self._published = published
        self._invoke_arns = {name: each.invoke_arn for name, each in functions.items()}
        self._authorizers: dict[str, ApiGatewayAuthorizer] = {}
        self._checks = RequestChecks(stack, rest_api, published)

    def add(self) -> list[TerraformResource]:
        """Add all of it; return what a deployment depends on."""
        resources = self._path_resources()
        self._authorizers = {
            each.name: self._authorizer(each) for each in self._published.authorizers
        }
        self._authorizers |= {
            each.name: self._pool_authorizer(each) for each in self._published.pool_authorizers
        }
        added: list[TerraformResource] = [*self._authorizers.values(), *self._checks.resources]
        for method in self._published.methods:
            resource_id = resources[method.segments]
            added += self._method(method, resource_id)
        added += [self._gateway_response(each) for each in self._published.gateway_responses]
        return added + list(self._resource_policy())

    def _authorizer(self, wanted: Authorizer) -> ApiGatewayAuthorizer:
        name = address.joined(self._published.name, wanted.name)
        resource = ApiGatewayAuthorizer(
            self._stack,
            f"authorizer.{name}",
            rest_api_id=self._api_id,
            name=wanted.name,
            type="TOKEN",
            authorizer_uri=self._invoke_arns[wanted.function],
            authorizer_result_ttl_in_seconds=wanted.cache_seconds,
            identity_source=wanted.identity_source,
            identity_validation_expression=optional(wanted.validation),
        )
        return named(resource, name)

    def _pool_authorizer(self, wanted: PoolAuthorizer) -> ApiGatewayAuthorizer:
        name = address.joined(self._published.name, wanted.name)
        resource = ApiGatewayAuthorizer(
            self._stack,
            f"authorizer.{name}",
            rest_api_id=self._api_id,
            name=wanted.name,
            type="COGNITO_USER_POOLS",
            provider_arns=list(wanted.user_pools),
            identity_source=wanted.identity_source,
        )
        return named(resource, name)

    def _path_resources(self) -> dict[tuple[str, ...], str]:
        ids: dict[tuple[str, ...], str] = {(): self._root_id}
        for segments in self._published.paths:
            name = address.path_resource(self._published.name, segments)
            resource = ApiGatewayResource(
                self._stack,
                f"resource.{name}",
                rest_api_id=self._api_id,
                parent_id=ids[segments[:-1]],
                path_part=segments[-1],
            )
            named(resource, name)
            ids[segments] = f"${{aws_api_gateway_resource.{name}.id}}"
        return ids

    def _method(self, method: Method, resource_id: str) -> Iterator[TerraformResource]:
        name = address.method(self._published.name, method.verb, method.segments)
        where: dict[str, Any] = {"rest_api_id": self._api_id, "resource_id": resource_id}
        resource = ApiGatewayMethod(
            self._stack,
            f"method.{name}",
            http_method=method.verb,
            authorization=method.authorization,
            authorizer_id=self._authorizers[method.authorizer].id if method.authorizer else None,
            api_key_required=True if method.needs_key else None,
            authorization_scopes=[literal(each) for each in method.scopes] or None,
            **self._checks.arguments(method),
            **where,
        )
        yield named(resource, name)
        where["http_method"] = f"${{aws_api_gateway_method.{name}.http_method}}"
        integration = self._integration(method, name, where)
        yield integration
        for response in method.responses:
            yield from self._response(response, name, where, integration)

    def _integration(
        self, method: Method, name: str, where: Mapping[str, Any]
    ) -> ApiGatewayIntegration:
        wanted = method.integration
        uri = optional(wanted.uri)
        if wanted.function and wanted.uri is None:
            uri = self._invoke_arns[wanted.function]
        resource = ApiGatewayIntegration(
            self._stack,
            f"integration.{name}",
            type=wanted.kind,
            uri=uri,
            integration_http_method=wanted.http_method,
            request_templates=literals(wanted.request_templates) or None,
            request_parameters=dict(wanted.parameters) or None,
            passthrough_behavior=wanted.passthrough,
            **where,
        )
        return named(resource, name)

    def _response(
        self,
        response: Response,
        method_name: str,
        where: Mapping[str, Any],
        integration: ApiGatewayIntegration,
    ) -> Iterator[TerraformResource]:
        name = f"{method_name}_{response.status}"
        headers = {
            f"method.response.header.{key}": value for key, value in response.headers.items()
        }
        declared = ApiGatewayMethodResponse(
            self._stack,
            f"method-response.{name}",
            status_code=response.status,
            response_parameters=dict.fromkeys(headers, True) or None,
            **where,
        )
        yield named(declared, name)
        mapped = ApiGatewayIntegrationResponse(
            self._stack,
            f"integration-response.{name}",
            status_code=f"${{aws_api_gateway_method_response.{name}.status_code}}",
            response_parameters=literals(headers) or None,
            response_templates=literals(response.templates) or None,
            selection_pattern=optional(response.selection),
            depends_on=[integration],
            # An integration of another type is put anew, and comes without its responses.
            lifecycle=TerraformResourceLifecycle(
                replace_triggered_by=[f"aws_api_gateway_integration.{method_name}.type"]
            ),
            **where,
        )
        yield named(mapped, name)

    def _gateway_response(self, response: GatewayResponse) -> ApiGatewayGatewayResponse:
        name = address.joined(self._published.name, response.kind.lower().replace("_", "-"))
        headers = {
            f"gatewayresponse.header.{key}": value for key, value in response.headers.items()
        }
        resource = ApiGatewayGatewayResponse(
            self._stack,
            f"gateway-response.{name}",
            rest_api_id=self._api_id,
            response_type=response.kind,
            response_parameters=literals(headers),
        )
        return named(resource, name)

    def _resource_policy(self) -> Iterator[TerraformResource]:
        policy = self._published.resource_policy
        if policy is not None:
            # The document names the API by reference, which Terraform has to see: not literal.
            resource = ApiGatewayRestApiPolicy(
                self._stack,
                f"resource-policy.{self._published.name}",
                rest_api_id=self._api_id,
                policy=to_json(policy),
            )
            yield named(resource, address.part(self._published.name))
