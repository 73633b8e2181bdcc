"""A rule: what changes in an API is not published; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import attribute, text
from gateprint.review.releases import read_release
from gateprint.review.subject import StackSubject, Subject
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

RULE = Rule(
    "deployment-not-triggered",
    "high",
    "an API changes, and its deployment does not",
    "A stage serves a snapshot of the API. Without a new deployment callers get the old routes, "
    "authorization and answers, although the apply succeeds; the next one publishes all at once.",
    "plan again from a fresh synth; the deployment's triggers must hold the digest of the API",
    "API Gateway developer guide, Deploy REST APIs in API Gateway",
)
_PUBLISHED = frozenset(
    {
        "aws_api_gateway_gateway_response",
        "aws_api_gateway_integration",
        "aws_api_gateway_integration_response",
        "aws_api_gateway_method",
        "aws_api_gateway_method_response",
        "aws_api_gateway_model",
        "aws_api_gateway_request_validator",
        "aws_api_gateway_resource",
        "aws_api_gateway_rest_api_policy",
    }
)
_CHANGING = frozenset({"create", "update", "replace", "delete"})
# An update of a deployment changes its description; only a new one publishes.
_LEFT = frozenset({"no-op", "update", "read"})


def find(subject: Subject) -> Iterator[Finding]:
    """Yield each deployment that stays while its API changes."""
    for stack, plan in subject.plans():
        yield from _left(stack, plan)


def _left(stack: StackSubject, plan: TerraformPlan) -> Iterator[Finding]:
    changed = [each for each in plan.changes if _is_published(each)]
    for each in plan.changes:
        if each.type != "aws_api_gateway_deployment" or each.action not in _LEFT or each.deposed:
            continue
        if read_release(each.before) is not None:
            continue  # A release stays as it is: that is what it is for.
        own = _apis(plan, each)
        found = sorted(one.address for one in changed if own & _apis(plan, one))
        if found:
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            sentence = f"{found[0]}{more} changes, and this deployment stays as it is"
            yield stack.place.finding(RULE, each.address, sentence, ("apis",))


def _is_published(change: ResourceChange) -> bool:
    if change.type == "aws_api_gateway_rest_api":
        name = "binary_media_types"
        was, will = attribute(change.before, name), attribute(change.after, name)
        return change.action == "update" and (was or []) != (will or [])
    return change.type in _PUBLISHED and change.action in _CHANGING


def _apis(plan: TerraformPlan, change: ResourceChange) -> set[str]:
    """Return the names by which a resource's API is known: its id, or the reference to it."""
    if change.type == "aws_api_gateway_rest_api":
        return {text(change.before, "id"), f"{change.address}.id"} - {""}
    reference = plan.references.get(change.address, {}).get("rest_api_id", "")
    ids = {text(side, "rest_api_id") for side in (change.before, change.after)}
    return (ids | {reference}) - {""}
