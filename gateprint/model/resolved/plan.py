"""A usage plan with every default final; pure."""

from __future__ import annotations

from dataclasses import dataclass

from gateprint.model.resolved.throttle import Throttle


@dataclass(frozen=True, slots=True)
class PlanQuota:
    """Requests of a key in a period, which is called as AWS calls it."""

    requests: int
    period: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A usage plan of one API in one environment; `limits` are those of single routes, by key."""

    name: str
    api: str
    stages: tuple[str, ...]
    keys: tuple[str, ...]
    description: str | None = None
    throttle: Throttle | None = None
    quota: PlanQuota | None = None
    limits: tuple[tuple[str, Throttle], ...] = ()
