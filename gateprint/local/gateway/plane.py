"""A request's way through API Gateway: route, admit, validate, call the backend, answer, log."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Protocol

from gateprint.local.gateway import routing
from gateprint.local.gateway.address import Address, named
from gateprint.local.gateway.answers import forbidden, own_answer
from gateprint.local.gateway.authorize import Gate
from gateprint.local.gateway.compression import deflated, inflated
from gateprint.local.gateway.context import extended_id
from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.integrate import Backends
from gateprint.local.gateway.journal import Journal
from gateprint.local.gateway.limits import Limits
from gateprint.local.gateway.pretended import whereabouts_of, with_source
from gateprint.local.gateway.records import line_of, record_of
from gateprint.local.gateway.snapshot import Snapshot
from gateprint.local.gateway.stage import Stage
from gateprint.local.gateway.validation import validate
from gateprint.local.web import Headers, HttpRequest, HttpResponse

# What the answer's connection says itself (API Gateway developer guide, "API Gateway important
# notes"): a backend's own comes under another name.
_REMAPPED = frozenset(
    {"connection", "content-length", "date", "server", "transfer-encoding", "www-authenticate"}
)
_OWN = frozenset({"x-amzn-requestid", "x-amz-apigw-id", "x-amzn-errortype"})

log = logging.getLogger(__name__)


class World(Protocol):
    """What the account holds, as the data plane needs it."""

    def find(self, api_id: str, stage: str) -> tuple[Snapshot, Stage] | None:
        """Return what a stage serves, and its live settings."""

    def base_paths(self, domain: str) -> Mapping[str, tuple[str, str]] | None:
        """Return API and stage by base path, "" for the root; None where there is no domain."""

    def is_closed(self, api_id: str) -> bool:
        """Tell whether an API has no default endpoint."""

    def write_log(self, group_arn: str, stream: str, line: str) -> None:
        """Add a line to a stage's log group."""


@dataclass(frozen=True, slots=True)
class DataPlane:
    """Serves what is deployed."""

    world: World
    gate: Gate
    limits: Limits
    backends: Backends
    journal: Journal
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def answer(self, request: HttpRequest, address: Address) -> HttpResponse:
        """Return API Gateway's answer to a request."""
        started, request_id = perf_counter(), str(uuid.uuid4())
        is_closed = not address.domain and self.world.is_closed(address.api_id)
        served = None if is_closed else self.world.find(address.api_id, address.stage)
        if served is None:
            return forbidden(request_id)
        exchange = Exchange(request, *served, address.path, request_id, self.clock())
        exchange.domain = address.domain
        response = self._answered(exchange)
        self._log(exchange, response, (perf_counter() - started) * 1000)
        return response

    def locate(self, host: str, path: str) -> Address | None:
        """Return where a request under a domain of one's own goes; None where there is none.

        A base path is a whole segment, and comes before the root. Where nothing answers the
        address has no API, and the answer is that of a stage that is not there.
        """
        found = named(host, path)
        paths = None if found is None else self.world.base_paths(found[0])
        if found is None or paths is None:
            return None
        domain, whole = found
        first, _, rest = whole.removeprefix("/").partition("/")
        if first and first in paths:
            return Address(*paths[first], f"/{rest}", domain)
        return Address(*paths.get("", ("", "")), whole, domain)

    def _answered(self, exchange: Exchange) -> HttpResponse:
        try:
            response = self._handled(exchange)
            headers = _remapped(response.headers)
        except Fault as fault:
            response = self._own(exchange, fault)
            headers = response.headers
        except Exception:
            log.exception("%s %s", exchange.request.method, exchange.path)
            response = self._own(exchange, Fault("DEFAULT_5XX"))
            headers = response.headers
        own = (
            ("x-amzn-RequestId", exchange.request_id),
            ("x-amz-apigw-id", extended_id(exchange.request_id)),
        )
        return HttpResponse(response.status, (*own, *headers), response.body)

    def _handled(self, exchange: Exchange) -> HttpResponse:
        exchange.replace_request(with_source(exchange.request))
        _require_served(exchange)
        found = routing.find(exchange.snapshot.root, exchange.request.method, exchange.path)
        if found is None:
            raise Fault("MISSING_AUTHENTICATION_TOKEN")
        exchange.method, exchange.path_parameters = found
        self.gate.admit(exchange)
        self.limits.admit(exchange)
        exchange.replace_request(inflated(exchange))
        validate(exchange)
        return deflated(exchange, self.backends.answer(exchange))

    def _own(self, exchange: Exchange, fault: Fault) -> HttpResponse:
        outcome = exchange.outcome
        outcome.error, outcome.error_type = fault.message, fault.kind
        outcome.reason = fault.reason
        if fault.reason:
            log.warning("%s: %s", exchange.request_id, fault.reason)
        return own_answer(exchange, fault)

    def _log(self, exchange: Exchange, response: HttpResponse, latency_ms: float) -> None:
        self.journal.write(record_of(exchange, response, latency_ms))
        if exchange.stage.log_group_arn:
            stream = f"{exchange.snapshot.api_id}-{exchange.stage.name}"
            line = line_of(exchange, response, latency_ms)
            self.world.write_log(exchange.stage.log_group_arn, stream, line)


# What makes API Gateway clear an entry of its cache (developer guide, "Invalidate an API Gateway
# cache entry").
_CLEARING = re.compile(r"\bmax-age=0\b|\bno-cache\b")


def _require_served(exchange: Exchange) -> None:
    """Refuse what depends on something that is not done here, and say so."""
    if exchange.snapshot.is_private and whereabouts_of(exchange.request).vpc_endpoint is None:
        message = "Forbidden: a private API is reached from its VPC alone"
        raise Fault("INVALID_API_KEY", message, reason=message)
    if exchange.stage.web_acl_arn:
        message = "Forbidden: the embedded cloud applies no web ACL, and this stage's may refuse"
        raise Fault("WAF_FILTERED", message, reason=message)
    if exchange.stage.has_cache and _CLEARING.search(exchange.header("cache-control")):
        # Here a cache always misses; nobody is granted execute-api:InvalidateCache.
        message = "Forbidden: the embedded cloud has no cache to clear"
        raise Fault("ACCESS_DENIED", message, reason=message)
    override = exchange.header("x-http-method-override")
    if override and override != exchange.request.method:
        # AWS overrides the method, and does not say which of both IAM sees.
        message = "Bad Request: the embedded cloud does not do X-HTTP-Method-Override"
        raise Fault("DEFAULT_4XX", message, reason=message)


def _remapped(headers: Headers) -> Headers:
    return tuple(
        (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value)
        for name, value in headers
        if name.lower() not in _OWN
    )
