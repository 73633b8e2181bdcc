"""What a plan says of tomorrow agrees with the blueprint, or is told as a contradiction."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.crosscheck import CrossCheck, cross_check
from gateprint.terraform.plans.plan import TerraformPlan
from tests.access.generated import blueprints, terraform_of
from tests.model.made import resolved_of
from tests.review.rules.made import PETS, here
from tests.support.made_plan import NOTHING, Terraform, plan_document

UNSIGNED = "POST /pets of pets can be called without a signature, but the blueprint says auth: iam"
QUICK = settings(
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def checked(before: Terraform, after: Terraform, stated: ResolvedBlueprint) -> CrossCheck:
    plan = TerraformPlan.of(plan_document(before, after, stated.stack))
    return cross_check(plan, stated.environment, stated)


def pets() -> ResolvedBlueprint:
    return resolved_of(PETS, here())


def applied() -> dict[str, Any]:
    return copy.deepcopy(terraform_of(pets()))


@QUICK
@given(blueprints())
def test_a_new_stack_contradicts_nothing_and_its_policies_are_known_later(
    blueprint: ResolvedBlueprint,
) -> None:
    found = checked(NOTHING, terraform_of(blueprint), blueprint)
    assert (found.contradictions, found.undecided) == ((), ())
    # The ids of APIs are in them.
    granting = [each for each in blueprint.roles if each.grants]
    assert bool(found.unknown) >= bool(granting)


@QUICK
@given(blueprints())
def test_a_stack_that_comes_to_be_as_it_is_stated_contradicts_nothing(
    blueprint: ResolvedBlueprint,
) -> None:
    before = copy.deepcopy(terraform_of(blueprint))
    for each in before["resource"].get("aws_iam_role", {}).values():
        each["assume_role_policy"] = "{}"
    for each in before["resource"]["aws_api_gateway_method"].values():
        each["authorization"] = "CUSTOM"
    found = checked(before, terraform_of(blueprint), blueprint)
    assert (found.contradictions, found.undecided, found.unknown) == ((), (), ())


def test_a_route_more_leaves_policies_known():
    """The path resource is new and its id not known, but what role policies name is."""
    before = applied()
    for each in ("pets_1", "pets_3"):
        del before["resource"]["aws_api_gateway_method"][each]
    found = checked(before, terraform_of(pets()), pets())
    assert found == CrossCheck(compared=2)


@pytest.mark.parametrize(
    ("kind", "name", "argument", "old", "new", "expected"),
    [
        (
            "aws_api_gateway_method",
            "pets_1",
            "authorization",
            "AWS_IAM",
            "NONE",
            UNSIGNED,
        ),
        (
            "aws_iam_role",
            "reader",
            "assume_role_policy",
            "staff",
            "clerk",
            "who signs in as the blueprint says may not assume reader",
        ),
        (
            "aws_iam_role_policy",
            "reader",
            "policy",
            "GET/pets",
            "POST/pets",
            "reader was granted GET /pets on dev of pets, but is not allowed GET /pets on dev",
        ),
    ],
)
def test_a_plan_that_does_something_else_contradicts(
    kind: str, name: str, argument: str, old: str, new: str, expected: str
):
    after = applied()
    text = after["resource"][kind][name][argument]
    after["resource"][kind][name][argument] = text.replace(old, new)
    assert expected in checked(applied(), after, pets()).contradictions


def test_where_nothing_changes_that_bears_on_access_nothing_is_compared():
    """Even if the state has another access: the comparison of both sides tells that."""
    other = replace(pets(), roles=())
    assert checked(applied(), applied(), other) == CrossCheck()


def test_a_policy_that_is_not_known_hides_no_contradiction_in_who_may_assume_the_role():
    plan = plan_document(NOTHING, applied(), "pets-nonprod")
    for each in plan["resource_changes"]:
        if each["type"] == "aws_iam_role":
            after = each["change"]["after"]
            after["assume_role_policy"] = after["assume_role_policy"].replace("staff", "clerk")
    found = cross_check(TerraformPlan.of(plan), here(), pets())
    assert found.unknown == ("aws_iam_role_policy.reader",)
    sentence = "who signs in as the blueprint says may not assume reader"
    assert sentence in found.contradictions
    assert not any("GET /pets" in each for each in found.contradictions)
