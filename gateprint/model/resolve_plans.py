"""Written usage plans → those of one environment, whose defaults are final; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gateprint.model import resolved, written
from gateprint.model.blueprint import Blueprint


def resolve_plans(blueprint: Blueprint, stages: Collection[str]) -> Iterator[resolved.Plan]:
    """Yield the plans that have a stage here; `stages` are those of the environment."""
    for name, plan in blueprint.plans.items():
        here = tuple(each for each in stages if plan.stages is None or each in plan.stages)
        if here:
            yield _plan(name, plan, plan.api or next(iter(blueprint.apis)), here)


def _plan(name: str, plan: written.Plan, api: str, stages: tuple[str, ...]) -> resolved.Plan:
    quota = plan.quota
    return resolved.Plan(
        name=name,
        api=api,
        stages=stages,
        keys=tuple(dict.fromkeys(plan.keys)),
        description=plan.description,
        throttle=_throttle(plan.throttle) if plan.throttle else None,
        quota=resolved.PlanQuota(quota.requests, quota.per.upper()) if quota else None,
        limits=tuple((key, _throttle(each)) for key, each in plan.routes.items()),
    )


def _throttle(pace: written.Pace) -> resolved.Throttle:
    return resolved.Throttle(pace.rate, pace.burst)
