"""Requests and answers of API Gateway's Lambda integrations; reads one environment variable."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from typing import Any

MAX_BODY_BYTES = 256 * 1024


class BadRequest(Exception):
    """The request is wrong; `message` says why, to the caller.

    The exception's text is `[400] <message>`: with `proxy: false`, API Gateway answers with
    status 400 where a function fails with such a text.
    """

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(f"[400] {message}")


def answer(event: Mapping[str, Any], status: int, body: Any) -> dict[str, Any]:
    """Build a proxy integration's response: `{"statusCode", "headers", "body"}`, body as JSON.

    `ALLOWED_ORIGINS`, which gateprint sets on the function, is `*` or exact origins separated by
    one space; without it no CORS header is sent. `Access-Control-Allow-Credentials` never is:
    callers sign their requests and send no cookies.
    """
    headers = {"Content-Type": "application/json", **_cors_headers(event)}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body, allow_nan=False)}


def body_of(event: Mapping[str, Any]) -> Any:
    """Parse the JSON body of a proxy integration's event; `{}` where there is none.

    Raises BadRequest where the body is too large, or is not JSON as RFC 8259 defines it.
    """
    body = event.get("body")
    if body is None or body == "":
        return {}
    try:
        raw = (
            base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        )
    except (AttributeError, TypeError, ValueError):
        raise BadRequest("the body cannot be decoded") from None
    if len(raw) > MAX_BODY_BYTES:
        raise BadRequest(f"the body is larger than {MAX_BODY_BYTES} bytes")
    try:
        return json.loads(raw.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadRequest("the body is not valid JSON") from None


def _refuse(constant: str) -> None:
    """Reject `NaN` and `Infinity`, which Python would read and JSON does not know."""
    raise ValueError(constant)


def _cors_headers(event: Mapping[str, Any]) -> dict[str, str]:
    allowed = os.environ.get("ALLOWED_ORIGINS", "").split()
    if allowed == ["*"]:
        return {"Access-Control-Allow-Origin": "*"}
    if not allowed:
        return {}
    # The answer depends on the caller's origin even where none is allowed: caches must know.
    vary = {"Vary": "Origin"}
    origin = _origin(event)
    return {**vary, "Access-Control-Allow-Origin": origin} if origin in allowed else vary


def _origin(event: Mapping[str, Any]) -> str:
    """The request's one Origin header; empty where it has none, or several that differ."""
    single = event.get("headers") or {}
    multiple = event.get("multiValueHeaders") or {}
    found = {value for name, value in single.items() if name.lower() == "origin"}
    for name, values in multiple.items():
        if name.lower() == "origin":
            found.update(values)
    return str(found.pop()) if len(found) == 1 else ""
