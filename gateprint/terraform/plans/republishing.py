"""Which deployments still publish what a plan removes, and what making them anew may do; pure.

A deployment is a snapshot, and a stage must always have one: Terraform makes the new one before it
deletes the old one. It deletes what the old one depended on only after that, so the new snapshot
still has what the plan removes (Terraform's `create_before_destroy`; seen with Terraform 1.11).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from gateprint.terraform.plans.agreement import Expected, differences
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan
from gateprint.terraform.plans.remaining import remaining

DEPLOYMENT = "aws_api_gateway_deployment"
_INTEGRATION = "aws_api_gateway_integration"
_RESPONSE = "aws_api_gateway_integration_response"
# What `gateprint.stack.published` holds, as resources.
_PUBLISHED = frozenset(
    {
        "aws_api_gateway_authorizer",
        "aws_api_gateway_gateway_response",
        _INTEGRATION,
        _RESPONSE,
        "aws_api_gateway_method",
        "aws_api_gateway_method_response",
        "aws_api_gateway_model",
        "aws_api_gateway_request_validator",
        "aws_api_gateway_resource",
        "aws_api_gateway_rest_api_policy",
    }
)
_REMOVING = frozenset({"delete", "replace"})
_MADE = frozenset({"create", "replace"})
_MADE_FIRST = ("create", "delete")


def to_republish(plan: TerraformPlan) -> tuple[str, ...]:
    """Return the addresses of the deployments that this plan makes too early.

    Those are made for an API from which something goes that deployments publish, or is put in
    another's place: releases that are taken in this plan as well, but none that stays. Nothing
    where the API itself goes or is made anew.
    """
    apis = {
        _api(each)
        for each in plan.changes
        if each.type in _PUBLISHED and each.action in _REMOVING and _api(each)
    }
    return tuple(
        sorted(
            each.address
            for each in plan.changes
            if _is_deployment(each) and each.action in _MADE and _api_after(each) in apis
        )
    )


def beyond_republishing(
    approved: TerraformPlan, fresh: TerraformPlan, deployments: Collection[str]
) -> tuple[str, ...]:
    """Return what `fresh` does beyond making deployments anew, a sentence each; nothing if all.

    Their stages may move to them, and what is left of the approved plan may be done, as in
    `remaining`: an integration that was put in another's place is gone with it, and is made again.
    """
    others = tuple(each for each in fresh.changes if not _is_republished(each, deployments))
    return (
        *(sentence for each in fresh.changes for sentence in _other(approved, each, deployments)),
        *remaining(_with_lost(approved), dataclasses.replace(fresh, changes=others)),
    )


def _is_deployment(change: ResourceChange) -> bool:
    return change.type == DEPLOYMENT and change.deposed is None


def _is_republished(change: ResourceChange, deployments: Collection[str]) -> bool:
    """Tell whether a deployment is made anew, or an old one goes that was left on the way."""
    if change.type != DEPLOYMENT or change.address not in deployments:
        return False
    if change.deposed is not None:
        return change.action == "delete"
    # It is created where Terraform was killed, and the old one is gone.
    return change.actions in {_MADE_FIRST, ("create",)}


def _other(
    approved: TerraformPlan, change: ResourceChange, deployments: Collection[str]
) -> Iterator[str]:
    """Yield in what a deployment would differ from the approved one."""
    if change.deposed is not None or not _is_republished(change, deployments):
        return
    for each in approved.changes:
        if each.address == change.address and each.deposed is None:
            expected = Expected(each.after, each.after_unknown)
            found = Expected(change.after, change.after_unknown)
            for path in differences(expected, found, change.before):
                yield f"{change.address}: {path} is not what was approved"


def _with_lost(approved: TerraformPlan) -> TerraformPlan:
    """Return a plan that also allows to put responses again, which went with an old integration.

    DeleteIntegration takes the integration's responses along (API Gateway API reference).
    """
    places = {
        _place(each.before)
        for each in approved.changes
        if each.type == _INTEGRATION and each.action == "replace"
    }
    changes = tuple(
        dataclasses.replace(each, actions=_MADE_FIRST)
        if each.type == _RESPONSE
        and each.action in {"no-op", "update"}
        and _place(each.before) in places
        else each
        for each in approved.changes
    )
    return dataclasses.replace(approved, changes=changes)


def _place(values: Any) -> tuple[str, ...]:
    return tuple(_text(values, each) for each in ("rest_api_id", "resource_id", "http_method"))


def _api(change: ResourceChange) -> str:
    return _text(change.before, "rest_api_id")


def _api_after(change: ResourceChange) -> str:
    """Return the id of a deployment's API; empty where the API is made by the same plan."""
    return _text(change.after, "rest_api_id")


def _text(values: Any, name: str) -> str:
    found = values.get(name) if isinstance(values, Mapping) else None
    return found if isinstance(found, str) else ""
