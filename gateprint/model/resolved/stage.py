"""A stage with every default final; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateprint.model.resolved.api import Route
from gateprint.model.resolved.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Cache:
    """A stage's response cache."""

    size_gb: str
    ttl_seconds: int


@dataclass(frozen=True, slots=True)
class Canary:
    """What `percent` of a stage's requests get; `release` is None for what the blueprint says."""

    percent: float
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """An API Gateway stage; `release` is None where it follows the blueprint.

    `serves` are the routes of its release by API, as far as somebody has read them from a state.
    About metrics nothing is said where `has_detailed_metrics` is None.
    """

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
    release: str | None = None
    kept_releases: tuple[str, ...] = ()
    canary: Canary | None = None
    serves: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)

    @property
    def releases(self) -> tuple[str, ...]:
        """Return the releases that it needs: its own, its canary's, and those that it keeps."""
        of_canary = self.canary.release if self.canary else None
        named = (self.release, of_canary, *self.kept_releases)
        return tuple(dict.fromkeys(each for each in named if each is not None))

    @property
    def has_latest(self) -> bool:
        """Tell whether some of its callers get what the blueprint says."""
        return self.release is None or (self.canary is not None and self.canary.release is None)
