"""API Gateway's REST APIs, gateway responses, validators and deployments, where moto differs."""

from __future__ import annotations

import json
from typing import Any

from moto.apigateway.exceptions import DeploymentNotFoundException, StageStillActive
from moto.apigateway.models import Account, RestAPI
from moto.apigateway.responses import APIGatewayResponse
from moto.apigateway.utils import deserialize_body

from gateprint.local.additions.grafting import (
    add_missing,
    answer,
    body,
    is_success,
    names,
    patch,
    wrap,
)
from gateprint.local.additions.patch import Shape, boolean, optional_integer

REST_API = Shape(
    {
        "apiKeySource": "api_key_source",
        "binaryMediaTypes": "binaryMediaTypes",
        "description": "description",
        "disableExecuteApiEndpoint": "disableExecuteApiEndpoint",
        "endpointConfiguration": "endpoint_configuration",
        "minimumCompressionSize": "minimum_compression_size",
        "name": "name",
        "policy": "policy",
    },
    lists=frozenset(
        {"binaryMediaTypes", "endpointConfiguration/types", "endpointConfiguration/vpcEndpointIds"}
    ),
    converters={"disableExecuteApiEndpoint": boolean, "minimumCompressionSize": optional_integer},
)

GATEWAY_RESPONSE = Shape(
    {
        "responseParameters": "response_parameters",
        "responseTemplates": "response_templates",
        "statusCode": "status_code",
    }
)

DEPLOYMENT = Shape({"description": "description"})


def install() -> None:
    """Add the updates, and repair how REST APIs are created, shown and changed."""
    add_missing(
        APIGatewayResponse,
        {
            "update_gateway_response": update_gateway_response,
            "update_deployment": update_deployment,
        },
    )
    wrap(APIGatewayResponse, "create_rest_api", create_rest_api)
    wrap(APIGatewayResponse, "update_rest_api", update_rest_api)
    wrap(RestAPI, "to_dict", rest_api_json)
    wrap(RestAPI, "delete_deployment", delete_deployment)
    wrap(Account, "apply_patch_operations", update_account)


def create_rest_api(original: Any, response: Any) -> Any:
    """CreateRestApi with the binary media types that moto does not keep."""
    created = original(response)
    if not is_success(created) or deserialize_body(response.body):  # an OpenAPI import
        return created
    api = response.backend.get_rest_api(json.loads(created[-1])["id"])
    api.binaryMediaTypes = body(response).get("binaryMediaTypes") or []
    api.endpoint_configuration.setdefault("ipAddressType", "ipv4")
    return answer(api.to_dict(), 201)


def update_rest_api(_original: Any, response: Any) -> Any:
    """UpdateRestApi, every field; moto reads "false" as true and forgets item paths."""
    api = response.backend.get_rest_api(*names(response, "restapi_id"))
    patch(response, REST_API, api)
    return answer(api.to_dict())


def rest_api_json(original: Any, api: Any) -> dict[str, Any]:
    """Show the resource policy as AWS does: its text without the quotes, yet still escaped.

    Terraform's provider undoes it with Go's strconv.Unquote, which knows no surrogate pairs, hence
    no ASCII escapes.
    """
    escaped = json.dumps(api.policy, ensure_ascii=False)[1:-1] if api.policy else None
    return {**original(api), "policy": escaped}


def update_gateway_response(response: Any) -> Any:
    """UpdateGatewayResponse, every field."""
    place = names(response, "restapi_id", "response_type")
    gateway_response = response.backend.get_gateway_response(*place)
    patch(response, GATEWAY_RESPONSE, gateway_response)
    return answer(gateway_response.to_json())


def update_deployment(response: Any) -> Any:
    """UpdateDeployment: `/description`."""
    deployment = response.backend.get_deployment(*names(response, "restapi_id", "deployment_id"))
    patch(response, DEPLOYMENT, deployment)
    return answer(deployment.to_json())


def delete_deployment(_original: Any, api: Any, deployment_id: str) -> Any:
    """Refuse, as AWS does, while any stage or canary points to the deployment."""
    if deployment_id not in api.deployments:
        raise DeploymentNotFoundException
    for stage in api.stages.values():
        canary = getattr(stage, "canary_settings", None) or {}
        if deployment_id in (stage.deployment_id, canary.get("deploymentId")):
            raise StageStillActive
    return api.deployments.pop(deployment_id)


def update_account(original: Any, account: Any, operations: list[dict[str, Any]]) -> Any:
    """UpdateAccount; removing the role is the same as setting it to nothing."""
    return original(account, [{"value": "", **operation} for operation in operations])
