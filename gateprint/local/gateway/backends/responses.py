"""The integration response: which one, its headers, its template, the method's answer; pure.

API Gateway developer guide, "Set up an integration response in API Gateway".
"""

from __future__ import annotations

from collections.abc import Mapping

from gateprint.local.gateway.backends.answer import BackendAnswer
from gateprint.local.gateway.exchange import JSON, Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.mapping import response_value, with_overrides
from gateprint.local.gateway.snapshot import IntegrationResponse
from gateprint.local.gateway.variables import Context, variables
from gateprint.local.gateway.vtl.render import render
from gateprint.local.gateway.vtl.syntax import Template
from gateprint.local.web import HttpResponse

_STATUSES = range(100, 600)
_STATUS = ("responseOverride", "status")


def shaped(exchange: Exchange, answer: BackendAnswer, context: Context) -> HttpResponse:
    """Return the method's answer to what the backend answered.

    Raises:
        Fault: no integration response fits, or the template fails.
    """
    chosen = _chosen(exchange.target.integration.responses, answer.selected_by)
    kind, template = _template(exchange, chosen)
    body = answer.body
    if template is not None:
        text = body.decode(errors="replace")
        body = render(template, variables(exchange, context, text)).encode()
    headers = {"Content-Type": kind, **_mapped(exchange, chosen, answer)}
    headers = with_overrides(headers, context.overrides, "responseOverride")
    status = _status(context.overrides, chosen.status)
    return HttpResponse(status, tuple(headers.items()), body)


def _chosen(responses: tuple[IntegrationResponse, ...], selected_by: str) -> IntegrationResponse:
    default = None
    for response in responses:
        if response.selection is None:
            default = response
        elif response.selection.fullmatch(selected_by):
            return response
    if default is None:
        reason = "no integration response fits, and there is no default one"
        raise Fault("API_CONFIGURATION_ERROR", reason=reason)
    return default


def _template(exchange: Exchange, response: IntegrationResponse) -> tuple[str, Template | None]:
    """Return the content type of the answer and its template: what is accepted, JSON, or one."""
    templates = response.templates
    if not templates:
        return JSON, None
    accepted = exchange.header("accept").partition(",")[0].partition(";")[0].strip().lower()
    for kind in (accepted, JSON):
        if kind in templates:
            return kind, templates[kind]
    return next(iter(templates.items()))


def _mapped(
    exchange: Exchange, response: IntegrationResponse, answer: BackendAnswer
) -> dict[str, str]:
    found = {}
    for name, expression in response.headers.items():
        value = response_value(expression, exchange, answer.headers, answer.body)
        if value is not None:
            found[name] = value
    return found


def _status(overrides: Mapping[tuple[str, ...], str], status: int) -> int:
    text = overrides.get(_STATUS, "")
    if not text:
        return status
    if not text.isdigit() or int(text) not in _STATUSES:
        raise Fault("API_CONFIGURATION_ERROR", reason=f"the status {text} is overridden")
    return int(text)
