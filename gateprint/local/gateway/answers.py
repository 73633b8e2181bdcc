"""API Gateway's own answers: the gateway responses, configured or not; pure.

API Gateway developer guide, "Gateway responses in API Gateway".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateprint.local.gateway.context import context_of, value_of
from gateprint.local.gateway.exchange import JSON, Exchange
from gateprint.local.gateway.faults import KINDS, Fault
from gateprint.local.gateway.mapping import request_value
from gateprint.local.gateway.snapshot import GatewayResponse
from gateprint.local.web import HttpResponse

_FIRST_OF_5XX = 500
_CONTEXT = re.compile(r"\$(?:context\.([A-Za-z.]+)|\{context\.([A-Za-z.]+)\})")
_OTHER = re.compile(r"\$(stageVariables|input\.params)[A-Za-z0-9_.('\")-]*")


@dataclass(frozen=True, slots=True)
class _Chosen:
    status: int
    response: GatewayResponse | None


def own_answer(exchange: Exchange, fault: Fault) -> HttpResponse:
    """Return the gateway response to a request that failed."""
    chosen = _chosen(exchange.snapshot.gateway_responses, fault)
    headers = {"x-amzn-errortype": fault.error}
    response = chosen.response
    kind, template = _template(exchange, response)
    body = _default_body(fault) if template is None else _filled(exchange, fault, template)
    headers["Content-Type"] = kind
    if response is not None:
        for name, expression in response.headers.items():
            value = request_value(expression, exchange)
            if value is not None:
                headers[name] = value
    return HttpResponse(chosen.status, tuple(headers.items()), body.encode())


def _chosen(responses: Mapping[str, GatewayResponse], fault: Fault) -> _Chosen:
    """Return the response of the fault's type, or that of all of its kind."""
    default = "DEFAULT_5XX" if fault.status >= _FIRST_OF_5XX else "DEFAULT_4XX"
    response = responses.get(fault.kind) or responses.get(default)
    # Of the default ones too, a status replaces that of the type.
    status = response.status if response is not None and response.status else fault.status
    return _Chosen(status, response)


def _template(exchange: Exchange, response: GatewayResponse | None) -> tuple[str, str | None]:
    templates = response.templates if response is not None else {}
    if not templates:
        return JSON, None
    accepted = exchange.header("accept").partition(",")[0].partition(";")[0].strip()
    for kind in (accepted, JSON):
        if kind in templates:
            return kind, templates[kind]
    return next(iter(templates.items()))


def _default_body(fault: Fault) -> str:
    return json.dumps({fault.key: fault.message or None}, ensure_ascii=False, separators=(",", ":"))


def _filled(exchange: Exchange, fault: Fault, template: str) -> str:
    """Replace variables; a gateway response knows nothing else of the template language."""
    values = {**context_of(exchange), "error": _error(fault)}
    return _CONTEXT.sub(lambda found: value_of(values, found[1] or found[2]), template)


def _error(fault: Fault) -> dict[str, str]:
    return {
        "message": fault.message,
        "messageString": json.dumps(fault.message, ensure_ascii=False),
        "responseType": fault.kind,
        "validationErrorString": fault.reason if fault.kind.startswith("BAD_REQUEST") else "",
    }


def forbidden(request_id: str) -> HttpResponse:
    """Return what answers where there is no such API or stage, which has no gateway responses."""
    kind = KINDS["INVALID_API_KEY"]
    headers = (
        ("x-amzn-requestid", request_id),
        ("x-amzn-errortype", kind.error),
        ("Content-Type", JSON),
    )
    return HttpResponse(kind.status, headers, b'{"message":"Forbidden"}')
