"""Evaluates mapping expressions on a request or on a backend's answer; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gateprint.local.gateway import jsonpath
from gateprint.local.gateway.context import context_of, value_of
from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.expressions import Expression
from gateprint.local.web import Headers


def request_value(expression: Expression, exchange: Exchange) -> str | None:
    """Return what an expression says of the request; None where there is nothing."""
    name = expression.name
    if expression.source == "body":
        return _in_body(exchange.request.body, name)
    if expression.source == "path":
        return exchange.decoded_parameters.get(name)
    if expression.source in ("querystring", "multivaluequerystring"):
        return _joined(exchange.query.get(name), is_many=expression.source != "querystring")
    if expression.source in ("header", "multivalueheader"):
        values = exchange.header_values.get(name.lower())
        return _joined(values, is_many=expression.source != "header")
    return _common(expression, exchange)


def response_value(
    expression: Expression, exchange: Exchange, headers: Headers, body: bytes
) -> str | None:
    """Return what an expression says of a backend's answer; None where there is nothing."""
    if expression.source == "body":
        return _in_body(body, expression.name)
    if expression.source in ("header", "multivalueheader"):
        values = [value for key, value in headers if key.lower() == expression.name.lower()]
        return _joined(values, is_many=expression.source != "header")
    return _common(expression, exchange)


def _common(expression: Expression, exchange: Exchange) -> str | None:
    if expression.source == "static":
        return expression.name
    if expression.source == "stageVariables":
        return exchange.stage.variables.get(expression.name)
    return value_of(context_of(exchange), expression.name) or None


def _joined(values: list[str] | None, *, is_many: bool) -> str | None:
    if not values:
        return None
    return ",".join(values) if is_many else values[-1]


def _in_body(body: bytes, path: str) -> str | None:
    if path == "$":
        return body.decode(errors="replace")
    try:
        found = jsonpath.find(json.loads(body), path)
    except (ValueError, RecursionError):
        return None
    return found if found is None or isinstance(found, str) else _compact(found)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def with_overrides(
    headers: Mapping[str, str], overrides: Mapping[tuple[str, ...], str], side: str
) -> dict[str, str]:
    """Return headers by name with what a template overrides of them."""
    result = dict(headers)
    for names, value in overrides.items():
        if names[:2] == (side, "header"):
            result = {key: kept for key, kept in result.items() if key.lower() != names[2].lower()}
            result[names[2]] = value
    return result
