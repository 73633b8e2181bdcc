"""API Gateway's authorizers: what moto forgets when it makes one, and does not change."""

from __future__ import annotations

import json
from typing import Any

from moto.apigateway.models import Authorizer
from moto.apigateway.responses import APIGatewayResponse

from gateprint.local.additions.grafting import answer, body, is_success, names, wrap


def install() -> None:
    """Repair how authorizers are made."""
    wrap(APIGatewayResponse, "create_authorizer", create_authorizer)
    wrap(Authorizer, "apply_operations", apply_operations)


def create_authorizer(original: Any, response: Any) -> Any:
    """CreateAuthorizer with the identity validation expression."""
    created = original(response)
    if not is_success(created):
        return created
    identifier = json.loads(created[-1])["id"]
    authorizer = response.backend.get_authorizer(*names(response, "restapi_id"), identifier)
    authorizer.identity_validation_expression = body(response).get("identityValidationExpression")
    return answer(authorizer.to_json(), 201)


def apply_operations(original: Any, authorizer: Any, operations: list[dict[str, Any]]) -> Any:
    """UpdateAuthorizer, also of `/providerARNs`: each ARN is added or removed by itself."""
    others = []
    for each in operations:
        if each["path"] != "/providerARNs":
            others.append(each)
            continue
        known = [arn for arn in authorizer.provider_arns or () if arn != each["value"]]
        authorizer.provider_arns = [*known, each["value"]] if each["op"] == "add" else known
    return original(authorizer, others)
