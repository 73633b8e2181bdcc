"""A REST API as an account holds it → the description that an export of it would be; pure.

GetExport shows what a stage serves, and the embedded cloud has none; GetResources shows the API
as it is now, which is what Terraform reads too (API Gateway API reference).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateprint.model.document import Document
from gateprint.openapi import words
from gateprint.openapi.account_checks import request_words, schemas_of, validators_of
from gateprint.openapi.bodies import VALIDATOR, VALIDATORS
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
_POOLS = "COGNITO_USER_POOLS"
# API Gateway writes an API's own ARN where a policy says `execute-api:/`.
_ARN = re.compile(r"arn:[a-z-]+:execute-api:[a-z0-9*-]*:[0-9*]*:([a-z0-9*]+)/")


@dataclass(frozen=True, slots=True)
class AccountApi:
    """What API Gateway answers about one REST API, in its own words.

    `resources` have their methods, `gateway_responses` are those that were changed. `usage_plans`
    are those that open the API, with `keys`; `base_paths` those that lead to it, with `domainName`.
    """

    api: Mapping[str, Any]
    resources: Sequence[Mapping[str, Any]]
    stages: Sequence[Mapping[str, Any]]
    gateway_responses: Sequence[Mapping[str, Any]] = ()
    authorizers: Sequence[Mapping[str, Any]] = ()
    models: Sequence[Mapping[str, Any]] = ()
    validators: Sequence[Mapping[str, Any]] = ()
    usage_plans: Sequence[Mapping[str, Any]] = ()
    base_paths: Sequence[Mapping[str, Any]] = ()

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
        "components": {
            "schemas": schemas_of(found.models),
            "securitySchemes": _schemes(found),
        },
        VALIDATORS: validators_of(found.validators),
        words.GATEWAY_RESPONSES: {
            each["responseType"]: _gateway_response(each) for each in found.gateway_responses
        },
        **_of_the_api(found),
        STAGES: {each["stageName"]: each for each in found.stages},
    }
    return Document(f"API {found.id}", scalars(data))


def _of_the_api(found: AccountApi) -> dict[str, Any]:
    """Return what an API has beside its methods, as the extensions say it."""
    api = found.api
    extensions = {
        words.BINARY_TYPES: api.get("binaryMediaTypes"),
        words.POLICY: _ARN.sub(
            lambda arn: f"execute-api:{'' if arn[1] in {found.id, '*'} else 'other'}/",
            str(api.get("policy") or ""),
        ),
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
    others = {_scheme(found, each): _authorizer(each) for each in found.authorizers}
    return {words.SIGV4: words.SIGV4_SCHEME, words.API_KEY: words.API_KEY_SCHEME, **others}


def _scheme(found: AccountApi, authorizer: Mapping[str, Any]) -> str:
    """Return the name of an authorizer's scheme; several may be called the same in an account."""
    name = str(authorizer["name"])
    names = [str(each["name"]) for each in found.authorizers]
    is_taken = names.count(name) > 1 or name in {words.SIGV4, words.API_KEY}
    return f"{name} {authorizer['id']}" if is_taken else name


def _authorizer(authorizer: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(authorizer.get("type", "CUSTOM"))
    if kind != _POOLS:
        return {"type": kind}
    said = ("providerARNs", "identitySource", "identityValidationExpression")
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        words.AUTH_TYPE: kind.lower(),
        words.AUTHORIZER: {
            "type": kind.lower(),
            **{name: authorizer[name] for name in said if authorizer.get(name)},
        },
    }


def _gateway_response(response: Mapping[str, Any]) -> dict[str, Any]:
    names = ("responseParameters", "responseTemplates")
    return {name: response.get(name, {}) for name in names}


def _path_item(resource: Mapping[str, Any], found: AccountApi) -> dict[str, Any]:
    return {
        _METHODS.get(verb, verb.lower()): _operation(method, found)
        for verb, method in sorted(resource.get("resourceMethods", {}).items())
    }


def _operation(method: Mapping[str, Any], found: AccountApi) -> dict[str, Any]:
    operation: dict[str, Any] = {"security": _security(method, found), **request_words(method)}
    if method.get("requestValidatorId"):
        operation[VALIDATOR] = method["requestValidatorId"]
    if method.get("methodIntegration"):
        operation[words.INTEGRATION] = _integration(method["methodIntegration"])
    return operation


def _security(method: Mapping[str, Any], found: AccountApi) -> list[dict[str, list[str]]]:
    kind = str(method.get("authorizationType") or "NONE")
    key: dict[str, list[str]] = {words.API_KEY: []} if method.get("apiKeyRequired") else {}
    if kind == "NONE":
        return [key] if key else []
    if kind == "AWS_IAM":
        return [{words.SIGV4: [], **key}]
    names = {str(each["id"]): _scheme(found, each) for each in found.authorizers}
    scopes = [str(each) for each in method.get("authorizationScopes") or ()]
    return [{names.get(str(method.get("authorizerId")), kind): scopes, **key}]


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
