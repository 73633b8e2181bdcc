"""API Gateway's usage plans and API keys: changing them in place, and forgetting what is deleted.

API Gateway API reference, UpdateUsagePlan; "Patch operations", usage plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.models import APIGatewayBackend, UsagePlan

from gateprint.local.additions.grafting import apply, wrap
from gateprint.local.additions.patch import Shape

SHAPE = Shape(
    {
        "name": "name",
        "description": "description",
        "productCode": "product_code",
        "quota": "quota",
        "throttle": "throttle",
    },
    converters={
        "quota/limit": int,
        "quota/offset": int,
        "throttle/rateLimit": float,
        "throttle/burstLimit": int,
    },
)
# The path of a method may come with its slashes as they are.
_OF_METHOD = re.compile(r"/apiStages/(?P<place>[^/]+)/throttle/(?P<path>.+)/(?P<limit>\w+Limit)")
_NUMBERS = {"rateLimit": float, "burstLimit": int}


def install() -> None:
    """Repair how plans are changed, and what is left of a deleted key or plan."""
    wrap(UsagePlan, "apply_patch_operations", apply_patch_operations)
    wrap(APIGatewayBackend, "delete_api_key", delete_api_key)
    wrap(APIGatewayBackend, "delete_usage_plan", delete_usage_plan)


def apply_patch_operations(_original: Any, plan: Any, operations: list[dict[str, Any]]) -> None:
    """UpdateUsagePlan: every field, and the limits of single methods on a stage."""
    others = []
    for each in operations:
        if each["path"].startswith("/apiStages"):
            _change_stages(plan, each)
        else:
            others.append(each)
    apply(SHAPE, plan, others)
    plan.quota, plan.throttle = plan.quota or {}, plan.throttle or {}


def _change_stages(plan: Any, operation: Mapping[str, Any]) -> None:
    found = _OF_METHOD.fullmatch(operation["path"])
    if found is not None:
        limits = _stage(plan, found["place"]).setdefault("throttle", {})
        path = found["path"].replace("~1", "/").replace("~0", "~")
        number = _NUMBERS[found["limit"]](operation["value"])
        limits.setdefault(path, {})[found["limit"]] = number
    elif operation["op"] == "add":
        api_id, _, stage = operation["value"].partition(":")
        plan.api_stages.append({"apiId": api_id, "stage": stage})
    elif operation["op"] == "remove" and operation["path"] == "/apiStages":
        plan.api_stages.remove(_stage(plan, operation["value"]))
    else:
        raise BadRequestException(f"Invalid patch path {operation['path']}")


def _stage(plan: Any, place: str) -> dict[str, Any]:
    api_id, _, stage = place.partition(":")
    for each in plan.api_stages:
        if (each["apiId"], each["stage"]) == (api_id, stage):
            found: dict[str, Any] = each
            return found
    raise BadRequestException(f"API Stage {place} is not part of the usage plan")


def delete_api_key(original: Any, backend: Any, api_key_id: str) -> Any:
    """DeleteApiKey: it leaves its plans too."""
    original(backend, api_key_id)
    for keys in backend.usage_plan_keys.values():
        keys.pop(api_key_id, None)


def delete_usage_plan(original: Any, backend: Any, usage_plan_id: str) -> Any:
    """DeleteUsagePlan: its keys stay, and open nothing by it any more."""
    if backend.get_usage_plan(usage_plan_id).api_stages:
        message = "Cannot delete Usage Plan because there are API Stages associated to it"
        raise BadRequestException(message)
    original(backend, usage_plan_id)
    backend.usage_plan_keys.pop(usage_plan_id, None)
