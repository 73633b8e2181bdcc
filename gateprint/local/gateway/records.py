"""What the access logs say of a request: gateprint's record, and a stage's own format; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from gateprint.local.gateway.context import context_of
from gateprint.local.gateway.exchange import Exchange
from gateprint.local.web import HttpResponse

_VARIABLE = re.compile(r"\$context\.([A-Za-z]+(?:[.-][A-Za-z]+)*)")
# API Gateway developer guide, "Variables for access logging for API Gateway".
_NOTHING = "-"


def record_of(exchange: Exchange, response: HttpResponse, latency_ms: float) -> dict[str, Any]:
    """Return gateprint's record of a request."""
    outcome, method = exchange.outcome, exchange.method
    caller = outcome.caller
    return {
        "time": exchange.started.astimezone(UTC).isoformat(timespec="milliseconds"),
        "request_id": exchange.request_id,
        "api": exchange.snapshot.api_id,
        "stage": exchange.stage.name,
        "role": caller.role_arn.rpartition("/")[2] if caller else "",
        "session": caller.arn.rpartition("/")[2] if caller else "",
        "method": exchange.request.method,
        "path": exchange.path,
        "route": method.route if method else "",
        "status": response.status,
        "decision": outcome.decision,
        "statement": outcome.statement,
        "error": outcome.error,
        "reason": outcome.reason,
        "latency_ms": round(latency_ms, 3),
    }


def line_of(exchange: Exchange, response: HttpResponse, latency_ms: float) -> str:
    """Return the line of a stage's access log, in the format of its settings.

    What nobody knows is `-`. Values are escaped as within JSON, so that no caller forges a line.
    """
    values = {**context_of(exchange), **_of_the_answer(exchange, response, latency_ms)}
    values["identity"].pop("apiKey", None)  # Whoever reads a log could call with it.
    return _VARIABLE.sub(lambda found: _shown(values, found[1]), exchange.stage.log_format)


def _of_the_answer(exchange: Exchange, response: HttpResponse, latency_ms: float) -> dict[str, Any]:
    outcome = exchange.outcome
    return {
        "status": response.status,
        "responseLatency": round(latency_ms),
        "responseLength": len(response.body),
        "authenticate": {"error": outcome.authenticate_error or None},
        "authorize": {"error": outcome.authorize_error or None},
        "error": {
            "message": outcome.error or None,
            "messageString": json.dumps(outcome.error) if outcome.error else None,
            "responseType": outcome.error_type or None,
        },
    }


def _shown(values: Mapping[str, Any], dotted: str) -> str:
    value: Any = values
    for name in dotted.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None or isinstance(value, Mapping):
        return _NOTHING
    if dotted.endswith("messageString"):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)[1:-1]
