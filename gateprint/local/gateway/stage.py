"""A stage's live settings, as GetStage answers; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.local.gateway.canary import Canary, read_canary
from gateprint.local.gateway.faults import NotServed

EVERY_METHOD = "*/*"
# What a stage may ask for and the data plane does not do.
_REFUSED = {"clientCertificateId": "client certificates for backends"}


@dataclass(frozen=True, slots=True)
class Limit:
    """Requests per second, and how many may come at once."""

    rate: float
    burst: int


@dataclass(frozen=True, slots=True)
class Stage:
    """What is live of a stage: all but its deployment."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Limit | None] = field(default_factory=dict)
    log_group_arn: str = ""
    log_format: str = ""
    web_acl_arn: str = ""
    has_cache: bool = False
    canary: Canary | None = None

    def limit_of(self, resource_path: str, verb: str) -> Limit | None:
        """Return the limit of a method: its own, or that of all methods."""
        own = f"{resource_path}/{verb}"
        return self.limits[own] if own in self.limits else self.limits.get(EVERY_METHOD)


def read_stage(document: Mapping[str, Any]) -> Stage:
    """Return the live settings in what GetStage answers."""
    log = document.get("accessLogSettings") or {}
    settings = document.get("methodSettings") or {}
    return Stage(
        name=document["stageName"],
        variables=document.get("variables") or {},
        limits={_method_of(key): _limit(value) for key, value in settings.items()},
        log_group_arn=log.get("destinationArn") or "",
        log_format=log.get("format") or "",
        web_acl_arn=document.get("webAclArn") or "",
        has_cache=bool(document.get("cacheClusterEnabled")),
        canary=read_canary(document),
    )


def _method_of(key: str) -> str:
    """Return `/pets/{id}/GET` for `~1pets~1{id}/GET`, and for how Terraform writes it."""
    if key == EVERY_METHOD:
        return key
    path, _, verb = key.rpartition("/")
    path = path.replace("~1", "/").replace("~0", "~").strip("/")
    return f"/{path}/{verb}"


def _limit(settings: Mapping[str, Any]) -> Limit | None:
    """Return a limit; API Gateway takes -1 for none."""
    rate, burst = settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")
    if rate is None or burst is None or float(rate) < 0 or int(burst) < 0:
        return None
    return Limit(float(rate), int(burst))


def require_served(document: Mapping[str, Any]) -> None:
    """Refuse the settings of a stage that the data plane does not do.

    Raises:
        NotServed: there is such a setting.
    """
    for name, what in _REFUSED.items():
        if document.get(name):
            raise NotServed(f"the embedded cloud does not do {what} ({name})")
