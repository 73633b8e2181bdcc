"""What stays open for a moment: routes that go, and the deployments that still have them; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.notice import about, listed
from gateprint.review.planned import text
from gateprint.review.review import Noticed
from gateprint.review.subject import StackSubject
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan
from gateprint.terraform.plans.republishing import to_republish


def noticed_of_published(stack: StackSubject) -> Iterator[Noticed]:
    """Yield the removed routes that are served until deployments are made anew.

    Those of an API that goes altogether are not: its deployments go with it.
    """
    if stack.plan is None or not to_republish(stack.plan):
        return
    routes = _removed(stack.plan)
    if routes:
        is_one = len(routes) == 1
        sentence = (
            f"{listed(routes)} {'is' if is_one else 'are'} served until published anew: "
            "gateprint apply does that right after, cdktf deploy does not (gateprint verify says "
            "how)"
        )
        yield about(stack.place, "route-removed", sentence, is_breaking=False)


def _removed(plan: TerraformPlan) -> list[str]:
    """Return the routes that a plan takes away, without preflights."""
    published = {
        text(each.before, "rest_api_id")
        for each in plan.changes
        if each.address in to_republish(plan)
    }
    paths = _paths(plan)
    return [
        f"{text(each.before, 'http_method')} {paths.get(text(each.before, 'resource_id'), '/')}"
        for each in plan.changes
        if _is_removed_method(each) and text(each.before, "rest_api_id") in published
    ]


def _is_removed_method(change: ResourceChange) -> bool:
    is_method = change.type == "aws_api_gateway_method" and change.action == "delete"
    return is_method and text(change.before, "http_method") != "OPTIONS"


def _paths(plan: TerraformPlan) -> dict[str, str]:
    """Return the paths by the ids of their resources; the root is the API's own, and not there."""
    return {
        text(each.before, "id"): text(each.before, "path")
        for each in plan.changes
        if each.type == "aws_api_gateway_resource"
    }
