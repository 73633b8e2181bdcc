"""Deployments and stages: when an API is published anew, and how each stage serves it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cdktf import TerraformResource, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktf_cdktf_provider_aws.api_gateway_method_settings import (
    ApiGatewayMethodSettings,
    ApiGatewayMethodSettingsSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_rest_api import ApiGatewayRestApi
from cdktf_cdktf_provider_aws.api_gateway_stage import (
    ApiGatewayStage,
    ApiGatewayStageAccessLogSettings,
    ApiGatewayStageCanarySettings,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.wafv2_web_acl_association import Wafv2WebAclAssociation

from gateprint.model.naming import LATEST, RELEASE_VARIABLE
from gateprint.model.resolved import Api, ResolvedBlueprint, Route, Stage, Throttle
from gateprint.stack import address
from gateprint.stack.base import named
from gateprint.stack.published import PublishedApi
from gateprint.stack.release_contents import variables_of
from gateprint.stack.releases import add_release_deployments
from gateprint.stack.text import literals, optional

# Who called, through which session, and why they were refused (API Gateway developer guide,
# "$context variables for access logging").
_ACCESS_LOG_FIELDS = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "stage": "$context.stage",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "resourcePath": "$context.resourcePath",
    "status": "$context.status",
    "sourceIp": "$context.identity.sourceIp",
    "caller": "$context.identity.userArn",
    "authenticateError": "$context.authenticate.error",
    "authenticateStatus": "$context.authenticate.status",
    "authorizeError": "$context.authorize.error",
    "authorizeStatus": "$context.authorize.status",
    "authorizerError": "$context.authorizer.error",
    "error": "$context.error.message",
    "errorType": "$context.error.responseType",
    "integrationError": "$context.integration.error",
    "integrationStatus": "$context.integration.status",
    "wafResponse": "$context.wafResponseCode",
    "domain": "$context.domainName",
    "extendedRequestId": "$context.extendedRequestId",
    "traceId": "$context.xrayTraceId",
    "latencyMs": "$context.responseLatency",
}
ACCESS_LOG_FORMAT = json.dumps(_ACCESS_LOG_FIELDS, separators=(",", ":"))


def add_stages(
    stack: TerraformStack,
    blueprint: ResolvedBlueprint,
    api: Api,
    rest_api: ApiGatewayRestApi,
    published: PublishedApi,
    contents: Sequence[TerraformResource],
) -> dict[str, ApiGatewayStage]:
    """Add a stage per stage of the environment, and what they serve; return the stages by name.

    A stage has a deployment of its own, or that of its release.
    """
    releases = add_release_deployments(stack, blueprint, rest_api, published, contents)
    found = {}
    for stage in blueprint.stages:
        name = address.joined(published.name, stage.name)
        served = dict(releases)
        if stage.has_latest:
            served[LATEST] = _deployment(stack, name, rest_api, published, contents)
        group = _log_group(stack, blueprint, stage, name, published.name)
        variables = variables_of(blueprint, stage)
        found[stage.name] = _stage(stack, stage, name, served, variables, group)
        _settings(stack, api, stage, name, found[stage.name])
        _web_acl(stack, stage, name, found[stage.name])
    return found


def _deployment(
    stack: TerraformStack,
    name: str,
    rest_api: ApiGatewayRestApi,
    published: PublishedApi,
    contents: Sequence[TerraformResource],
) -> ApiGatewayDeployment:
    resource = ApiGatewayDeployment(
        stack,
        f"deployment.{name}",
        rest_api_id=rest_api.id,
        triggers={"published": published.digest},
        depends_on=list(contents),
        # A stage must always have a deployment: the new one comes before the old one goes.
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )
    return named(resource, name)


def _log_group(
    stack: TerraformStack, blueprint: ResolvedBlueprint, stage: Stage, name: str, api: str
) -> CloudwatchLogGroup | None:
    if stage.access_log_days is None:
        return None
    group = CloudwatchLogGroup(
        stack,
        f"access-log.{name}",
        name=f"/aws/apigateway/{blueprint.stack}/{api}/{stage.name}",
        retention_in_days=stage.access_log_days,
    )
    # Functions have log groups too; their names, and so their addresses, have no hyphen.
    return named(group, f"{name}--access")


def _stage(
    stack: TerraformStack,
    stage: Stage,
    name: str,
    served: Mapping[str, ApiGatewayDeployment],
    variables: Mapping[str, str],
    group: CloudwatchLogGroup | None,
) -> ApiGatewayStage:
    log, deployment = None, served[stage.release or LATEST]
    if group is not None:
        log = ApiGatewayStageAccessLogSettings(destination_arn=group.arn, format=ACCESS_LOG_FORMAT)
    resource = ApiGatewayStage(
        stack,
        f"stage.{name}",
        rest_api_id=deployment.rest_api_id,
        deployment_id=deployment.id,
        stage_name=stage.name,
        description=optional(stage.description),
        variables=literals(variables) or None,
        canary_settings=_canary(stage, served),
        xray_tracing_enabled=stage.has_tracing,
        access_log_settings=log,
        cache_cluster_enabled=True if stage.cache else None,
        cache_cluster_size=stage.cache.size_gb if stage.cache else None,
    )
    return named(resource, name)


def _canary(
    stage: Stage, served: Mapping[str, ApiGatewayDeployment]
) -> ApiGatewayStageCanarySettings | None:
    """Return the canary, whose functions are those of its own release."""
    if stage.canary is None:
        return None
    release = stage.canary.release or LATEST
    return ApiGatewayStageCanarySettings(
        deployment_id=served[release].id,
        percent_traffic=stage.canary.percent,
        stage_variable_overrides={RELEASE_VARIABLE: release},
        # Another release's answers are no answers of this one.
        use_stage_cache=False,
    )


def _settings(
    stack: TerraformStack, api: Api, stage: Stage, name: str, target: ApiGatewayStage
) -> None:
    """Add the settings of all methods, and those of each route with a throttle of its own.

    One waits for the other: all of them change the stage, which takes one change at a time.
    """
    before = named(_method_settings(stack, name, target, "*/*", _all(stage, stage.throttle)), name)
    for route in api.routes:
        if route.throttle is not None:
            own = route_settings(api, stage, route)
            settings = _all(stage, route.throttle)
            added = _method_settings(stack, own, target, method_path(route), settings, before)
            before = named(added, own)


def route_settings(api: Api, stage: Stage, route: Route) -> str:
    """Return the address of a route's own settings on a stage: `pets_dev_get_pets__id`."""
    return f"{address.part(api.name)}_{address.method(stage.name, route.method, route.segments)}"


def method_path(route: Route) -> str:
    """Return what the provider calls a method: `pets/{id}/GET`, without the slash in front.

    Terraform registry, aws_api_gateway_method_settings. The root has no name but its slash, which
    is escaped as in API Gateway's own patch paths (API reference, UpdateStage).
    """
    path = route.path.removeprefix("/") or "~1"
    return f"{path}/{route.method}"


def _all(stage: Stage, throttle: Throttle | None) -> ApiGatewayMethodSettingsSettings:
    """Return what a stage says of its methods: settings of a route inherit nothing."""
    cache = stage.cache
    return ApiGatewayMethodSettingsSettings(
        throttling_rate_limit=throttle.rate if throttle else None,
        throttling_burst_limit=throttle.burst if throttle else None,
        metrics_enabled=stage.has_detailed_metrics,
        logging_level=stage.log_level,
        # Bodies and tokens never go to a log.
        data_trace_enabled=False,
        caching_enabled=True if cache else None,
        cache_ttl_in_seconds=cache.ttl_seconds if cache else None,
        cache_data_encrypted=True if cache else None,
        require_authorization_for_cache_control=True if cache else None,
        unauthorized_cache_control_header_strategy="FAIL_WITH_403" if cache else None,
    )


def _method_settings(
    stack: TerraformStack,
    name: str,
    target: ApiGatewayStage,
    path: str,
    settings: ApiGatewayMethodSettingsSettings,
    after: ApiGatewayMethodSettings | None = None,
) -> ApiGatewayMethodSettings:
    return ApiGatewayMethodSettings(
        stack,
        f"settings.{name}",
        rest_api_id=target.rest_api_id,
        stage_name=target.stage_name,
        method_path=path,
        settings=settings,
        depends_on=None if after is None else [after],
    )


def _web_acl(stack: TerraformStack, stage: Stage, name: str, target: ApiGatewayStage) -> None:
    if stage.waf_acl_arn is not None:
        association = Wafv2WebAclAssociation(
            stack, f"web-acl.{name}", resource_arn=target.arn, web_acl_arn=stage.waf_acl_arn
        )
        named(association, name)
