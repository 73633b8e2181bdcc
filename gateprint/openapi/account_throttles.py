"""Settings of single methods on an account's stages as the throttles of routes, or why not; pure.

A blueprint's route has one throttle on every stage, and else the settings of the stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateprint.model.document import Document
from gateprint.openapi.account import STAGES
from gateprint.openapi.account_plans import pace
from gateprint.openapi.extension import plain
from gateprint.openapi.reading import Node
from gateprint.openapi.refusals import Refusals

_ALL = "*/*"
_RATE, _BURST = "throttlingRateLimit", "throttlingBurstLimit"
# API Gateway API reference, MethodSetting: what holds where nothing was said.
_DEFAULTS = {"loggingLevel": "OFF", "metricsEnabled": False, "dataTraceEnabled": False}
_OF_CACHE = {"cachingEnabled": False, "cacheTtlInSeconds": 300, "cacheDataEncrypted": False}


def throttles_of(document: Document, refusals: Refusals) -> dict[str, dict[str, Any]]:
    """Return the throttles of routes by key; what stages say else of single methods is refused."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    stages = dict(Node(document).at(STAGES).items())
    for name, stage in stages.items():
        for path in stage.mapping("methodSettings"):
            key, limit = _key(path), _limit(stage, path)
            if path != _ALL and (key is None or limit is None):
                problem = f"stage {name} has settings of its own for {path}"
                remedy = "give all methods of the stage the same but for a rate and a burst"
                refusals.add([stage.refuse(problem, remedy)])
            elif path != _ALL and key and limit:
                found.setdefault(key, {})[name] = limit
    for key, limits in found.items():
        if len(limits) < len(stages) or len({str(each) for each in limits.values()}) > 1:
            problem = f"{key} is throttled in another way on each stage"
            refusals.add([Node(document).refuse(problem, "throttle it alike on all stages")])
    return {key: next(iter(limits.values())) for key, limits in found.items()}


def _key(written: str) -> str | None:
    """Return the route of a method's settings: `GET /pets` for `pets/GET` or `~1pets/GET`.

    API Gateway API reference, UpdateStage: a slash within the path is written `~1`.
    """
    path, _, method = written.replace("~1", "/").rpartition("/")
    return f"{method} /{path.strip('/')}" if method not in {"*", "OPTIONS", "ANY"} else None


def _limit(stage: Node, path: str) -> dict[str, Any] | None:
    """Return a throttle; None where there is none, or more than one."""
    said = plain(dict(stage.at("methodSettings").mapping(path)))
    common = plain(dict(stage.at("methodSettings").mapping(_ALL)))
    names = {**_DEFAULTS, **(_OF_CACHE if _has_cache(stage) else {})}
    if any(_value(said, name, names) != _value(common, name, names) for name in names):
        return None
    rate, burst = said.get(_RATE), said.get(_BURST)
    if rate is None or burst is None or float(rate) < 0 or int(burst) < 0:
        return None
    return pace({"rateLimit": rate, "burstLimit": burst})


def _has_cache(stage: Node) -> bool:
    return stage.text("cacheClusterEnabled") == "true"


def _value(settings: Mapping[str, Any], name: str, defaults: Mapping[str, Any]) -> Any:
    found = settings.get(name)
    return defaults[name] if found is None else found
