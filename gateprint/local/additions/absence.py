"""What API Gateway answers when a thing is not there: 404, where moto fails or answers nothing."""

from __future__ import annotations

from typing import Any

from moto.apigateway.exceptions import NotFoundException, RequestValidatorNotFound
from moto.apigateway.models import APIGatewayBackend

from gateprint.local.additions.grafting import wrap

MESSAGES = {
    "authorizer": "Invalid Authorizer identifier specified",
    "deployment": "Invalid Deployment identifier specified",
    "gateway_response": "Invalid Gateway Response type specified",
    "integration": "Invalid Integration identifier specified",
    "integration_response": "Invalid Response status code specified",
    "method": "Invalid Method identifier specified",
    "method_response": "Invalid Response status code specified",
    "request_validator": "Invalid Request Validator identifier specified",
    "resource": "Invalid Resource identifier specified",
    "rest_api": "Invalid API identifier specified",
}

# Where moto raises KeyError, or an error that is not AWS's.
RAISING = {
    "delete_authorizer": "authorizer",
    "delete_integration": "method",
    "delete_request_validator": "request_validator",
    "delete_resource": "resource",
    "delete_rest_api": "rest_api",
    "get_deployment": "deployment",
    "get_request_validator": "request_validator",
    "update_request_validator": "request_validator",
}

# Where moto returns nothing.
SILENT = {
    "delete_integration": "integration",
    "delete_integration_response": "integration_response",
    "delete_method_response": "method_response",
    "get_integration": "integration",
    "get_method_response": "method_response",
}

# Where moto succeeds; the lookup beside it tells.
UNCHECKED = {"delete_method": "get_method", "delete_gateway_response": "get_gateway_response"}


def install() -> None:
    """Make absence the NotFoundException that Terraform's provider understands."""
    NotFoundException.code = 404
    for name, kind in RAISING.items():
        wrap(APIGatewayBackend, name, _translating(MESSAGES[kind]))
    for name, kind in SILENT.items():
        wrap(APIGatewayBackend, name, _insisting(MESSAGES[kind]))
    for name, lookup in UNCHECKED.items():
        wrap(APIGatewayBackend, name, _checking(lookup))


def _translating(message: str) -> Any:
    def call(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(backend, *args, **kwargs)
        except (KeyError, RequestValidatorNotFound):
            raise NotFoundException(message) from None

    return call


def _insisting(message: str) -> Any:
    def call(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(backend, *args, **kwargs)
        if result is None:
            raise NotFoundException(message)
        return result

    return call


def _checking(lookup: str) -> Any:
    def call(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
        getattr(backend, lookup)(*args, **kwargs)
        return original(backend, *args, **kwargs)

    return call
