"""Calls the backend of a method, by the kind of its integration."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from typing import Protocol

from gateprint.local.gateway.backends import custom, http, proxy
from gateprint.local.gateway.backends.requests import backend_request
from gateprint.local.gateway.backends.responses import shaped
from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.web import Functions, HttpResponse, Invocation

MAX_INVOCATIONS = 256
_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_PARAMETER = re.compile(r"\{[^{}]+\}")
# What Lambda's Invoke itself refuses (API reference, "Invoke", errors).
_REFUSALS = frozenset(
    {
        "AccessDeniedException",
        "InvalidZipFileException",
        "RequestTooLargeException",
        "ResourceNotFoundException",
        "TooManyRequestsException",
    }
)


class FunctionFacts(Protocol):
    """Knows functions: their policies, and how long they may run."""

    def is_invocable(self, function_arn: str, source_arn: str) -> bool:
        """Tell whether API Gateway may call a function for a method."""

    def timeout_seconds(self, function_arn: str) -> float:
        """Return the function's own time-out."""


@dataclass
class Backends:
    """What is behind the methods."""

    functions: Functions
    facts: FunctionFacts
    sender: http.Sender
    _calls: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(MAX_INVOCATIONS, "integration")
    )

    def answer(self, exchange: Exchange) -> HttpResponse:
        """Return the method's answer.

        Raises:
            Fault: the backend failed, or the integration is configured wrongly.
        """
        integration = exchange.target.integration
        if integration.kind == "AWS_PROXY":
            event = json.dumps(proxy.event_of(exchange))
            return proxy.response_of(exchange, self._invoke(exchange, event))
        request = backend_request(exchange)
        if integration.kind == "HTTP_PROXY":
            return http.proxied(exchange, request, self.sender)
        if integration.kind == "HTTP":
            answer = http.sent(exchange, request, self.sender)
        elif integration.kind == "MOCK":
            answer = custom.mock_answer(request)
        else:
            invocation = self._invoke(exchange, _event(request.body))
            answer = custom.function_answer(invocation)
        return shaped(exchange, answer, request.context)

    def _invoke(self, exchange: Exchange, event: str) -> Invocation:
        """Call the function, and wait as long as the integration does.

        Lambda developer guide, "Error handling with API Gateway APIs": 500 where Lambda refuses
        the call, 502 where the function fails.
        """
        integration = exchange.target.integration
        variables = exchange.stage.variables
        arn = _VARIABLE.sub(lambda found: variables.get(found[1], ""), integration.function_arn)
        if not self.facts.is_invocable(arn, source_arn_of(exchange)):
            reason = f"Invalid permissions on Lambda function: {arn}"
            raise Fault("API_CONFIGURATION_ERROR", reason=reason)
        invocation = self._waited(arn, event, integration.timeout_seconds)
        if invocation.error in _REFUSALS:
            reason = f"Lambda refused: {invocation.error}: {invocation.payload}"
            raise Fault("API_CONFIGURATION_ERROR", reason=reason)
        return invocation

    def _waited(self, arn: str, event: str, seconds: float) -> Invocation:
        # Another thread costs time: only a function that may run too long gets one.
        if self.facts.timeout_seconds(arn) < seconds:
            return self.functions.invoke(arn, event)
        call = self._calls.submit(self.functions.invoke, arn, event)
        try:
            return call.result(seconds)
        except TooLate:
            raise Fault("INTEGRATION_TIMEOUT") from None


def source_arn_of(exchange: Exchange) -> str:
    """Return the `aws:SourceArn` of a call: the method's, with `*` for each parameter."""
    method, snapshot = exchange.target, exchange.snapshot
    path = _PARAMETER.sub("*", method.resource_path)
    verb = "*" if method.verb == "ANY" else method.verb
    place = f"{snapshot.region}:{snapshot.account}:{snapshot.api_id}/{exchange.stage.name}"
    return f"arn:{snapshot.partition}:execute-api:{place}/{verb}{path}"


def _event(body: bytes) -> str:
    """Return the event of a function without proxy: it must be JSON, and nothing is `{}`.

    Raises:
        Fault: it is none; Lambda answers so itself.
    """
    text = body.decode(errors="replace") or "{}"
    try:
        json.loads(text)
    except (ValueError, RecursionError) as problem:
        reason = f"Could not parse request body into json: {problem}"
        raise Fault("API_CONFIGURATION_ERROR", reason=reason) from problem
    return text
