"""Deploys a blueprint into the embedded cloud by the AWS API: no Terraform, the same values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateprint.access.policy import inline_policy_name, role_documents, to_json, trust_policy
from gateprint.model.resolved import Api, ResolvedBlueprint
from gateprint.stack.publish import publish
from gateprint.stack.published import GatewayResponse, Method, PublishedApi, Response

Clients = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Deployed:
    """A blueprint in an account, and what tests change of it there."""

    blueprint: ResolvedBlueprint
    api_id: str
    resource_ids: Mapping[str, str]
    clients: Clients

    @property
    def gateway(self) -> Any:
        return self.clients("apigateway")

    def method(self, route: str) -> dict[str, str]:
        """Name a method as API Gateway's operations do."""
        verb, _, path = route.partition(" ")
        place = {"restApiId": self.api_id, "resourceId": self.resource_ids[path]}
        return {**place, "httpMethod": verb}

    def redeploy(self, *stages: str) -> None:
        """Give stages, all unless they are named, a new deployment of what the API is by now."""
        made = self.gateway.create_deployment(restApiId=self.api_id)["id"]
        patch = [{"op": "replace", "path": "/deploymentId", "value": made}]
        for name in stages or [each.name for each in self.blueprint.stages]:
            self.gateway.update_stage(restApiId=self.api_id, stageName=name, patchOperations=patch)


def deploy(clients: Clients, blueprint: ResolvedBlueprint) -> Deployed:
    """Deploy the blueprint's one API, its roles and their SAML providers."""
    (api,) = blueprint.apis
    gateway = clients("apigateway")
    made = gateway.create_rest_api(name=f"{blueprint.stack}-{api.name}")
    published = publish(blueprint, api, made["id"])
    resources = _resources(gateway, made, published)
    for method in published.methods:
        path = "/" + "/".join(method.segments)
        _method(gateway, {"restApiId": made["id"], "resourceId": resources[path]}, method)
    for each in published.gateway_responses:
        _gateway_response(gateway, made["id"], each)
    deployment = gateway.create_deployment(restApiId=made["id"])["id"]
    for stage in blueprint.stages:
        gateway.create_stage(restApiId=made["id"], stageName=stage.name, deploymentId=deployment)
    _roles(clients("iam"), blueprint, api, made["id"])
    return Deployed(blueprint, made["id"], resources, clients)


def _resources(gateway: Any, api: Mapping[str, Any], published: PublishedApi) -> dict[str, str]:
    ids = {"/": str(api["rootResourceId"])}
    for segments in published.paths:
        parent = ids["/" + "/".join(segments[:-1])]
        made = gateway.create_resource(restApiId=api["id"], parentId=parent, pathPart=segments[-1])
        ids["/" + "/".join(segments)] = made["id"]
    return ids


def _method(gateway: Any, place: Mapping[str, str], method: Method) -> None:
    where = {**place, "httpMethod": method.verb}
    gateway.put_method(
        **where,
        authorizationType=method.authorization,
        requestParameters=dict.fromkeys(method.parameters, True),
    )
    wanted = method.integration
    more = {
        "uri": wanted.uri,
        "integrationHttpMethod": wanted.http_method,
        "passthroughBehavior": wanted.passthrough,
    }
    gateway.put_integration(
        **where,
        type=wanted.kind,
        requestTemplates=dict(wanted.request_templates),
        requestParameters=dict(wanted.parameters),
        **{name: value for name, value in more.items() if value is not None},
    )
    for each in method.responses:
        _response(gateway, where, each)


def _response(gateway: Any, where: Mapping[str, str], response: Response) -> None:
    headers = {f"method.response.header.{name}": value for name, value in response.headers.items()}
    place = {**where, "statusCode": response.status}
    gateway.put_method_response(**place, responseParameters=dict.fromkeys(headers, False))
    selection = {} if response.selection is None else {"selectionPattern": response.selection}
    gateway.put_integration_response(
        **place,
        responseParameters=headers,
        responseTemplates=dict(response.templates),
        **selection,
    )


def _gateway_response(gateway: Any, api_id: str, response: GatewayResponse) -> None:
    headers = {f"gatewayresponse.header.{name}": value for name, value in response.headers.items()}
    gateway.put_gateway_response(
        restApiId=api_id, responseType=response.kind, responseParameters=headers
    )


def _roles(iam: Any, blueprint: ResolvedBlueprint, api: Api, api_id: str) -> None:
    for each in blueprint.environment.identity_providers:
        iam.create_saml_provider(Name=each.name, SAMLMetadataDocument=each.metadata_xml)
    for role in blueprint.roles:
        trust = to_json(trust_policy(role, blueprint.environment))
        iam.create_role(RoleName=role.name, AssumeRolePolicyDocument=trust)
        inline = role_documents(blueprint, role, {api.name: api_id}).inline
        if inline is not None:
            name = inline_policy_name(blueprint, role)
            iam.put_role_policy(RoleName=role.name, PolicyName=name, PolicyDocument=to_json(inline))
