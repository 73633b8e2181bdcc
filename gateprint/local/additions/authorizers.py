"""API Gateway's authorizers: the field that moto forgets when it makes one."""

from __future__ import annotations

import json
from typing import Any

from moto.apigateway.responses import APIGatewayResponse

from gateprint.local.additions.grafting import answer, body, is_success, names, wrap


def install() -> None:
    """Repair how authorizers are made."""
    wrap(APIGatewayResponse, "create_authorizer", create_authorizer)


def create_authorizer(original: Any, response: Any) -> Any:
    """CreateAuthorizer with the identity validation expression."""
    created = original(response)
    if not is_success(created):
        return created
    identifier = json.loads(created[-1])["id"]
    authorizer = response.backend.get_authorizer(*names(response, "restapi_id"), identifier)
    authorizer.identity_validation_expression = body(response).get("identityValidationExpression")
    return answer(authorizer.to_json(), 201)
