"""API keys, usage plans and throttling, in API Gateway's order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.keys import ApiKey, period_of
from gateprint.local.gateway.throttle import Quota, Throttle


class KeyStore(Protocol):
    """Knows the API keys."""

    def find_key(self, value: str, api_id: str, stage: str) -> ApiKey | None:
        """Return an enabled key with a usage plan for the stage."""


@dataclass
class Limits:
    """What has been counted so far; `clock` is in seconds and only advances."""

    keys: KeyStore
    clock: Callable[[], float] = time.monotonic
    throttle: Throttle = field(default_factory=Throttle)
    quota: Quota = field(default_factory=Quota)

    def admit(self, exchange: Exchange) -> None:
        """Count the request.

        Raises:
            Fault: its key is not valid, or there are too many requests.
        """
        method, snapshot, stage = exchange.target, exchange.snapshot, exchange.stage
        if method.needs_api_key:
            self._admit_key(exchange)
        limit = stage.limit_of(method.resource_path, method.verb)
        key = (snapshot.api_id, stage.name, method.route)
        if limit is not None and not self.throttle.is_admitting(key, limit, self.clock()):
            raise Fault("THROTTLED")

    def _admit_key(self, exchange: Exchange) -> None:
        value = exchange.header("x-api-key")
        found = None
        if value:
            found = self.keys.find_key(value, exchange.snapshot.api_id, exchange.stage.name)
        if found is None:
            raise Fault("INVALID_API_KEY")
        exchange.outcome.api_key_id, exchange.outcome.api_key = found.key_id, value
        self._admit_plan(exchange, found)

    def _admit_plan(self, exchange: Exchange, found: ApiKey) -> None:
        method, plan = exchange.target, found.plan
        limit = plan.limit_of(method.resource_path, method.verb)
        key = (found.key_id, plan.plan_id, method.route)
        if limit is not None and not self.throttle.is_admitting(key, limit, self.clock()):
            raise Fault("THROTTLED")
        period = period_of(plan.period, exchange.started)
        counted = (found.key_id, plan.plan_id, period)
        if plan.quota is not None and not self.quota.is_admitting(counted, plan.quota):
            raise Fault("QUOTA_EXCEEDED")
