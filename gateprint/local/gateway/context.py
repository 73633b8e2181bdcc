"""`$context` and a Lambda event's `requestContext`; pure.

API Gateway developer guide, "Variables for data transformations" and "Input format of a Lambda
function for proxy integration".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateprint.local.gateway.exchange import Exchange
from gateprint.local.web import Grant

_NOBODY = (
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
)


def context_of(exchange: Exchange) -> dict[str, Any]:
    """Return the context of a request that has been routed and authorized as far as it came."""
    snapshot, method = exchange.snapshot, exchange.method
    domain = exchange.domain or f"{snapshot.api_id}.execute-api.{snapshot.region}.amazonaws.com"
    grant, claims = exchange.outcome.grant, exchange.outcome.claims
    return {
        "accountId": snapshot.account,
        "apiId": snapshot.api_id,
        **({"authorizer": _authorizer(grant)} if grant else {}),
        **({"authorizer": {"claims": dict(claims)}} if claims is not None else {}),
        "deploymentId": snapshot.deployment_id,
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "extendedRequestId": extended_id(exchange.request_id),
        "httpMethod": exchange.request.method,
        "identity": _identity(exchange),
        "path": f"/{exchange.stage.name}{exchange.path}",
        "protocol": "HTTP/1.1",
        "requestId": exchange.request_id,
        "requestTime": exchange.started.strftime("%d/%b/%Y:%H:%M:%S %z"),
        "requestTimeEpoch": int(exchange.started.timestamp() * 1000),
        "resourceId": method.resource_id if method else None,
        "resourcePath": method.resource_path if method else None,
        "stage": exchange.stage.name,
    }


def _authorizer(grant: Grant) -> dict[str, str]:
    """Return what the authorizer says of the caller, with the principal that it names."""
    return {**grant.context, "principalId": grant.principal_id}


def extended_id(request_id: str) -> str:
    """Return `x-amz-apigw-id`: 15 letters and an equals sign, different for each request."""
    return f"{request_id.replace('-', '')[:15]}="


def _identity(exchange: Exchange) -> dict[str, str | None]:
    caller, outcome = exchange.outcome.caller, exchange.outcome
    return {
        **dict.fromkeys(_NOBODY),
        "accessKey": caller.access_key if caller else None,
        "accountId": caller.account if caller else None,
        "caller": caller.user_id if caller else None,
        "sourceIp": exchange.request.source_ip,
        "user": caller.user_id if caller else None,
        "userAgent": exchange.header("user-agent") or None,
        "userArn": caller.arn if caller else None,
        **_of_key(outcome.api_key, outcome.api_key_id),
    }


def _of_key(value: str, key_id: str) -> dict[str, str | None]:
    """Return both fields of a request that needed an API key, and neither of others."""
    return {"apiKey": value, "apiKeyId": key_id} if key_id else {}


def value_of(context: Mapping[str, Any], dotted: str) -> str:
    """Return `identity.userArn` and the like as text; empty where it is not known."""
    value: Any = context
    for name in dotted.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return "" if value is None else str(value)
