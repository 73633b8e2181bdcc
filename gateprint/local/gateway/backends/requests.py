"""What a custom integration sends to its backend: body, headers, query and path; pure.

API Gateway developer guide, "Data transformations" and "Method request behavior for payloads
without mapping templates".
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from gateprint.local.gateway.context import context_of
from gateprint.local.gateway.exchange import JSON, Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.mapping import request_value, with_overrides
from gateprint.local.gateway.variables import Context, variables
from gateprint.local.gateway.vtl.render import render
from gateprint.local.gateway.vtl.syntax import Template


@dataclass(frozen=True, slots=True)
class BackendRequest:
    """What the backend gets; `context` keeps what the template overrides for the answer."""

    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str]
    path: Mapping[str, str]
    context: Context


def backend_request(exchange: Exchange) -> BackendRequest:
    """Return the request for the backend.

    Raises:
        Fault: no template fits and nothing may pass without one, or the template fails.
    """
    context = Context(context_of(exchange))
    template = _template(exchange)
    body = _passed(exchange) if template is None else _rendered(exchange, template, context)
    mapped = _mapped(exchange)
    overrides = context.overrides
    query = {**mapped["querystring"], **_overridden(overrides, "querystring")}
    path = {**mapped["path"], **_overridden(overrides, "path")}
    headers = with_overrides(mapped["header"], overrides, "requestOverride")
    return BackendRequest(body, headers, query, path, context)


def _template(exchange: Exchange) -> Template | None:
    integration = exchange.target.integration
    template = integration.templates.get(exchange.media_type)
    if template is not None:
        return template
    if integration.passthrough == "WHEN_NO_MATCH":
        return None
    if integration.passthrough == "WHEN_NO_TEMPLATES" and not integration.templates:
        return None
    raise Fault("UNSUPPORTED_MEDIA_TYPE")


def _rendered(exchange: Exchange, template: Template, context: Context) -> bytes:
    text = exchange.request.body.decode(errors="replace")
    return render(template, variables(exchange, context, text)).encode()


def _passed(exchange: Exchange) -> bytes:
    body = exchange.request.body
    is_binary = exchange.snapshot.is_binary(exchange.header("content-type"))
    if is_binary and exchange.target.integration.kind == "AWS":
        return base64.b64encode(body)
    return body


def _mapped(exchange: Exchange) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"header": {}, "path": {}, "querystring": {}}
    for place, expression in exchange.target.integration.parameters.items():
        value = request_value(expression, exchange)
        if value is not None:
            where, _, name = place.partition(".")
            found[where][name] = value
    return found


def _overridden(overrides: Mapping[tuple[str, ...], str], where: str) -> dict[str, str]:
    wanted = ("requestOverride", where)
    return {names[2]: value for names, value in overrides.items() if names[:2] == wanted}


def content_type(exchange: Exchange) -> str:
    """Return the type that the backend is told: the request's, or JSON."""
    return exchange.header("content-type") or JSON
