"""One method of GetResources' answer → `Method`, or why it cannot be served; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gateprint.local.gateway.expressions import Expression
from gateprint.local.gateway.expressions import parse as parse_expression
from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.schemas import read_schema
from gateprint.local.gateway.snapshot import Integration, IntegrationResponse, Method, Schema
from gateprint.local.gateway.vtl.methods import pattern
from gateprint.local.gateway.vtl.parser import parse as parse_template

Document = Mapping[str, Any]
_AUTHORIZATION = {"NONE": False, "AWS_IAM": True, "CUSTOM": False, "COGNITO_USER_POOLS": False}
_KINDS = frozenset({"AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"})
_PASSTHROUGH = frozenset({"NEVER", "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES"})
_INVOCATION = re.compile(
    r"arn:[a-z-]+:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/(.+)/invocations"
)
_METHOD = "method.request."
_INTEGRATION = "integration.request."
_HEADER = "method.response.header."


def read_method(
    resource: Document,
    verb: str,
    method: Document,
    validators: Sequence[Document],
    models: Sequence[Document],
) -> Method:
    """Return a method.

    Raises:
        NotServed: the data plane does not do a part of it.
    """
    kind = method.get("authorizationType") or "NONE"
    if kind not in _AUTHORIZATION:
        raise NotServed(f"the embedded cloud does not do authorization {kind}")
    validator = _validator(method.get("requestValidatorId"), validators)
    checks_body = bool(validator.get("validateRequestBody"))
    checks_parameters = bool(validator.get("validateRequestParameters"))
    return Method(
        verb=verb,
        resource_id=resource["id"],
        resource_path=resource["path"],
        is_signed=_AUTHORIZATION[kind],
        needs_api_key=bool(method.get("apiKeyRequired")),
        integration=_integration(method.get("methodIntegration")),
        required=_required(method) if checks_parameters else (),
        schemas=_schemas(method, models) if checks_body else {},
        checks_body=checks_body,
    )


def _validator(identifier: str | None, validators: Sequence[Document]) -> Document:
    if not identifier:
        return {}
    for validator in validators:
        if validator["id"] == identifier:
            return validator
    raise NotServed(f"there is no request validator {identifier}")


def _required(method: Document) -> tuple[str, ...]:
    declared = method.get("requestParameters") or {}
    return tuple(key.removeprefix(_METHOD) for key, needed in declared.items() if needed)


def _schemas(method: Document, models: Sequence[Document]) -> dict[str, Schema]:
    by_name = {model["name"]: model for model in models}
    wanted = method.get("requestModels") or {}
    return {kind: read_schema(name, by_name) for kind, name in wanted.items()}


def _integration(document: Document | None) -> Integration:
    if not document:
        raise NotServed("No integration defined for method")
    kind = document.get("type") or ""
    _require_done(kind, document)
    uri = document.get("uri") or ""
    timeout = int(document.get("timeoutInMillis") or 29_000) / 1000
    return Integration(
        kind=kind,
        uri=uri,
        http_method=document.get("httpMethod") or "",
        function_arn=function_arn(uri) if kind.startswith("AWS") else "",
        timeout_seconds=timeout,
        passthrough=document.get("passthroughBehavior") or "WHEN_NO_MATCH",
        templates=_templates(document.get("requestTemplates")),
        parameters=_parameters(document.get("requestParameters")),
        responses=_responses(kind, document.get("integrationResponses")),
    )


def _require_done(kind: str, document: Document) -> None:
    if kind not in _KINDS:
        raise NotServed(f"the embedded cloud does not do integrations of type {kind}")
    if (document.get("connectionType") or "INTERNET") != "INTERNET":
        raise NotServed(f"the embedded cloud has no {document['connectionType']} for integrations")
    if document.get("credentials"):
        raise NotServed("the embedded cloud does not assume roles for integrations")
    if document.get("contentHandling"):
        raise NotServed("the embedded cloud does not convert bodies (contentHandling)")
    if (document.get("tlsConfig") or {}).get("insecureSkipVerification"):
        raise NotServed("the embedded cloud verifies the certificates of backends")
    if (document.get("passthroughBehavior") or "WHEN_NO_MATCH") not in _PASSTHROUGH:
        raise NotServed(f"there is no passthrough {document['passthroughBehavior']}")
    asked = document.get("requestParameters") or {}
    if any(key.lower().endswith(".x-amz-invocation-type") for key in asked):
        raise NotServed("the embedded cloud waits for functions (X-Amz-Invocation-Type)")


def function_arn(uri: str) -> str:
    """Return the ARN of the function that API Gateway calls by this address.

    Raises:
        NotServed: it is something else that is called.
    """
    found = _INVOCATION.fullmatch(uri)
    if found is None:
        raise NotServed("the embedded cloud does AWS integrations with Lambda functions alone")
    return found[1]


def _templates(texts: Mapping[str, str | None] | None) -> dict[str, Any]:
    return {kind.lower(): parse_template(text or "") for kind, text in (texts or {}).items()}


def _parameters(texts: Mapping[str, str] | None) -> dict[str, Expression]:
    found = {}
    for key, text in (texts or {}).items():
        place = key.removeprefix(_INTEGRATION)
        if place == key or place.partition(".")[0] not in ("header", "path", "querystring"):
            raise NotServed(f"the mapping of {key} is not served")
        found[place] = parse_expression(text, "request")
    return found


def _responses(
    kind: str, documents: Mapping[str, Document] | None
) -> tuple[IntegrationResponse, ...]:
    if kind.endswith("_PROXY"):  # AWS keeps them, and passes answers on as they are
        return ()
    return tuple(_response(document) for document in (documents or {}).values())


def _response(document: Document) -> IntegrationResponse:
    if document.get("contentHandling"):
        raise NotServed("the embedded cloud does not convert bodies (contentHandling)")
    return IntegrationResponse(
        status=int(document["statusCode"]),
        selection=_selection(document.get("selectionPattern")),
        headers=_response_headers(document.get("responseParameters")),
        templates=_templates(document.get("responseTemplates")),
    )


def _selection(text: str | None) -> re.Pattern[str] | None:
    if not text:
        return None
    found = pattern(text)
    if found is None:
        raise NotServed(f"the selection pattern {text} is not served")
    return found


def _response_headers(texts: Mapping[str, str] | None) -> dict[str, Expression]:
    found = {}
    for key, text in (texts or {}).items():
        if not key.startswith(_HEADER):
            raise NotServed(f"the mapping of {key} is not served")
        found[key.removeprefix(_HEADER)] = parse_expression(text, "response")
    return found
