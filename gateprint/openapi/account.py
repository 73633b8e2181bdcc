"""A REST API as an account holds it → the description that an export of it would be; pure.

GetExport shows what a stage serves, and the embedded cloud has none; GetResources shows the API
as it is now, which is what Terraform reads too (API Gateway API reference).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateprint.model.document import Document
from gateprint.openapi import words
from gateprint.openapi.extension import scalars

STAGES = "x-stages"
_METHODS = {**words.OPERATIONS, "OPTIONS": "options"}
_COPIED = (
    *("uri", "httpMethod", "requestTemplates", "requestParameters", "credentials"),
    *("connectionId", "contentHandling", "timeoutInMillis", "tlsConfig"),
)
_LOWERED = {
    "type": "type",
    "passthroughBehavior": "passthroughBehavior",
    "connectionType": "connectionType",
    "responseTransferMode": "responseTransferMode",
}
_API_KEY = "api_key"


@dataclass(frozen=True, slots=True)
class AccountApi:
    """What API Gateway answers about one REST API, in its own words.

    `resources` have their methods, `gateway_responses` are those that were changed.
    """

    api: Mapping[str, Any]
    resources: Sequence[Mapping[str, Any]]
    stages: Sequence[Mapping[str, Any]]
    gateway_responses: Sequence[Mapping[str, Any]] = ()
    authorizers: Sequence[Mapping[str, Any]] = ()

    @property
    def id(self) -> str:
        """Return the API's id."""
        return str(self.api["id"])

    @property
    def root_id(self) -> str:
        """Return the id of its root resource."""
        return next(str(each["id"]) for each in self.resources if each["path"] == "/")


def description_of(found: AccountApi) -> Document:
    """Return the API as an OpenAPI document, without lines."""
    data = {
        "openapi": "3.0.1",
        "info": {"title": found.api["name"], "description": found.api.get("description") or None},
        "paths": {each["path"]: _path_item(each, found) for each in found.resources},
        "components": {"securitySchemes": _schemes(found)},
        words.GATEWAY_RESPONSES: {
            each["responseType"]: _gateway_response(each) for each in found.gateway_responses
        },
        **_of_the_api(found.api),
        STAGES: {each["stageName"]: each for each in found.stages},
    }
    return Document(f"API {found.id}", scalars(data))


def _of_the_api(api: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an API has beside its methods, as the extensions say it."""
    extensions = {
        words.BINARY_TYPES: api.get("binaryMediaTypes"),
        words.POLICY: api.get("policy"),
        "x-amazon-apigateway-minimum-compression-size": api.get("minimumCompressionSize"),
    }
    if api.get("apiKeySource", "HEADER") != "HEADER":
        extensions["x-amazon-apigateway-api-key-source"] = api["apiKeySource"]
    doors = api.get("endpointConfiguration", {}).get("vpcEndpointIds")
    configuration = {
        **({"vpcEndpointIds": doors} if doors else {}),
        **({"disableExecuteApiEndpoint": True} if api.get("disableExecuteApiEndpoint") else {}),
    }
    extensions[words.ENDPOINTS] = configuration or None
    return {name: value for name, value in extensions.items() if value not in (None, [], "")}


def _schemes(found: AccountApi) -> dict[str, Any]:
    others = {
        str(each["name"]): {"type": str(each.get("type", "CUSTOM"))} for each in found.authorizers
    }
    return {words.SIGV4: words.SIGV4_SCHEME, _API_KEY: {"type": "apiKey"}, **others}


def _gateway_response(response: Mapping[str, Any]) -> dict[str, Any]:
    names = ("responseParameters", "responseTemplates")
    return {name: response.get(name, {}) for name in names}


def _path_item(resource: Mapping[str, Any], found: AccountApi) -> dict[str, Any]:
    return {
        _METHODS.get(verb, verb.lower()): _operation(method, found)
        for verb, method in sorted(resource.get("resourceMethods", {}).items())
    }


def _operation(method: Mapping[str, Any], found: AccountApi) -> dict[str, Any]:
    operation: dict[str, Any] = {"security": _security(method, found)}
    if method.get("requestValidatorId"):
        operation["x-amazon-apigateway-request-validator"] = method["requestValidatorId"]
    if method.get("methodIntegration"):
        operation[words.INTEGRATION] = _integration(method["methodIntegration"])
    return operation


def _security(method: Mapping[str, Any], found: AccountApi) -> list[dict[str, list[str]]]:
    kind = str(method.get("authorizationType") or "NONE")
    key: dict[str, list[str]] = {_API_KEY: []} if method.get("apiKeyRequired") else {}
    if kind == "NONE":
        return [key] if key else []
    if kind == "AWS_IAM":
        return [{words.SIGV4: [], **key}]
    names = {str(each["id"]): str(each["name"]) for each in found.authorizers}
    return [{names.get(str(method.get("authorizerId")), kind): [], **key}]


def _integration(integration: Mapping[str, Any]) -> dict[str, Any]:
    lowered = {
        name: str(integration[key]).lower()
        for key, name in _LOWERED.items()
        if integration.get(key)
    }
    copied = {name: integration[name] for name in _COPIED if integration.get(name)}
    responses = {
        each.get("selectionPattern") or "default": {
            name: each[name]
            for name in ("statusCode", "responseParameters", "responseTemplates", "contentHandling")
            if each.get(name)
        }
        for each in (integration.get("integrationResponses") or {}).values()
    }
    return {**lowered, **copied, **({"responses": responses} if responses else {})}
