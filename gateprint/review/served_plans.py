"""The usage plans that a state holds, as a blueprint would state them; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateprint.access.proof.applied import Resource
from gateprint.access.proof.found import StackAccess
from gateprint.model.resolved import Plan, PlanQuota, ResolvedBlueprint, Throttle
from gateprint.review.planned import attribute, text


def deployed_plans(stack: str, access: StackAccess) -> tuple[Plan, ...]:
    """Return the plans of a stack with their stages and keys; what they allow is not known yet."""
    apis = {each.api_id: each.name.removeprefix(f"{stack}-") for each in access.apis}
    return tuple(
        Plan(
            name=plan.name.removeprefix(f"{stack}-"),
            api=apis.get(plan.stages[0][0], ""),
            stages=tuple(stage for _, stage in plan.stages),
            keys=tuple(each.removeprefix(f"{stack}-") for each in plan.keys),
        )
        for plan in access.plans
        if plan.stages
    )


def with_limits(blueprint: ResolvedBlueprint, resources: Sequence[Resource]) -> tuple[Plan, ...]:
    """Return a blueprint's plans with the limits that a state says."""
    found = {
        text(each.values, "name").removeprefix(f"{blueprint.stack}-"): each.values
        for each in resources
        if each.type == "aws_api_gateway_usage_plan"
    }
    return tuple(_limited(each, found.get(each.name, {})) for each in blueprint.plans)


def _limited(plan: Plan, values: Mapping[str, Any]) -> Plan:
    stages = values.get("api_stages") or ()
    limits = {
        _route(text(each, "path")): throttle
        for stage in stages
        for each in attribute(stage, "throttle") or ()
        for throttle in _throttles([each])
    }
    return replace(
        plan,
        throttle=next(_throttles(values.get("throttle_settings") or ()), None),
        quota=next(_quotas(values.get("quota_settings") or ()), None),
        limits=tuple(sorted(limits.items(), key=lambda each: each[0])),
    )


def _throttles(settings: Sequence[Any]) -> Iterator[Throttle]:
    for each in settings:
        rate, burst = attribute(each, "rate_limit"), attribute(each, "burst_limit")
        if isinstance(rate, int | float):
            yield Throttle(rate, burst if isinstance(burst, int) else 0)


def _quotas(settings: Sequence[Any]) -> Iterator[PlanQuota]:
    for each in settings:
        limit = attribute(each, "limit")
        if isinstance(limit, int):
            yield PlanQuota(limit, text(each, "period"))


def _route(path: str) -> str:
    """Return `GET /pets` for `/pets/GET`."""
    front, _, method = path.rpartition("/")
    return f"{method} {front}"
