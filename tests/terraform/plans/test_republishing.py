"""Which deployments a plan makes too early, and what making them anew may do."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.terraform.plans.republishing import beyond_republishing, to_republish
from tests.terraform.plans.documents import change, plan

Change = dict[str, Any]
API = {"rest_api_id": "a1"}
DEV, PROD = "aws_api_gateway_deployment.pets_dev", "aws_api_gateway_deployment.pets_prod"
RELEASE = "aws_api_gateway_deployment.pets_v2--release"
METHOD = "aws_api_gateway_method.pets_get_secret"
INTEGRATION = "aws_api_gateway_integration.pets_get_pets"
RESPONSE = "aws_api_gateway_integration_response.pets_get_pets_200"
STAGE = "aws_api_gateway_stage.pets_dev"


def anew(address: str, rest_api_id: str = "a1") -> Change:
    """Return a deployment that a new one takes the place of."""
    values = {"rest_api_id": rest_api_id, "triggers": {"published": "new"}}
    old = {**values, "id": "d1", "triggers": {"published": "old"}}
    return change(address, ["create", "delete"], before=old, after=values, unknown={"id": True})


def made(address: str, **values: Any) -> Change:
    return change(address, after={**API, **values}, unknown={"id": True})


def kept(address: str) -> Change:
    return change(address, ["no-op"], before={**API, "id": "d1"}, after={**API, "id": "d1"})


def gone(address: str, **values: Any) -> Change:
    return change(address, ["delete"], before={**API, **values})


def renewed(address: str, kind: str = "HTTP", **values: Any) -> Change:
    place = {**API, "resource_id": "r1", "http_method": "GET"}
    before, after = {**place, "type": "MOCK"}, {**place, "type": kind, **values}
    return change(address, ["create", "delete"], before=before, after=after)


# What a plan does, and which deployments have to be made anew.
DECISIONS: dict[str, tuple[list[Change], tuple[str, ...]]] = {
    "a route goes": ([anew(DEV), anew(PROD), gone(METHOD)], (DEV, PROD)),
    "a route goes, and a release is taken": (
        [anew(DEV), made(RELEASE), gone(METHOD)],
        (DEV, RELEASE),
    ),
    "a release stays": ([anew(DEV), kept(RELEASE), gone(METHOD)], (DEV,)),
    "a release goes": ([anew(DEV), gone(RELEASE), gone(METHOD)], (DEV,)),
    "all stages have releases": ([kept(RELEASE), gone(METHOD)], ()),
    "a route comes": ([anew(DEV), made(METHOD)], ()),
    "a route changes": ([anew(DEV), change(METHOD, ["update"], before=API, after=API)], ()),
    "another type of backend": ([anew(DEV), renewed(INTEGRATION)], (DEV,)),
    "a route of another API goes": ([anew(DEV, "a2"), gone(METHOD)], ()),
    "an old object waits for its end": ([anew(DEV), gone(METHOD) | {"deposed": "k1"}], (DEV,)),
    "the whole stack goes": ([gone(DEV), gone(METHOD)], ()),
    "a stage goes": ([gone(DEV), gone(STAGE)], ()),
    "the API is made anew": (
        [
            change(DEV, ["create", "delete"], before=API, unknown={"rest_api_id": True}),
            gone(METHOD),
        ],
        (),
    ),
}
KINDS = (
    "authorizer",
    "gateway_response",
    "integration",
    "integration_response",
    "method",
    "method_response",
    "model",
    "request_validator",
    "resource",
    "rest_api_policy",
)


@pytest.mark.parametrize("name", DECISIONS)
def test_what_is_made_before_something_goes_is_made_too_early(name: str) -> None:
    changes, expected = DECISIONS[name]
    assert to_republish(plan(*changes)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_is_published_counts(kind: str) -> None:
    assert to_republish(plan(anew(DEV), gone(f"aws_api_gateway_{kind}.pets"))) == (DEV,)


@pytest.mark.parametrize("kind", ["aws_lambda_permission", "aws_api_gateway_method_settings"])
def test_what_no_deployment_has_does_not(kind: str) -> None:
    assert to_republish(plan(anew(DEV), gone(f"{kind}.pets"))) == ()


OF_STAGE = {**API, "stage_name": "dev"}


def moved(**values: Any) -> Change:
    """Return a stage that goes to another deployment."""
    before = {**OF_STAGE, "id": "s1", "deployment_id": "d2"}
    after = {**OF_STAGE, "id": "s1", **values}
    return change(STAGE, ["update"], before=before, after=after, unknown={"deployment_id": True})


def again(**values: Any) -> Change:
    """Return the deployment that is made anew, whose triggers are as they were approved."""
    after = {**API, "triggers": {"published": "new"}, **values}
    before = {**after, "id": "d2"}
    return change(DEV, ["create", "delete"], before=before, after=after, unknown={"id": True})


PLACE = {**API, "resource_id": "r1", "http_method": "GET"}
KEPT_RESPONSE = {**PLACE, "status_code": "200"}
APPROVED = [
    anew(DEV),
    moved(),
    gone(METHOD),
    renewed(INTEGRATION),
    change(RESPONSE, ["no-op"], before=KEPT_RESPONSE, after=KEPT_RESPONSE),
]
# What the second plan does, and what of it was not approved.
SECOND: dict[str, tuple[list[Change], list[str]]] = {
    "it publishes anew": ([again(), moved()], []),
    "the old deployment is gone already": (
        [made(DEV, triggers={"published": "new"}), moved()],
        [],
    ),
    "a deployment was left on the way": ([again(), moved(), gone(DEV) | {"deposed": "k1"}], []),
    "what went with an integration is put again": (
        [
            again(),
            moved(),
            change(INTEGRATION, after={**PLACE, "type": "HTTP"}),
            change(RESPONSE, after=KEPT_RESPONSE),
        ],
        [],
    ),
    "a response that is not as it was": (
        [again(), moved(), change(RESPONSE, after={**KEPT_RESPONSE, "status_code": "500"})],
        [f"{RESPONSE}: status_code is not what was approved"],
    ),
    "a response of another integration": (
        [again(), change("aws_api_gateway_integration_response.pets_put", after=KEPT_RESPONSE)],
        ["aws_api_gateway_integration_response.pets_put: create was not approved"],
    ),
    "a stage that changes otherwise": (
        [again(), moved(description="by hand")],
        [f"{STAGE}: description is not what was approved"],
    ),
    "a deployment that publishes something else": (
        [again(triggers={"published": "other"}), moved()],
        [f"{DEV}: triggers.published is not what was approved"],
    ),
    "a deployment that nobody asked for": (
        [again(), anew(PROD)],
        [f"{PROD}: replace was not approved"],
    ),
    "the old deployment first": (
        [again() | {"change": {**again()["change"], "actions": ["delete", "create"]}}],
        [f"{DEV}: it was approved to be replaced in the other order"],
    ),
    "somebody's change is taken back": (
        [again(), moved(), change("aws_iam_role.reader", ["update"], before={}, after={})],
        ["aws_iam_role.reader: update was not approved"],
    ),
    "a role goes": (
        [again(), moved(), change("aws_iam_role.reader", ["delete"], before={})],
        ["aws_iam_role.reader: delete was not approved"],
    ),
}


@pytest.mark.parametrize("name", SECOND)
def test_publishing_anew_does_nothing_else(name: str) -> None:
    fresh, beyond = SECOND[name]
    assert list(beyond_republishing(plan(*APPROVED), plan(*fresh), (DEV,))) == beyond


def test_a_second_plan_that_is_not_whole_is_refused() -> None:
    fresh = plan(again(), complete=False)
    assert beyond_republishing(plan(*APPROVED), fresh, (DEV,)) == ("the new plan is not complete",)
