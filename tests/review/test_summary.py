"""A plan in a few words of its blueprint: each case edits the pets example's configuration."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from gateprint.review.origin import Origins
from gateprint.review.summary import summary
from gateprint.stack.origin import origins_of
from gateprint.terraform.plans.plan import TerraformPlan
from tests.review.test_origin import GOLDEN, inputs
from tests.support.made_plan import NOTHING, Terraform, plan_document

STACK = "pets-nonprod"
Resources = dict[str, dict[str, Any]]


@cache
def example() -> Terraform:
    found: Terraform = json.loads((GOLDEN / f"{STACK}.tf.json").read_text(encoding="utf-8"))
    return found


@cache
def origins() -> Origins:
    blueprint = next(each for each in inputs().blueprints if each.stack == STACK)
    return Origins(origins_of(blueprint), inputs().documents["pets"])


def told(before: Terraform, after: Terraform) -> str:
    plan = TerraformPlan.of(plan_document(before, after, STACK))
    return summary((each for each in plan.changes if not each.is_nothing), plan, origins())


def throttle(found: Resources) -> None:
    for each in found["aws_api_gateway_method_settings"].values():
        each["settings"] |= {"throttling_rate_limit": 200}


def throttle_of_dev(found: Resources) -> None:
    found["aws_api_gateway_method_settings"]["pets_dev"]["settings"]["throttling_rate_limit"] = 200


def auth(found: Resources) -> None:
    found["aws_api_gateway_method"]["pets_post_pets"]["authorization"] = "NONE"
    for each in found["aws_api_gateway_deployment"].values():
        each["triggers"]["published"] = "0" * 64


def no_get(found: Resources) -> None:
    for of in found.values():
        for name in [each for each in of if "get_pets__id" in each]:
            del of[name]
    # What preflights say of the methods changes too, and goes without saying.
    origin(found)


def session(found: Resources) -> None:
    found["aws_iam_role"]["auth0-api-role"]["max_session_duration"] = 7200


def policy(found: Resources) -> None:
    role = found["aws_iam_role_policy"]["auth0-api-role"]
    role["policy"] = role["policy"].replace("/pets/*", "/cats/*")


def origin(found: Resources) -> None:
    for each in found["aws_api_gateway_gateway_response"].values():
        each["response_parameters"] = {}


CASES: dict[str, tuple[Callable[[Resources], None], str]] = {
    "a throttle": (throttle, "throttle (none) → 200"),
    "a throttle of one stage": (throttle_of_dev, "throttle (none) → 200 on dev"),
    "auth": (auth, "route POST /pets: auth iam → none"),
    "a route that goes": (no_get, "route GET /pets/{id} removed"),
    "a session": (session, "role auth0-api-role: session 1h → 2h"),
    "a policy": (policy, "role auth0-api-role: ARNs +2 −2"),
    "CORS": (origin, "CORS of pets: changed"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_told_in_words_of_the_blueprint(name: str):
    edit, expected = CASES[name]
    after = copy.deepcopy(dict(example()))
    edit(after["resource"])
    assert told(example(), after) == expected


def test_a_route_that_comes_is_told_without_all_that_comes_with_it():
    before = copy.deepcopy(dict(example()))
    no_get(before["resource"])
    assert told(before, example()) == "route GET /pets/{id} added"


@pytest.mark.parametrize(("before", "after", "word"), [(0, 1, "added"), (1, 0, "removed")])
def test_a_whole_stack_is_told_by_its_api_stages_and_roles(before: int, after: int, word: str):
    sides = (NOTHING, example())
    assert told(sides[before], sides[after]) == (
        f"API pets {word}, stages dev and test {word}, roles auth0-api-role and pets-auditor "
        f"{word}, functions get_pet, list_pets and update_pets {word}"
    )


def test_what_has_no_words_is_counted():
    def tables(*names: str) -> Terraform:
        return {"resource": {"aws_dynamodb_table": {each: {"name": each} for each in names}}}

    assert told(tables("a", "b", "c"), tables("a", "d")) == "2 resources deleted, 1 created"
    assert told(tables("a"), tables()) == "1 resource deleted"
