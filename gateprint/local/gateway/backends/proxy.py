"""AWS_PROXY: the whole request as a Lambda event, and the function's answer as it is; pure.

API Gateway developer guide, "Lambda proxy integrations in API Gateway".
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.local.gateway.context import context_of
from gateprint.local.gateway.exchange import JSON, Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.web import Headers, HttpResponse, Invocation

_FIELDS = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})
# API Gateway developer guide, "API Gateway important notes", and what every event shows.
_FORWARDED = "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto"
_DROPPED = frozenset({"connection", "content-length", "transfer-encoding", "expect", "host"})
MALFORMED = 502
_STATUSES = range(100, 600)


def event_of(exchange: Exchange) -> dict[str, Any]:
    """Return the event of a request, version 1.0."""
    headers = _headers(exchange)
    body, is_binary = _body(exchange)
    query = exchange.query
    return {
        "resource": exchange.target.resource_path,
        "path": exchange.path,
        "httpMethod": exchange.request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": dict(query) or None,
        # Unlike mappings, events have them as they were sent.
        "pathParameters": dict(exchange.path_parameters) or None,
        "stageVariables": dict(exchange.stage.variables) or None,
        "requestContext": context_of(exchange),
        "body": body,
        "isBase64Encoded": is_binary,
    }


def _headers(exchange: Exchange) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in exchange.headers:
        if name.lower() not in _DROPPED:
            found.setdefault(_spelling(found, name), []).append(value)
    # What the caller says of itself comes first, as behind every proxy.
    before = found.pop(_spelling(found, "X-Forwarded-For"), [])
    found["X-Amzn-Trace-Id"] = [_trace_id(exchange)]
    origin = ", ".join([*before, exchange.request.source_ip])
    found["Host"] = [context_of(exchange)["domainName"]]
    return {**found, **dict(zip(_FORWARDED, ([origin], ["443"], ["https"]), strict=True))}


def _trace_id(exchange: Exchange) -> str:
    """Return an X-Ray trace id: the time and 24 hexadecimal digits."""
    digits = exchange.request_id.replace("-", "")[:24]
    return f"Root=1-{int(exchange.started.timestamp()):08x}-{digits}"


def _spelling(found: Mapping[str, Any], name: str) -> str:
    return next((each for each in found if each.lower() == name.lower()), name)


def _body(exchange: Exchange) -> tuple[str | None, bool]:
    body = exchange.request.body
    if not body:
        return None, False
    if exchange.snapshot.is_binary(exchange.header("content-type")):
        return base64.b64encode(body).decode(), True
    return body.decode(errors="replace"), False


def response_of(exchange: Exchange, invocation: Invocation) -> HttpResponse:
    """Return the function's answer.

    Raises:
        Fault: the function failed, or its answer has not the form that API Gateway wants.
    """
    if invocation.error is not None:
        raise _malformed(f"the function failed: {invocation.error}")
    answer = _read(invocation.payload)
    status = _status(answer.get("statusCode", 200))
    headers = tuple(_response_headers(answer))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers += (("Content-Type", JSON),)
    return HttpResponse(status, headers, _response_body(exchange, answer))


def _read(payload: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        raise _malformed("the function's answer is not JSON") from None
    if answer is None:
        return {}
    if not isinstance(answer, dict) or not answer.keys() <= _FIELDS:
        fields = ", ".join(sorted(_FIELDS))
        raise _malformed(f"the function's answer must be an object of {fields}")
    return answer


def _status(value: Any) -> int:
    is_number = isinstance(value, int | str) and not isinstance(value, bool)
    if not is_number or not str(value).isdigit() or int(value) not in _STATUSES:
        raise _malformed(f"statusCode is {value!r}")
    return int(value)


def _response_headers(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    many = _mapping(answer, "multiValueHeaders")
    for name, values in many.items():
        if not isinstance(values, list):
            raise _malformed(f"multiValueHeaders.{name} is no list")
        for value in values:
            yield _header(name, value)
    several = {name.lower() for name in many}
    for name, value in _mapping(answer, "headers").items():
        if name.lower() not in several:
            yield _header(name, value)


def _mapping(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = answer.get(name)
    if value is not None and not isinstance(value, dict):
        raise _malformed(f"{name} is no object")
    return value or {}


def _header(name: str, value: Any) -> tuple[str, str]:
    if isinstance(value, bool):
        return name, "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise _malformed(f"the header {name} is no text")
    return name, str(value)


def _response_body(exchange: Exchange, answer: Mapping[str, Any]) -> bytes:
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise _malformed("body is no text")
    accepted = exchange.header("accept").partition(",")[0]
    if answer.get("isBase64Encoded") is not True or not exchange.snapshot.is_binary(accepted):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise Fault("API_CONFIGURATION_ERROR", reason="body is not base64") from None


def _malformed(reason: str) -> Fault:
    return Fault("DEFAULT_5XX", status=MALFORMED, reason=f"malformed proxy response: {reason}")


def without_unsafe(headers: Headers) -> Headers:
    """Return headers that can stand in an answer: no line ends, and none of the connection's."""
    return tuple(
        (name, "".join(each for each in value if each not in "\r\n\0"))
        for name, value in headers
        if name.lower() not in {"connection", "content-length", "transfer-encoding", "keep-alive"}
    )
