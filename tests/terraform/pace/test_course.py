"""What Terraform may do next in one stack, as far as its events tell."""

from __future__ import annotations

import pytest

from gateprint.terraform.pace.course import Course
from gateprint.terraform.pace.quotas import ALL
from gateprint.terraform.pace.work import Change, work_of
from tests.terraform.pace.clouds import HERE

API = "aws_api_gateway_rest_api.shop"
PATH = "aws_api_gateway_resource.shop_items"
DEPLOYMENT = "aws_api_gateway_deployment.shop_dev"
OTHER_API = "aws_api_gateway_rest_api.desk"
OTHER_DEPLOYMENT = "aws_api_gateway_deployment.desk_dev"


def course(*changes: tuple[str, str]) -> Course:
    """Return a stack that has just started."""
    return Course(work_of("shop", HERE, changes), 1, 0)


def do(course: Course, address: str, action: str) -> None:
    """Start and end a change."""
    course.begin(Change.of(address, action))
    course.finish(Change.of(address, action))


def limited(course: Course) -> set[str]:
    """Return the operations with a quota of their own that may come next."""
    return set(course.next_cost()) - {ALL}


def test_a_new_api_comes_before_its_contents_and_they_before_its_deployment() -> None:
    new = course((API, "create"), (PATH, "create"), (DEPLOYMENT, "create"))
    assert limited(new) == {"CreateRestApi", "GetResources"}
    do(new, API, "create")
    assert limited(new) == {"CreateResource"}
    do(new, PATH, "create")
    assert limited(new) == {"CreateDeployment"}
    do(new, DEPLOYMENT, "create")
    assert new.next_cost() == {}


def test_a_change_that_has_begun_but_not_ended_keeps_others_waiting() -> None:
    new = course((PATH, "create"), (DEPLOYMENT, "create"))
    new.begin(Change.of(PATH, "create"))
    assert new.next_cost() == {}


def test_an_api_is_deleted_last() -> None:
    old = course((API, "delete"), (PATH, "delete"), (DEPLOYMENT, "delete"))
    assert limited(old) == {"DeleteResource"}
    do(old, PATH, "delete")
    do(old, DEPLOYMENT, "delete")
    assert limited(old) == {"DeleteRestApi"}


def test_a_deployment_waits_for_its_own_api_only() -> None:
    two = course((API, "create"), (OTHER_API, "create"), (OTHER_DEPLOYMENT, "create"))
    do(two, OTHER_API, "create")
    assert limited(two) == {"CreateRestApi", "GetResources", "CreateDeployment"}


@pytest.mark.parametrize("action", ["create", "update"])
def test_a_deployment_waits_for_what_changes_in_its_api(action: str) -> None:
    changed = course(("aws_api_gateway_method.shop_get", action), (DEPLOYMENT, "replace"))
    assert limited(changed) == set()
    do(changed, "aws_api_gateway_method.shop_get", action)
    assert limited(changed) == {"CreateDeployment"}
