"""API Gateway's stages: every field that a patch operation can change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.models import Stage
from moto.apigateway.responses import APIGatewayResponse

from gateprint.local.additions.grafting import (
    answer,
    apply,
    body,
    is_success,
    names,
    raw_operations,
    wrap,
)
from gateprint.local.additions.patch import Converter, Shape, boolean
from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.stage import require_served

STAGE = Shape(
    {
        "accessLogSettings": "access_log_settings",
        "cacheClusterEnabled": "cache_cluster_enabled",
        "cacheClusterSize": "cache_cluster_size",
        "canarySettings": "canary_settings",
        "clientCertificateId": "client_certificate_id",
        "deploymentId": "deployment_id",
        "description": "description",
        "documentationVersion": "documentation_version",
        "tracingEnabled": "tracing_enabled",
        "variables": "variables",
    },
    converters={
        "cacheClusterEnabled": boolean,
        "canarySettings/percentTraffic": float,
        "canarySettings/useStageCache": boolean,
        "tracingEnabled": boolean,
    },
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A method setting: the name in responses, its type, and its value where nobody set it."""

    name: str
    convert: Converter
    default: object


# https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html
SETTINGS = {
    "metrics/enabled": Setting("metricsEnabled", boolean, default=False),
    "logging/loglevel": Setting("loggingLevel", str, "OFF"),
    "logging/dataTrace": Setting("dataTraceEnabled", boolean, default=False),
    "throttling/burstLimit": Setting("throttlingBurstLimit", int, 5000),
    "throttling/rateLimit": Setting("throttlingRateLimit", float, 10000.0),
    "caching/enabled": Setting("cachingEnabled", boolean, default=False),
    "caching/ttlInSeconds": Setting("cacheTtlInSeconds", int, 300),
    "caching/dataEncrypted": Setting("cacheDataEncrypted", boolean, default=False),
    "caching/requireAuthorizationForCacheControl": Setting(
        "requireAuthorizationForCacheControl", boolean, default=True
    ),
    "caching/unauthorizedCacheControlHeaderStrategy": Setting(
        "unauthorizedCacheControlHeaderStrategy", str, "SUCCEED_WITH_RESPONSE_HEADER"
    ),
}

EXTRAS = {
    "canarySettings": "canary_settings",
    "clientCertificateId": "client_certificate_id",
    "documentationVersion": "documentation_version",
}


def install() -> None:
    """Repair how stages are created, shown and changed."""
    wrap(APIGatewayResponse, "create_stage", create_stage)
    wrap(APIGatewayResponse, "update_stage", update_stage)
    wrap(Stage, "to_json", stage_json)


def create_stage(original: Any, response: Any) -> Any:
    """CreateStage: its deployment must exist, and moto forgets the documentation."""
    asked = body(response)
    _require_served(asked)
    api_id = names(response, "restapi_id")[0]
    response.backend.get_deployment(api_id, asked["deploymentId"])
    created = original(response)
    if not is_success(created):
        return created
    stage = response.backend.get_stage(api_id, asked["stageName"])
    stage.documentation_version = asked.get("documentationVersion")
    stage.canary_settings = _canary(response, api_id, asked.get("canarySettings"))
    return answer(stage.to_json(), 201)


def update_stage(_original: Any, response: Any) -> Any:
    """UpdateStage: its own fields, and method settings such as `/*/*/throttling/rateLimit`."""
    api_id, stage_name = names(response, "restapi_id", "stage_name")
    stage = response.backend.get_stage(api_id, stage_name)
    raw = raw_operations(response)
    for operation in raw:
        if operation["path"] in {"/deploymentId", "/canarySettings/deploymentId"}:
            response.backend.get_deployment(api_id, operation["value"])
    fields = [operation for operation in raw if _is_field(operation)]
    for operation in fields:
        if operation["op"] != "remove":
            _require_served({operation["path"].split("/")[1]: operation.get("value")})
    apply(STAGE, stage, fields)
    for operation in raw:
        if not _is_field(operation):
            _change_setting(stage, operation)
    _settle_cache(stage)
    return answer(stage.to_json())


def _canary(response: Any, api_id: str, asked: Mapping[str, Any] | None) -> Any:
    """Return a canary's settings, whose deployment must exist, as GetStage shows them."""
    if not asked:
        return None
    if asked.get("deploymentId"):
        response.backend.get_deployment(api_id, asked["deploymentId"])
    return {"percentTraffic": 0.0, "useStageCache": False, **asked}


def _require_served(asked: Mapping[str, Any]) -> None:
    try:
        require_served(asked)
    except NotServed as problem:
        raise BadRequestException(str(problem)) from problem


def stage_json(original: Any, stage: Any) -> dict[str, Any]:
    """Show what moto leaves out."""
    extras = {name: getattr(stage, held, None) for name, held in EXTRAS.items()}
    return {**original(stage), **{name: value for name, value in extras.items() if value}}


def _is_field(operation: dict[str, str]) -> bool:
    return operation["path"].split("/")[1] in STAGE.attributes


def _change_setting(stage: Any, operation: dict[str, str]) -> None:
    """Set one method setting, or remove all settings of a method.

    The key in front of the setting stays as it was written: AWS keeps `~1pets/GET` escaped.
    """
    path = operation["path"].removeprefix("/")
    if operation["op"] == "remove":
        stage.method_settings.pop(path, None)
        return
    for suffix, setting in SETTINGS.items():
        if path.endswith(f"/{suffix}"):
            settings = stage.method_settings.setdefault(
                path.removesuffix(f"/{suffix}"),
                {one.name: one.default for one in SETTINGS.values()},
            )
            settings[setting.name] = setting.convert(operation["value"])
            return
    raise BadRequestException(f"Invalid patch path '{operation['path']}'")


def _settle_cache(stage: Any) -> None:
    """A cache cluster takes minutes in AWS; here it is there, or gone, at once."""
    stage.cache_cluster_status = "AVAILABLE" if stage.cache_cluster_enabled else "NOT_AVAILABLE"
