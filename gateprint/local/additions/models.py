"""API Gateway's models and request validators: what may be changed, and what is still in use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.apigateway.exceptions import ConflictException
from moto.apigateway.models import APIGatewayBackend
from moto.apigateway.responses import APIGatewayResponse

from gateprint.local.additions.grafting import add_missing, answer, names, patch, wrap
from gateprint.local.additions.patch import Shape

MODEL = Shape({"description": "description", "schema": "schema"})


def install() -> None:
    """Add the update of models, and refuse to delete what a method uses."""
    add_missing(APIGatewayResponse, {"update_model": update_model})
    wrap(APIGatewayBackend, "delete_model", delete_model)
    wrap(APIGatewayBackend, "delete_request_validator", delete_request_validator)


def update_model(response: Any) -> Any:
    """UpdateModel: `/description`, `/schema`."""
    model = response.backend.get_model(*names(response, "restapi_id", "model_name"))
    patch(response, MODEL, model)
    return answer(model.to_json())


def delete_model(original: Any, backend: Any, api_id: str, name: str) -> Any:
    """DeleteModel, which AWS refuses while a method takes bodies by the model."""
    for place, method in _methods(backend, api_id):
        if name in (method.request_models or {}).values():
            message = f"Cannot delete model '{name}', is referenced in method request: {place}"
            raise ConflictException(message)
    return original(backend, api_id, name)


def delete_request_validator(original: Any, backend: Any, api_id: str, identifier: str) -> Any:
    """DeleteRequestValidator, which AWS refuses while a method uses it."""
    for place, method in _methods(backend, api_id):
        if method.request_validator_id == identifier:
            message = f"Cannot delete request validator '{identifier}', is referenced in {place}"
            raise ConflictException(message)
    return original(backend, api_id, identifier)


def _methods(backend: Any, api_id: str) -> Iterator[tuple[str, Any]]:
    for resource in backend.get_rest_api(api_id).resources.values():
        for verb, method in resource.resource_methods.items():
            yield f"{verb} {resource.get_path()}", method
