"""A stage with every default final; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Throttle:
    """Requests per second, and requests at once."""

    rate: float
    burst: int


@dataclass(frozen=True, slots=True)
class Cache:
    """A stage's response cache."""

    size_gb: str
    ttl_seconds: int


@dataclass(frozen=True, slots=True)
class Stage:
    """An API Gateway stage; about metrics nothing is said where `has_detailed_metrics` is None."""

    name: str
    description: str | None = None
    throttle: Throttle | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    has_tracing: bool = False
    log_level: str = "OFF"
    access_log_days: int | None = None
    waf_acl_arn: str | None = None
    has_detailed_metrics: bool | None = None
    cache: Cache | None = None
