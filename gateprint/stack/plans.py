"""Usage plans and API keys as constructs: no value of a key is ever given, AWS makes it."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_api_key import ApiGatewayApiKey
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.api_gateway_usage_plan import (
    ApiGatewayUsagePlan,
    ApiGatewayUsagePlanApiStages,
    ApiGatewayUsagePlanApiStagesThrottle,
    ApiGatewayUsagePlanQuotaSettings,
    ApiGatewayUsagePlanThrottleSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_usage_plan_key import ApiGatewayUsagePlanKey

from gateprint.model.naming import api_key_name, plan_name
from gateprint.model.resolved import Plan, ResolvedBlueprint, Throttle
from gateprint.stack import address
from gateprint.stack.base import named
from gateprint.stack.text import optional

_Stages = Mapping[str, Mapping[str, ApiGatewayStage]]


def add_plans(stack: TerraformStack, blueprint: ResolvedBlueprint, stages: _Stages) -> None:
    """Add the keys and the plans of a stack; `stages` are by API and name."""
    keys = {name: _key(stack, blueprint, name) for name in blueprint.keys}
    for plan in blueprint.plans:
        added = _plan(stack, blueprint, plan, stages[plan.api])
        for name in plan.keys:
            _membership(stack, added, keys[name], address.joined(plan.name, name))


def _key(stack: TerraformStack, blueprint: ResolvedBlueprint, name: str) -> ApiGatewayApiKey:
    where = blueprint.environment.name
    resource = ApiGatewayApiKey(
        stack, f"key.{name}", name=api_key_name(blueprint.name, where, name)
    )
    return named(resource, address.part(name))


def _plan(
    stack: TerraformStack,
    blueprint: ResolvedBlueprint,
    plan: Plan,
    stages: Mapping[str, ApiGatewayStage],
) -> ApiGatewayUsagePlan:
    resource = ApiGatewayUsagePlan(
        stack,
        f"plan.{plan.name}",
        name=plan_name(blueprint.name, blueprint.environment.name, plan.name),
        description=optional(plan.description),
        # References, so that a stage is there before the plan, and goes after it.
        api_stages=[_stage(plan, stages[name]) for name in plan.stages],
        throttle_settings=_throttle(plan.throttle) if plan.throttle else None,
        quota_settings=ApiGatewayUsagePlanQuotaSettings(
            limit=plan.quota.requests, period=plan.quota.period
        )
        if plan.quota
        else None,
    )
    return named(resource, address.part(plan.name))


def _stage(plan: Plan, stage: ApiGatewayStage) -> ApiGatewayUsagePlanApiStages:
    return ApiGatewayUsagePlanApiStages(
        api_id=stage.rest_api_id,
        stage=stage.stage_name,
        throttle=[
            ApiGatewayUsagePlanApiStagesThrottle(
                path=_method_path(key), rate_limit=each.rate, burst_limit=each.burst
            )
            for key, each in sorted(plan.limits)
        ]
        or None,
    )


def _method_path(key: str) -> str:
    """Return `/pets/GET` for `GET /pets`, and `//GET` for the root.

    API Gateway API reference, CreateUsagePlan, `throttle` of `apiStages`.
    """
    method, _, path = key.partition(" ")
    return f"{path}/{method}"


def _throttle(limit: Throttle) -> ApiGatewayUsagePlanThrottleSettings:
    return ApiGatewayUsagePlanThrottleSettings(rate_limit=limit.rate, burst_limit=limit.burst)


def _membership(
    stack: TerraformStack, plan: ApiGatewayUsagePlan, key: ApiGatewayApiKey, name: str
) -> None:
    resource = ApiGatewayUsagePlanKey(
        stack, f"plan-key.{name}", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id
    )
    named(resource, name)
