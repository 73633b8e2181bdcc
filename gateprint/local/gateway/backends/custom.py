"""AWS (a Lambda function without proxy) and MOCK integrations."""

from __future__ import annotations

import json
from typing import Any

from gateprint.local.gateway.backends.answer import BackendAnswer
from gateprint.local.gateway.backends.requests import BackendRequest
from gateprint.local.gateway.faults import Fault
from gateprint.local.web import Invocation


def function_answer(invocation: Invocation) -> BackendAnswer:
    """Return what a function answered; patterns are compared with an error's text.

    API Gateway developer guide, "Handle Lambda errors in API Gateway".
    """
    message = _error_message(invocation.payload) if invocation.error is not None else ""
    return BackendAnswer(200, (), invocation.payload.encode(), message)


def _error_message(payload: str) -> str:
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return payload
    message = document.get("errorMessage") if isinstance(document, dict) else None
    return message if isinstance(message, str) else payload


def mock_answer(request: BackendRequest) -> BackendAnswer:
    """Return what a mock answers: the status in its request, `{"statusCode": 200}`.

    Raises:
        Fault: there is none.
    """
    status = _status_code(request.body)
    if status is None:
        raise Fault("API_CONFIGURATION_ERROR", reason="the mock's request has no statusCode")
    # API Gateway passes no body on.
    return BackendAnswer(status, (), b"", str(status))


def _status_code(body: bytes) -> int | None:
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    status = document.get("statusCode") if isinstance(document, dict) else None
    return status if isinstance(status, int) and not isinstance(status, bool) else None
