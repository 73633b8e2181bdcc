"""The stages of an account's REST API as those of a blueprint, or why they are none; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.errors import Diagnostic
from gateprint.model.document import Document
from gateprint.openapi.account import STAGES
from gateprint.openapi.extension import plain
from gateprint.openapi.names import line_of
from gateprint.openapi.reading import Node
from gateprint.openapi.refusals import Refusals

_ALL = "*/*"
# API Gateway developer guide, "Quotas": what holds for an account where nothing was said.
_UNTHROTTLED = ({10_000, -1}, {5_000, -1})
_FOREIGN = {
    "canarySettings": "a canary release",
    "clientCertificateId": "a client certificate",
}


def stages_of(document: Document, environment: str, refusals: Refusals) -> dict[str, Any]:
    """Return `stages` of the blueprint, all in one environment."""
    found = {}
    for name, stage in Node(document).at(STAGES).items():
        refusals.add(_unsaid(name, stage))
        found[name] = {"environment": environment, **_fields(name, stage, refusals)}
    return found


def _unsaid(name: str, stage: Node) -> Iterator[Diagnostic]:
    for field, called in _FOREIGN.items():
        if stage.data.get(field):
            problem = f"stage {name} has {called}"
            yield stage.refuse(problem, f"take {called} from the stage")
    settings = plain(dict(stage.at("methodSettings").mapping(_ALL)))
    if settings.get("dataTraceEnabled"):
        problem = f"stage {name} records bodies of each method"
        yield stage.refuse(problem, "set dataTraceEnabled to false")


def _fields(name: str, stage: Node, refusals: Refusals) -> dict[str, Any]:
    settings = plain(dict(stage.at("methodSettings").mapping(_ALL)))
    said = plain(stage.data)
    level = str(settings.get("loggingLevel") or "OFF").lower()
    if said.get("accessLogSettings"):
        refusals.remark(f"stage {name}: its access log goes to a log group of its own from now on")
    found = {
        "description": line_of(stage.text("description")),
        "throttle": _throttle(settings),
        "variables": said.get("variables"),
        "tracing": said.get("tracingEnabled") or None,
        "log_level": level if level != "off" else None,
        "metrics": "detailed" if settings.get("metricsEnabled") else None,
        "waf_acl": said.get("webAclArn"),
        "cache": _cache(said, settings),
    }
    log: dict[str, Any] = {"access_log": {}} if said.get("accessLogSettings") else {}
    return {key: value for key, value in found.items() if value} | log


def _throttle(settings: Mapping[str, Any]) -> dict[str, Any] | None:
    rate, burst = settings.get("throttlingRateLimit"), settings.get("throttlingBurstLimit")
    if rate is None or burst is None:
        return None
    number = float(rate)
    if number in _UNTHROTTLED[0] and burst in _UNTHROTTLED[1]:
        return None
    return {"rate": int(number) if number.is_integer() else number, "burst": burst}


def _cache(said: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any] | None:
    if not said.get("cacheClusterEnabled"):
        return None
    ttl = settings.get("cacheTtlInSeconds")
    return {"size_gb": said.get("cacheClusterSize"), **({"ttl": f"{ttl}s"} if ttl else {})}
