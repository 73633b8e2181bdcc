"""Asks a method's authorizer what a token may do, and remembers the answer as API Gateway does.

API Gateway developer guide, "Use API Gateway Lambda authorizers", "Input to a Lambda authorizer",
"Output from a Lambda authorizer", and API reference, "CreateAuthorizer".
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.snapshot import Authorizer
from gateprint.local.web import Functions, Grant, Invocation

MAX_ANSWERS = 10_000
# Exactly this text of an error is a 401; every other failure is a 500.
UNAUTHORIZED = "Unauthorized"
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


class Permissions(Protocol):
    """Knows which functions API Gateway may call."""

    def is_invocable(self, function_arn: str, source_arn: str) -> bool:
        """Tell whether API Gateway may call a function for an authorizer."""


@dataclass
class Authorizers:
    """Calls authorizers' functions; `clock` is in seconds and only advances."""

    functions: Functions
    permissions: Permissions
    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[tuple[str, ...], tuple[float, Grant]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def grant(self, exchange: Exchange, authorizer: Authorizer) -> Grant:
        """Return what the request's token may do.

        Raises:
            Fault: there is no token, it is refused, or the function fails.
        """
        token = exchange.header(authorizer.header)
        if not token or not authorizer.is_admitting(token):
            raise Fault("UNAUTHORIZED")  # The function is not asked.
        key = (exchange.snapshot.api_id, exchange.stage.name, authorizer.authorizer_id, token)
        return self._remembered(key) or self._asked(exchange, authorizer, key)

    def _remembered(self, key: tuple[str, ...]) -> Grant | None:
        with self._lock:
            until, grant = self._kept.get(key, (0.0, None))
            return grant if until > self.clock() else None

    def _asked(self, exchange: Exchange, authorizer: Authorizer, key: tuple[str, ...]) -> Grant:
        """Ask the function; refusals are not remembered."""
        grant = _read(self._invoked(exchange, authorizer, key[-1]))
        if authorizer.ttl_seconds > 0:
            with self._lock:
                self._kept[key] = (self.clock() + authorizer.ttl_seconds, grant)
                self._kept.move_to_end(key)
                if len(self._kept) > MAX_ANSWERS:
                    self._kept.popitem(last=False)
        return grant

    def _invoked(self, exchange: Exchange, authorizer: Authorizer, token: str) -> Invocation:
        arn = authorizer.function_arn
        if not self.permissions.is_invocable(arn, _source_arn(exchange, authorizer)):
            raise _misconfigured(f"Invalid permissions on Lambda function: {arn}")
        event = {
            "type": "TOKEN",
            "methodArn": exchange.method_arn,
            "authorizationToken": token,
        }
        return self.functions.invoke(arn, json.dumps(event))


def _source_arn(exchange: Exchange, authorizer: Authorizer) -> str:
    api = exchange.method_arn.partition("/")[0]
    return f"{api}/authorizers/{authorizer.authorizer_id}"


def _read(invocation: Invocation) -> Grant:
    if invocation.error in _REFUSALS:
        raise _misconfigured(f"Lambda refused: {invocation.error}: {invocation.payload}")
    answer = _object(invocation.payload)
    if invocation.error is not None:
        if answer.get("errorMessage") == UNAUTHORIZED:
            raise Fault("UNAUTHORIZED")
        reason = f"the authorizer failed: {invocation.error}: {answer.get('errorMessage')}"
        raise Fault("AUTHORIZER_FAILURE", reason=reason)
    principal, policy = answer.get("principalId"), answer.get("policyDocument")
    if not isinstance(principal, str) or not principal or not isinstance(policy, dict):
        raise _misconfigured("the authorizer's answer has no principalId or no policyDocument")
    return Grant(principal, json.dumps(policy), _context(answer.get("context")))


def _object(payload: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise _misconfigured("the authorizer's answer is no object")
    return answer


def _context(said: Any) -> dict[str, str]:
    """Return the context as backends see it: texts; lists and objects are no valid answer."""
    if not isinstance(said, dict | None):
        raise _misconfigured("the authorizer's context is no object")
    for name, value in (said or {}).items():
        if not isinstance(value, str | int | float):
            raise _misconfigured(f"{name} in the authorizer's context is no plain value")
    return {name: _text(value) for name, value in (said or {}).items()}


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _misconfigured(reason: str) -> Fault:
    return Fault("AUTHORIZER_CONFIGURATION_ERROR", reason=reason)
