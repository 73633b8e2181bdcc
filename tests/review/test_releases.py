"""What a review says of releases: which one a stage gets, what it serves, and who may call it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gateprint.access.proof.applied import Resource
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.noticed_releases import noticed_of_releases
from gateprint.review.releases import with_releases_after, with_releases_before
from gateprint.review.subject import StackSubject
from tests.review.rules.cases import LIVE, PINNED, planned, release
from tests.review.rules.made import here, side, updated
from tests.terraform.plans.documents import change, plan

V1, V2 = '{"GET /pets":"NONE","GET /old":"AWS_IAM"}', '{"GET /pets":"AWS_IAM","GET /new":"NONE"}'
Values = dict[str, Any]


def stage(served: str, *, canary: tuple[float, str] | None = None) -> Values:
    found: Values = {
        "stage_name": "live",
        "rest_api_id": "a1",
        "variables": {"gateprint_release": served},
    }
    if canary is not None:
        percent, of_canary = canary
        overrides = {"gateprint_release": of_canary}
        found["canary_settings"] = [
            {"percent_traffic": percent, "stage_variable_overrides": overrides}
        ]
    return found


def said(before: Values, after: Values, *more: Any) -> dict[str, bool]:
    """Return the sentences, and whether callers of today fail."""
    moved = updated("aws_api_gateway_stage.pets_live", before, after)
    document, blueprint = side(PINNED, here())
    found = plan(*(dict(each) for each in planned(moved, *more)))
    subject = StackSubject("pets-nonprod", here(), blueprint, document, found)
    return {each.sentence: each.is_breaking for each in noticed_of_releases(subject)}


def test_a_stage_that_goes_to_another_release_says_what_it_gets() -> None:
    both = release(V1), release(V2, "create", name="v2")
    moved = "GET /new comes; GET /old is gone; GET /pets asks callers for something else"
    assert said(stage("v1"), stage("v2"), *both) == {
        f"live: release v1 → release v2: {moved}": True
    }
    assert said(stage("v2"), stage("v2")) == {}


def test_a_stage_that_is_pinned_or_follows_the_blueprint_again_says_so() -> None:
    assert said(stage("latest"), stage("v1"), release(V1)) == {
        "live: what the blueprint says → release v1": False
    }
    assert said(stage("v1"), stage("latest"), release(V1)) == {
        "live: release v1 → what the blueprint says": False
    }


def test_the_same_routes_are_said_to_be_the_same() -> None:
    both = release(V1), release(V1, "create", name="v2")
    assert said(stage("v1"), stage("v2"), *both) == {
        "live: release v1 → release v2: the same routes": False
    }


def test_a_canary_comes_changes_and_goes() -> None:
    plain, ten, half = (
        stage("v1"),
        stage("v1", canary=(10, "v2")),
        stage("v1", canary=(50, "latest")),
    )
    assert said(plain, ten) == {"live: 10 % of its requests get release v2": False}
    assert said(ten, half) == {
        "live: 50 % of its requests get what the blueprint says, until now 10 % release v2": False
    }
    assert said(half, plain) == {"live: the canary goes": False}


def test_a_change_that_does_not_reach_a_pinned_stage_says_so() -> None:
    method = updated("aws_api_gateway_method.pets_get_pets", {}, {"authorization": "NONE"})
    same = stage("v1")
    kept = "live keeps release v1: what changes in routes and functions reaches it with another one"
    assert said(same, same, method) == {kept: False}
    assert said(same, stage("v1", canary=(5, "latest")), method)[kept] is False


def state(routes: str, served: Mapping[str, Any]) -> list[Resource]:
    deployment = release(routes)["change"]["before"]
    return [
        Resource("api", "aws_api_gateway_rest_api", {"id": "a1", "name": "pets-nonprod-pets"}),
        Resource("aws_api_gateway_deployment.pets_v1--release", DEPLOYMENT, deployment),
        Resource("stage", "aws_api_gateway_stage", served),
    ]


DEPLOYMENT = "aws_api_gateway_deployment"


def served(blueprint: ResolvedBlueprint) -> dict[str, str]:
    (live,) = (each for each in blueprint.stages if each.name == "live")
    return {route.key: route.auth for _, route in blueprint.routes_on(live)}


def test_a_stage_serves_what_its_release_remembers_on_both_sides() -> None:
    _, blueprint = side(PINNED, here())
    before = with_releases_before(blueprint, state(V1, stage("v1")))
    after = with_releases_after(blueprint, state(V1, stage("v1")), plan())
    assert served(before) == served(after) == {"GET /old": "iam", "GET /pets": "none"}
    assert served(with_releases_before(blueprint, state(V1, stage("latest")))) == {
        each.key: "iam" for each in blueprint.apis[0].routes
    }


def test_a_release_that_is_made_now_serves_what_the_blueprint_says() -> None:
    _, blueprint = side(PINNED, here())
    gone = plan(change("aws_api_gateway_deployment.pets_v1--release", ("delete", "create")))
    after = with_releases_after(blueprint, state(V1, stage("v1")), gone)
    assert served(after) == {each.key: "iam" for each in blueprint.apis[0].routes}


def test_a_canarys_callers_get_the_routes_of_both() -> None:
    canary = {LIVE: LIVE.replace("log: {}", "log: {}, release: v1, canary: {percent: 5}")}
    _, blueprint = side(canary, here())
    found = served(with_releases_after(blueprint, state(V1, stage("v1")), plan()))
    keys = {each.key for each in blueprint.apis[0].routes}
    assert found.keys() == keys | {"GET /old"}
    assert found["GET /pets"] == "none", "the more open one"
    other = {
        LIVE: LIVE.replace("log: {}", "log: {}, release: v2, canary: {percent: 5, release: v1}")
    }
    _, blueprint = side(other, here())
    after = with_releases_after(blueprint, state(V1, stage("v2")), plan())
    assert served(after)["GET /pets"] == "none", "whichever comes first"


def test_what_a_deployment_remembers_may_be_anything() -> None:
    _, blueprint = side(PINNED, here())
    for odd in ("", "[]", "{", json.dumps({"GET /pets": 7})):
        assert isinstance(served(with_releases_before(blueprint, state(odd, stage("v1")))), dict)
