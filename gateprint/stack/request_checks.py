"""What a method checks of requests, as constructs: models, validators, a method's arguments."""

from __future__ import annotations

from typing import Any

from cdktf import TerraformResource, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_model import ApiGatewayModel
from cdktf_cdktf_provider_aws.api_gateway_request_validator import ApiGatewayRequestValidator
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi

from gateprint.stack import address
from gateprint.stack.base import named
from gateprint.stack.published import Method, Model, PublishedApi
from gateprint.stack.text import literal

# "To use the same model regardless of the content type, set the content type for your data model
# to $default" (API Gateway developer guide, "Request validation for REST APIs"). With the key
# application/json whoever writes another Content-Type goes around the check.
_ANY_TYPE = "$default"
# A method stops using what goes before that is deleted: AWS refuses to delete what is in use.
_LIFECYCLE = TerraformResourceLifecycle(create_before_destroy=True)


class RequestChecks:
    """Adds the models and validators of an API, and knows them by name."""

    def __init__(
        self, stack: TerraformStack, rest_api: ApiGatewayRestApi, published: PublishedApi
    ) -> None:
        self._stack = stack
        self._api = rest_api
        self._published = published
        self._models = {each.name: self._model(each) for each in published.models}
        self._validators = {each: self._validator(each) for each in published.validators}

    @property
    def resources(self) -> list[TerraformResource]:
        """Return all of them, for deployments to wait for."""
        return [*self._models.values(), *self._validators.values()]

    def arguments(self, method: Method) -> dict[str, Any]:
        """Return the arguments of a method that say what it checks."""
        parameters = dict.fromkeys(method.parameters, True)
        checks = method.checks
        if checks is None:
            return {"request_parameters": parameters or None}
        found: dict[str, Any] = {
            "request_parameters": {**parameters, **checks.parameters} or None,
            "request_models": None,
            "request_validator_id": None,
        }
        if checks.model:
            found["request_models"] = {_ANY_TYPE: self._models[checks.model].name}
        if checks.validator:
            found["request_validator_id"] = self._validators[checks.validator].id
        return found

    def _model(self, wanted: Model) -> ApiGatewayModel:
        name = address.joined(self._published.name, wanted.name)
        resource = ApiGatewayModel(
            self._stack,
            f"model.{name}",
            rest_api_id=self._api.id,
            name=wanted.name,
            content_type="application/json",
            schema=literal(wanted.schema_json),
            lifecycle=_LIFECYCLE,
        )
        return named(resource, name)

    def _validator(self, wanted: str) -> ApiGatewayRequestValidator:
        name = address.joined(self._published.name, wanted)
        resource = ApiGatewayRequestValidator(
            self._stack,
            f"request-validator.{name}",
            rest_api_id=self._api.id,
            name=wanted,
            validate_request_body=wanted != "parameters",
            validate_request_parameters=wanted != "body",
            lifecycle=_LIFECYCLE,
        )
        return named(resource, name)
