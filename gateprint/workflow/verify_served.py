"""Which routes a stage still serves that its blueprint does not have, and how to end that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from gateprint.access.answers.answer import with_preflights
from gateprint.model.resolved import Stage
from gateprint.stack import address
from gateprint.workflow.deployed import Clients
from gateprint.workflow.verify_manner import Stand
from gateprint.workflow.verify_report import Row

_PARAMETER = re.compile(r"\{[^}+]*(\+?)\}")


def still_served(stands: Sequence[Stand], clients: Clients) -> Iterator[tuple[Stand, Row]]:
    """Yield a row for each route that only the deployment of a stage has.

    A release is what it was, and is left out; a canary that follows the blueprint is not.
    """
    for stand in stands:
        known = {_shape(each.key) for each in with_preflights(stand.api).routes}
        for stage in stand.blueprint.stages:
            if stage.name in stand.found.stages:
                for route in _served(stand, stage, clients):
                    if _shape(route) not in known:
                        yield stand, _row(stand, stage.name, route)


def remedies(found: Sequence[tuple[Stand, Row]]) -> tuple[str, ...]:
    """Return a command for each stack that publishes its stages anew."""
    options: dict[str, dict[str, None]] = {}
    for stand, row in found:
        deployment = f"aws_api_gateway_deployment.{address.joined(row.api, row.stage)}"
        options.setdefault(stand.blueprint.stack, {})[f"-replace={deployment}"] = None
    return tuple(
        " ".join(["terraform", f"-chdir=cdktf.out/stacks/{stack}", "apply", *each])
        for stack, each in options.items()
    )


def _served(stand: Stand, stage: Stage, clients: Clients) -> list[str]:
    """Return what a stage's deployments have that follow the blueprint; nothing if not known.

    GetDeployment knows it (API Gateway API reference, `embed=apisummary`).
    """
    gateway, api_id = clients("apigateway"), stand.found.api_id
    try:
        found = [
            gateway.get_deployment(restApiId=api_id, deploymentId=each, embed=["apisummary"])
            for each in _following(stage, gateway.get_stage(restApiId=api_id, stageName=stage.name))
        ]
    except ClientError:
        return [f"{verb} {path}" for verb, path in stand.served.get(stage.name, {})]
    summaries = [each.get("apiSummary", {}) for each in found]
    routes = (f"{verb} {path}" for each in summaries for path in each for verb in each[path])
    return sorted(dict.fromkeys(routes))


def _following(stage: Stage, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of the deployments of a stage that are of no release."""
    if stage.release is None:
        yield values["deploymentId"]
    canary = values.get("canarySettings", {}).get("deploymentId")
    if canary and stage.canary is not None and stage.canary.release is None:
        yield canary


def _row(stand: Stand, stage: str, route: str) -> Row:
    return Row(
        blueprint=stand.blueprint.name,
        api=stand.api.name,
        stage=stage,
        route=route,
        role="",
        kind="removed",
        check="access",
        request=route,
        expected="not served",
        found="served until the stage is published anew",
        verdict="differs",
        evidence="the stage's deployment",
        why="not in the blueprint",
    )


def _shape(route: str) -> str:
    """Return a route as callers see it: how its path parameters are called is not seen."""
    return _PARAMETER.sub(r"{\1}", route)
