"""One published method as an operation: parameters, security, answers, integration; pure.

Where the keys and values are from: API Gateway developer guide, "x-amazon-apigateway-integration
object", "x-amazon-apigateway-authtype property" and "x-amazon-apigateway-any-method object".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from gateprint.model.resolved import ResolvedBlueprint, Route
from gateprint.openapi import words
from gateprint.openapi.authorizers import requirement_of
from gateprint.openapi.bodies import request_parameters, request_words
from gateprint.stack import address
from gateprint.stack.publish import invocation_uri
from gateprint.stack.published import Integration, Method, Response

_ANSWERS = {"2": "The answer.", "3": "The answer is elsewhere.", "4": "The request is refused."}
_FAILURE = "The backend fails."
_UNKNOWN = {"default": {"description": "Whatever the backend answers."}}


def operation_of(
    blueprint: ResolvedBlueprint,
    api: str,
    method: Method,
    version: str,
    route: Route | None = None,
    own: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the operation; a preflight has no route. `own` is its part of the extension.

    Its id is the method's part of the Terraform address, which stays the same for ever.
    """
    described = route.description if route else None
    request = route.request if route else None
    parameters = [_parameter(each, version) for each in words.parameters_of(_path(method))]
    parameters += request_parameters(request)
    return {
        "operationId": address.method(api, method.verb, method.segments).removeprefix(
            f"{address.part(api)}_"
        ),
        **({"description": described} if described else {}),
        **({"parameters": parameters} if parameters else {}),
        **request_words(request),
        "security": _security(method, route),
        "responses": {each.status: _response(each) for each in method.responses} or _UNKNOWN,
        words.INTEGRATION: _integration(blueprint, method),
        **({words.OWN: own} if own else {}),
    }


def _security(method: Method, route: Route | None) -> list[dict[str, list[str]]]:
    """Return who is checked. What is not known here is declared nowhere, and so lets nobody in.

    All that stands in one requirement is asked for (OpenAPI Specification, "Security Requirement
    Object"): a key comes on top of what else is.
    """
    asked: dict[str, list[str]] = {}
    if route is not None and route.is_by_token:
        asked = requirement_of(route)
    elif method.authorization == "AWS_IAM":
        asked = {words.SIGV4: []}
    elif method.authorization != "NONE":
        asked = {method.authorization.lower(): []}
    if method.needs_key:
        asked[words.API_KEY] = []
    return [asked] if asked else []


def _path(method: Method) -> str:
    return "/" + "/".join(method.segments)


def _parameter(name: str, version: str) -> dict[str, Any]:
    """Return a path parameter.

    In OpenAPI its name is all that stands in the braces; API Gateway leaves the plus of `{rest+}`
    away, in its exports and in what it imports.
    """
    known = name.rstrip("+") if version == "3.0" else name
    return {"name": known, "in": "path", "required": True, "schema": {"type": "string"}}


def _response(response: Response) -> dict[str, Any]:
    headers = {name: {"schema": {"type": "string"}} for name in response.headers}
    description = _ANSWERS.get(response.status[0], _FAILURE)
    return {"description": description, **({"headers": headers} if headers else {})}


def _integration(blueprint: ResolvedBlueprint, method: Method) -> dict[str, Any]:
    wanted = method.integration
    found = {
        "type": wanted.kind.lower(),
        "httpMethod": wanted.http_method,
        "uri": _uri(blueprint, wanted),
        "passthroughBehavior": wanted.passthrough.lower() if wanted.passthrough else None,
        "requestParameters": dict(wanted.parameters),
        "requestTemplates": dict(wanted.request_templates),
        "responses": {each.selection or "default": _mapping(each) for each in method.responses},
    }
    return {name: value for name, value in found.items() if value}


def _uri(blueprint: ResolvedBlueprint, wanted: Integration) -> str | None:
    if wanted.function and wanted.function_arn:
        return invocation_uri(blueprint, wanted.function_arn)
    return wanted.uri


def _mapping(response: Response) -> dict[str, Any]:
    parameters = {
        f"method.response.header.{name}": value for name, value in response.headers.items()
    }
    return {
        "statusCode": response.status,
        **({"responseParameters": parameters} if parameters else {}),
        **({"responseTemplates": dict(response.templates)} if response.templates else {}),
    }
