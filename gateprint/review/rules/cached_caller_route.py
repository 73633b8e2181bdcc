"""A rule: the answer for one caller is given to another; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.wording import joined
from gateprint.model.resolved import Api
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "cached-caller-route",
    "high",
    "a signed route is cached",
    "The cache tells requests apart by their path and the parameters that are named as its keys, "
    "not by who signed them: what a function answers to one caller, another one gets too.",
    "leave the cache out where signed routes answer by caller, or serve them from another stage",
    "API Gateway developer guide, Cache settings for REST APIs in API Gateway",
    is_standing=True,
)
# Of a stage with a cache, "only GET methods have caching enabled by default".
_CACHED = {"GET", "ANY"}
_SHOWN = 3


def find(subject: Subject) -> Iterator[Finding]:
    """Yield each stage with a cache that serves signed routes."""
    for place, blueprint in subject.blueprints():
        for stage in blueprint.stages:
            for api in blueprint.apis if stage.cache is not None else ():
                if routes := _signed(api):
                    more = f" and {len(routes) - _SHOWN} more" if len(routes) > _SHOWN else ""
                    shown = ", ".join(routes[:_SHOWN]) if more else joined(routes)
                    sentence = f"{stage.name} of {api.name} caches {shown}{more}, whoever calls"
                    on = f"stage {stage.name} of {api.name}"
                    yield place.finding(RULE, on, sentence, ("stages", stage.name, "cache"))


def _signed(api: Api) -> list[str]:
    return [each.key for each in api.routes if each.auth != "none" and each.method in _CACHED]
