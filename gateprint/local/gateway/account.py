"""The REST APIs, stages, keys and function policies that moto holds, as AWS's API answers them."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from moto.apigateway.models import apigateway_backends
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.utils import get_backend
from moto.logs.models import logs_backends

from gateprint.access.evaluate import evaluate_trust
from gateprint.access.iam.request import Request, service
from gateprint.access.iam.statement import read_policy
from gateprint.errors import NotModelled
from gateprint.local.gateway.freeze import Documents, freeze
from gateprint.local.gateway.keys import ApiKey, Plan
from gateprint.local.gateway.snapshot import Snapshot
from gateprint.local.gateway.stage import Limit, Stage, read_stage
from gateprint.local.gateway.web_acls import without_open_acl

GATEWAY = "apigateway.amazonaws.com"
# Of one stage's log; the older ones are forgotten, so that the server's memory stays the same.
MAX_EVENTS_PER_STREAM = 5_000
_SNAPSHOT = "gateprint_snapshot"

log = logging.getLogger(__name__)


def frozen(backend: Any, api_id: str) -> Snapshot:
    """Return what a deployment made now would publish.

    Raises:
        NotServed: a part of it cannot be served.
    """
    documents = documents_of(backend.get_rest_api(api_id))
    return freeze(documents, backend.account_id, backend.region_name, "")


def keep(deployment: Any, snapshot: Snapshot) -> None:
    """Keep with a deployment what it publishes; both go together."""
    setattr(deployment, _SNAPSHOT, replace(snapshot, deployment_id=deployment.id))


def kept(deployment: Any) -> Snapshot | None:
    """Return what a deployment publishes; None where that was never known."""
    found: Snapshot | None = getattr(deployment, _SNAPSHOT, None)
    return found


def documents_of(api: Any) -> Documents:
    """Return what GetRestApi, GetResources and their like answer of an API."""
    return Documents(
        rest_api=api.to_dict(),
        resources=[each.to_dict() for each in api.resources.values()],
        gateway_responses=[each.to_json() for each in api.gateway_responses.values()],
        validators=[each.to_dict() for each in api.request_validators.values()],
        models=[each.to_json() for each in api.models.values()],
        policy=api.policy or None,
        authorizers=[each.to_json() for each in api.authorizers.values()],
    )


class MotoWorld:
    """Implements the data plane's ports on what the account holds."""

    def __init__(self, account: str, chance: Callable[[], float] = random.random) -> None:
        self._account = account
        self._chance = chance

    def find(self, api_id: str, stage: str) -> tuple[Snapshot, Stage] | None:
        """Return what a stage serves, and its live settings."""
        api = self._api(api_id)
        held = api.stages.get(stage) if api is not None else None
        if held is None:
            return None
        stage_now = without_open_acl(read_stage(held.to_json()), self._account)
        deployment_id, live = self._drawn(held.deployment_id, stage_now)
        snapshot = kept(api.deployments.get(deployment_id))
        return None if snapshot is None else (snapshot, live)

    def _drawn(self, deployment_id: str, stage: Stage) -> tuple[str, Stage]:
        """Return what a request gets: the stage's deployment, or its canary's."""
        canary = stage.canary
        if canary is None or not canary.is_drawn(self._chance()):
            return deployment_id, stage
        return canary.deployment_id, replace(
            stage, variables={**stage.variables, **canary.variables}
        )

    def is_closed(self, api_id: str) -> bool:
        """Tell whether an API has no default endpoint."""
        api = self._api(api_id)
        return api is not None and bool(api.disableExecuteApiEndpoint)

    def base_paths(self, domain: str) -> Mapping[str, tuple[str, str]] | None:
        """Return API and stage by base path, "" for the root; None where there is no domain.

        One with mutual TLS leads nowhere: nobody can show a certificate over plain HTTP.
        """
        for backend in tuple(apigateway_backends[self._account].values()):
            if domain in backend.domain_names:
                if getattr(backend.domain_names[domain], "mutual_tls", None):
                    log.warning("%s asks for certificates, and there is no TLS here", domain)
                    return {}
                held = dict(backend.base_path_mappings.get(domain) or {})
                return {
                    "" if path == "(none)" else path: (each.rest_api_id, each.stage)
                    for path, each in held.items()
                }
        return None

    def _api(self, api_id: str) -> Any:
        for backend in tuple(apigateway_backends[self._account].values()):
            if api_id in backend.apis:
                return backend.apis[api_id]
        return None

    def find_key(self, value: str, api_id: str, stage: str) -> ApiKey | None:
        """Return an enabled key with a usage plan for the stage."""
        for backend in tuple(apigateway_backends[self._account].values()):
            if api_id not in backend.apis:
                continue
            for key in tuple(backend.keys.values()):
                if key.value == value and key.enabled:
                    return _with_plan(backend, key.id, api_id, stage)
        return None

    def is_invocable(self, function_arn: str, source_arn: str) -> bool:
        """Tell whether the function's policy lets API Gateway call it for a method."""
        held = _function(function_arn)
        if held is None:
            return False
        document = json.dumps({"Version": "2012-10-17", "Statement": held.policy.statements})
        return is_allowing(document, function_arn, source_arn, self._account)

    def timeout_seconds(self, function_arn: str) -> float:
        """Return a function's own time-out; one that is not there is not waited for."""
        held = _function(function_arn)
        return 0.0 if held is None else float(held.timeout)

    def write_log(self, group_arn: str, stream: str, line: str) -> None:
        """Add a line to a log group, if it is there."""
        parts = group_arn.split(":")
        name = ":".join(parts[6:]).removesuffix(":*")
        backend = logs_backends[self._account][parts[3]]
        group = backend.groups.get(name)
        if group is None:
            log.warning("the log group %s of a stage is not there", name)
            return
        if stream not in group.streams:
            backend.create_log_stream(name, stream)
        events = [{"timestamp": int(time.time() * 1000), "message": line}]
        held = group.streams[stream]
        held.put_log_events(events)
        del held.events[:-MAX_EVENTS_PER_STREAM]


def _function(function_arn: str) -> Any:
    parts = function_arn.split(":")
    try:
        return get_backend(parts[4], parts[3]).get_function(function_arn)
    except (LambdaClientError, IndexError):
        return None


@lru_cache(maxsize=1024)
def is_allowing(document: str, function_arn: str, source_arn: str, account: str) -> bool:
    """Tell whether a function's policy lets API Gateway call it; decided once for each text."""
    context = {"aws:SourceArn": (source_arn,), "aws:SourceAccount": (account,)}
    request = Request("lambda:InvokeFunction", function_arn, service(GATEWAY), context)
    try:
        policy = read_policy(f"of {function_arn}", document, "resource")
        return evaluate_trust(policy, request).outcome == "allow"
    except NotModelled as unknown:
        log.warning("not invoked, as it is not known what AWS decides: %s", unknown)
        return False


def _with_plan(backend: Any, key_id: str, api_id: str, stage: str) -> ApiKey | None:
    for plan_id, keys in tuple(backend.usage_plan_keys.items()):
        if key_id not in keys or plan_id not in backend.usage_plans:
            continue
        document = backend.usage_plans[plan_id].to_json()
        for place in document.get("apiStages") or ():
            if (place.get("apiId"), place.get("stage")) == (api_id, stage):
                return ApiKey(key_id, _plan(document, place))
    return None


def _plan(document: Mapping[str, Any], place: Mapping[str, Any]) -> Plan:
    quota = document.get("quota") or {}
    limits = (place.get("throttle") or {}).items()
    return Plan(
        plan_id=document["id"],
        limit=_limit(document.get("throttle")),
        method_limits={key: limit for key, each in limits if (limit := _limit(each))},
        quota=int(quota["limit"]) if quota.get("limit") is not None else None,
        period=quota.get("period") or "DAY",
    )


def _limit(document: Mapping[str, Any] | None) -> Limit | None:
    if not document or document.get("rateLimit") is None:
        return None
    return Limit(float(document["rateLimit"]), int(document.get("burstLimit") or 0))
