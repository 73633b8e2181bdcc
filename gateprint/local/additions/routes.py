"""API Gateway's path resources, methods and integrations: changing them in place."""

from __future__ import annotations

from typing import Any

from moto.apigateway.models import APIGatewayBackend, Integration
from moto.apigateway.responses import APIGatewayResponse

from gateprint.local.additions.grafting import add_missing, answer, body, names, patch, wrap
from gateprint.local.additions.patch import Shape, boolean

# https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateIntegration.html
DEFAULT_TIMEOUT_MILLISECONDS = 29_000

PATH_RESOURCE = Shape({"pathPart": "path_part", "parentId": "parent_id"})

METHOD = Shape(
    {
        "apiKeyRequired": "api_key_required",
        "authorizationScopes": "authorization_scopes",
        "authorizationType": "authorization_type",
        "authorizerId": "authorizer_id",
        "operationName": "operation_name",
        "requestModels": "request_models",
        "requestParameters": "request_parameters",
        "requestValidatorId": "request_validator_id",
    },
    lists=frozenset({"authorizationScopes"}),
    converters={"apiKeyRequired": boolean, "requestParameters": boolean},
)

METHOD_RESPONSE = Shape(
    {
        "responseModels": "response_models",
        "responseParameters": "response_parameters",
        "statusCode": "status_code",
    },
    converters={"responseParameters": boolean},
)

INTEGRATION = Shape(
    {
        "cacheKeyParameters": "cache_key_parameters",
        "cacheNamespace": "cache_namespace",
        "connectionId": "connection_id",
        "connectionType": "connection_type",
        "contentHandling": "content_handling",
        "credentials": "credentials",
        "httpMethod": "http_method",
        "passthroughBehavior": "passthrough_behaviour",
        "requestParameters": "request_parameters",
        "requestTemplates": "request_templates",
        "timeoutInMillis": "timeout_in_millis",
        "tlsConfig": "tls_config",
        "type": "integration_type",
        "uri": "uri",
    },
    lists=frozenset({"cacheKeyParameters"}),
    converters={"timeoutInMillis": int, "tlsConfig": boolean},
)

INTEGRATION_RESPONSE = Shape(
    {
        "contentHandling": "content_handling",
        "responseParameters": "response_parameters",
        "responseTemplates": "response_templates",
        "selectionPattern": "selection_pattern",
        "statusCode": "status_code",
    }
)


def install() -> None:
    """Add the updates, and the parts of an integration that moto forgets."""
    add_missing(
        APIGatewayResponse,
        {
            "update_resource": update_resource,
            "update_method": update_method,
            "update_method_response": update_method_response,
            "update_integration": update_integration,
            "update_integration_response": update_integration_response,
        },
    )
    wrap(APIGatewayResponse, "put_integration", put_integration)
    wrap(Integration, "to_json", integration_json)
    wrap(APIGatewayBackend, "delete_resource", delete_resource)


def update_resource(response: Any) -> Any:
    """UpdateResource: `/pathPart`, `/parentId`."""
    resource = response.backend.get_resource(*names(response, "restapi_id", "resource_id"))
    patch(response, PATH_RESOURCE, resource)
    return answer(resource.to_dict())


def update_method(response: Any) -> Any:
    """UpdateMethod, every field."""
    method = response.backend.get_method(*_method_names(response))
    patch(response, METHOD, method)
    return answer(method.to_json())


def update_method_response(response: Any) -> Any:
    """UpdateMethodResponse, every field."""
    place = (*_method_names(response), *names(response, "status_code"))
    method_response = response.backend.get_method_response(*place)
    patch(response, METHOD_RESPONSE, method_response)
    return answer(method_response.to_json())


def update_integration(response: Any) -> Any:
    """UpdateIntegration, every field."""
    integration = response.backend.get_integration(*_method_names(response))
    patch(response, INTEGRATION, integration)
    return answer(integration.to_json())


def update_integration_response(response: Any) -> Any:
    """UpdateIntegrationResponse, every field."""
    place = (*_method_names(response), *names(response, "status_code"))
    integration_response = response.backend.get_integration_response(*place)
    patch(response, INTEGRATION_RESPONSE, integration_response)
    return answer(integration_response.to_json())


def put_integration(original: Any, response: Any) -> Any:
    """PutIntegration with AWS's defaults, and the two fields that moto does not keep."""
    original(response)
    asked = body(response)
    integration = response.backend.get_integration(*_method_names(response))
    integration.connection_id = asked.get("connectionId")
    integration.cache_key_parameters = asked.get("cacheKeyParameters") or []
    integration.cache_namespace = integration.cache_namespace or names(response, "resource_id")[0]
    integration.passthrough_behaviour = integration.passthrough_behaviour or "WHEN_NO_MATCH"
    integration.timeout_in_millis = integration.timeout_in_millis or DEFAULT_TIMEOUT_MILLISECONDS
    return answer(integration.to_json(), 201)


def integration_json(original: Any, integration: Any) -> dict[str, Any]:
    """Show the connection id, which moto leaves out."""
    return {**original(integration), "connectionId": getattr(integration, "connection_id", None)}


def delete_resource(original: Any, backend: Any, api_id: str, resource_id: str) -> Any:
    """Delete a path resource and, as AWS does, all that lies below it."""
    for child in list(backend.get_rest_api(api_id).resources.values()):
        if child.parent_id == resource_id:
            backend.delete_resource(api_id, child.id)
    return original(backend, api_id, resource_id)


def _method_names(response: Any) -> list[str]:
    return names(response, "restapi_id", "resource_id", "http_method")
