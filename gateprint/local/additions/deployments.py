"""API Gateway's deployments: what each one publishes is frozen, or refused, when it is made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.responses import APIGatewayResponse

from gateprint.local.additions.grafting import body, is_success, names, wrap
from gateprint.local.gateway.account import frozen, keep, kept
from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.stage import require_served


def install() -> None:
    """Freeze an API at each deployment, and tell what one has frozen."""
    wrap(APIGatewayResponse, "create_deployment", create_deployment)
    wrap(APIGatewayResponse, "get_deployment", get_deployment)


def create_deployment(original: Any, response: Any) -> Any:
    """CreateDeployment: refuse, before anything is made, what the data plane does not do."""
    api_id = names(response, "restapi_id")[0]
    try:
        _require_no_canary(body(response))
        require_served(body(response))
        snapshot = frozen(response.backend, api_id)
    except NotServed as problem:
        raise BadRequestException(str(problem)) from problem
    created = original(response)
    if is_success(created):
        identifier = json.loads(created[-1])["id"]
        keep(response.backend.get_deployment(api_id, identifier), snapshot)
    return created


def _require_no_canary(asked: Mapping[str, Any]) -> None:
    if asked.get("canarySettings"):
        raise NotServed("the embedded cloud takes a canary with its stage alone (canarySettings)")


def get_deployment(original: Any, response: Any) -> Any:
    """GetDeployment: with `embed=apisummary` also the methods that it published."""
    shown = original(response)
    if "apisummary" not in response.querystring.get("embed", ()):
        return shown
    api_id, identifier = names(response, "restapi_id", "deployment_id")
    snapshot = kept(response.backend.get_deployment(api_id, identifier))
    summary = {} if snapshot is None else snapshot.summary()
    return json.dumps({**json.loads(shown), "apiSummary": summary})
