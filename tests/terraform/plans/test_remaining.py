"""Whether a plan is a subset of an approved one."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.plans.remaining import remaining
from tests.terraform.plans.documents import change, plan, real

ROLE = "aws_iam_role.reader"
LOGS = "aws_cloudwatch_log_group.pets"
DEPLOYMENT = "aws_api_gateway_deployment.pets"
BEFORE, AFTER = {"id": "1", "days": 7}, {"id": "1", "days": 30}


def sentences(approved: list[dict[str, Any]], fresh: list[dict[str, Any]]) -> list[str]:
    return list(remaining(plan(*approved), plan(*fresh)))


@pytest.mark.parametrize("name", ["create", "adopted"])
def test_real_plans_after_an_apply_that_was_approved_are_what_is_left_of_it(name: str) -> None:
    assert remaining(TerraformPlan.of(real("create")), TerraformPlan.of(real(name))) == ()


def test_an_adopted_resource_that_is_not_as_approved_is_found() -> None:
    fresh = real("adopted")
    for each in fresh["resource_changes"]:
        if each["address"] == "aws_api_gateway_method.pets_get_pets":
            each["change"]["before"]["authorization"] = "CUSTOM"
            each["change"]["after"]["authorization"] = "CUSTOM"
    assert remaining(TerraformPlan.of(real("create")), TerraformPlan.of(fresh)) == (
        "aws_api_gateway_method.pets_get_pets: authorization is not what was approved",
    )


def a(actions: str, **extra: Any) -> list[dict[str, Any]]:
    """One change of the log group, in both plans of a case."""
    return [change(LOGS, actions.split(), **extra)]


CREATED = a("create", after={"days": 30}, unknown={"id": True})
UPDATED = a("update", before=BEFORE, after=AFTER)
REPLACED = a("delete create", before=BEFORE, after={"days": 30}, unknown={"id": True})
RENEWED = a("create delete", before=BEFORE, after={"days": 30}, unknown={"id": True})
DELETED = a("delete", before=BEFORE)

SUBSETS = {
    "nothing is left": (CREATED, []),
    "it is there": (CREATED, a("no-op", before=AFTER, after=AFTER)),
    "not begun": (CREATED, CREATED),
    "made, and to be completed": (CREATED, a("update", before=BEFORE, after=AFTER)),
    "adopted as it is": (CREATED, a("no-op", before=AFTER, after=AFTER, importing="1")),
    "adopted, and to be completed": (CREATED, a("update", before={}, after=AFTER, importing="1")),
    "failed while it was made": (
        CREATED,
        a("delete create", after=AFTER, action_reason="replace_because_tainted"),
    ),
    "update not begun": (UPDATED, UPDATED),
    "replacement not begun": (REPLACED, REPLACED),
    "deleted, not yet made": (REPLACED, a("create", after={"days": 30}, unknown={"id": True})),
    "replaced and adopted": (REPLACED, a("update", before={}, after=AFTER, importing="2")),
    "made, the old one not yet deleted": (
        RENEWED,
        [*a("no-op", before=AFTER, after=AFTER), *a("delete", before=BEFORE, deposed="d1")],
    ),
    "deletion not begun": (DELETED, DELETED),
    "deleted": (DELETED, []),
    "forgotten": (a("forget", before=BEFORE), a("forget", before=BEFORE)),
    "a read is no change": ([], [change("data.caller", ["read"])]),
    "moved": (
        a("no-op", before=AFTER, after=AFTER, previous_address="a.b"),
        a("no-op", before=AFTER, after=AFTER, previous_address="a.b"),
    ),
    "an import that was approved": (
        a("no-op", before=AFTER, after=AFTER, importing="1"),
        a("no-op", before=AFTER, after=AFTER, importing="1"),
    ),
}


@pytest.mark.parametrize(("approved", "fresh"), SUBSETS.values(), ids=SUBSETS)
def test_what_is_left_of_an_approved_plan_is_a_subset(approved, fresh) -> None:
    assert sentences(approved, fresh) == []


OTHER = {"id": "2", "days": 7}
BEYOND = {
    "nothing was approved": ([], CREATED, "create was not approved"),
    "it was to stay": (a("no-op", before=AFTER, after=AFTER), UPDATED, "update was not approved"),
    "only a read": ([change(LOGS, ["read"])], UPDATED, "update was not approved"),
    "made, now deleted": (CREATED, DELETED, "delete was not approved, but create"),
    "made, now replaced": (CREATED, REPLACED, "replace was not approved, but create"),
    "changed, now replaced": (UPDATED, REPLACED, "replace was not approved, but update"),
    "changed, now made": (UPDATED, CREATED, "create was not approved, but update"),
    "changed, now imported": (
        UPDATED,
        a("update", before=BEFORE, after=AFTER, importing="1"),
        "its import was not approved, but update",
    ),
    "another import": (
        a("no-op", before=AFTER, after=AFTER, importing="1"),
        a("no-op", before=AFTER, after=AFTER, importing="2"),
        "its import was not approved, but no-op",
    ),
    "deleted, now made": (DELETED, CREATED, "create was not approved, but delete"),
    "replaced, now deleted": (REPLACED, DELETED, "delete was not approved, but replace"),
    "replaced in the other order": (
        REPLACED,
        RENEWED,
        "it was approved to be replaced in the other order",
    ),
    "another object is deleted": (
        DELETED,
        a("delete", before=OTHER),
        "delete was approved for another object than the one that is there now",
    ),
    "another object is changed": (
        UPDATED,
        a("update", before=OTHER, after=AFTER),
        "update was approved for another object than the one that is there now",
    ),
    "another object is replaced": (
        REPLACED,
        a("delete create", before=OTHER, after={"days": 30}, unknown={"id": True}),
        "replace was approved for another object than the one that is there now",
    ),
    "another object was left behind": (
        RENEWED,
        a("delete", before=OTHER, deposed="d1"),
        "delete was approved for another object than the one that is there now",
    ),
    "a left object of something else": (
        UPDATED,
        a("delete", before=BEFORE, deposed="d1"),
        "delete was not approved",
    ),
    "moved from elsewhere": (
        UPDATED,
        a("update", before=BEFORE, after=AFTER, previous_address="a.b"),
        "its move from a.b was not approved",
    ),
    "another value": (
        CREATED,
        a("create", after={"days": 31}, unknown={"id": True}),
        "days is not what was approved",
    ),
    "a value more": (
        CREATED,
        a("create", after={"days": 30, "key": ""}, unknown={"id": True}),
        "key is not what was approved",
    ),
    "a value less": (CREATED, a("create", unknown={"id": True}, after={}), "days is not what was"),
    "a value is no longer known": (
        CREATED,
        a("create", after={}, unknown={"id": True, "days": True}),
        "days is not what was approved",
    ),
    "an element is no longer known": (
        a("create", after={"days": [None]}),
        a("create", after={"days": [None]}, unknown={"days": [True]}),
        "days[0] is not what was approved",
    ),
    "adopted, with another value": (
        CREATED,
        a("no-op", before={"days": 31}, after={"days": 31}, importing="1"),
        "days is not what was approved",
    ),
}


@pytest.mark.parametrize(("approved", "fresh", "sentence"), BEYOND.values(), ids=BEYOND)
def test_what_is_beyond_an_approved_plan_is_said(approved, fresh, sentence: str) -> None:
    found = sentences(approved, fresh)
    assert len(found) == 1
    assert found[0].startswith(f"{LOGS}: {sentence}")


@pytest.mark.parametrize(
    "kind",
    ["aws_api_gateway_rest_api", "aws_api_gateway_stage", "aws_iam_role", "aws_iam_saml_provider"],
)
def test_what_the_deletion_budget_guards_is_not_made_anew_unasked(kind: str) -> None:
    approved = [change(f"{kind}.x", after={})]
    fresh = [
        change(f"{kind}.x", ["delete", "create"], after={}, action_reason="replace_because_tainted")
    ]
    assert sentences(approved, fresh) == [f"{kind}.x: replace was not approved, but create"]


@pytest.mark.parametrize(
    ("approved", "unknown", "fresh", "is_same"),
    [
        # an unset argument, as the provider reads it
        ({"x": None}, {}, {"x": ""}, True),
        ({"x": None}, {}, {"x": {}}, True),
        ({"x": None}, {}, {"x": "set"}, False),
        ({"x": {}}, {}, {"x": {"y": ""}}, False),
        # the same policy, written otherwise
        ({"x": '{"a": [1], "b": 2}'}, {}, {"x": '{"b":2,"a":[1]}'}, True),
        ({"x": '{"a": [1, 2]}'}, {}, {"x": '{"a":[2,1]}'}, False),
        ({"x": '{"a": 1}'}, {}, {"x": '{"a":2,"a":1}'}, False),
        ({"x": '{"a": 1}'}, {}, {"x": '{"a":true}'}, False),
        ({"x": "1"}, {}, {"x": "1.0"}, False),
        ({"x": True}, {}, {"x": 1}, False),
        # sets are ordered by their values
        ({"x": [{}, {"y": "b"}]}, {"x": [{"y": True}, {}]}, {"x": [{"y": "b"}, {"y": "c"}]}, True),
        ({"x": [{}, {"y": "b"}]}, {"x": [{"y": True}, {}]}, {"x": [{"y": "c"}, {"y": "d"}]}, False),
        (
            {"x": [{}, {"y": "b"}, {"y": "b"}]},
            {"x": [{"y": True}, {}, {}]},
            {"x": [{"y": "b"}, {"y": "c"}, {"y": "d"}]},
            False,
        ),
        ({"x": ["a", "b"]}, {}, {"x": ["b", "a"]}, False),
        ({"x": ["a"]}, {}, {"x": ["a", "b"]}, False),
        ({}, {"x": True}, {"x": ["a", "b"]}, True),
        ({"x": {"y": 1}}, {"x": {"z": True}}, {"x": {"y": 1, "z": 2}}, True),
    ],
)
def test_values_of_an_adopted_resource_are_compared(approved, unknown, fresh, is_same) -> None:
    before = [change(LOGS, after=approved, unknown=unknown)]
    after = [change(LOGS, ["no-op"], before=fresh, after=fresh, importing="1")]
    assert (sentences(before, after) == []) is is_same


def test_a_value_that_an_update_empties_is_no_unset_argument() -> None:
    before = [change(LOGS, after={"x": None})]
    after = [change(LOGS, ["update"], before={"x": "set"}, after={"x": ""})]
    assert sentences(before, after) == [f"{LOGS}: x is not what was approved"]


@pytest.mark.parametrize(
    ("found", "is_same"), [({"importing": "1"}, True), ({}, False)], ids=["import", "no import"]
)
def test_what_the_provider_puts_into_the_state_counts_after_an_import_alone(found, is_same) -> None:
    api = "aws_api_gateway_rest_api.pets"
    before = [change(api, after={"put_rest_api_mode": None})]
    set_by_import = {"put_rest_api_mode": "overwrite"}
    after = [change(api, ["update"], before=set_by_import, after=set_by_import, **found)]
    assert (sentences(before, after) == []) is is_same


def output(actions: str, after: Any = None, unknown: Any = None) -> dict[str, Any]:
    return {"ids": {"actions": [actions], "after": after, "after_unknown": unknown or False}}


@pytest.mark.parametrize(
    ("approved", "fresh", "expected"),
    [
        (output("create", {}, {"a": True}), output("create", {"a": "1"}), []),
        (output("create", {}, {"a": True}), output("update", {"a": "1"}), []),
        (output("update", "1"), output("update", "1"), []),
        (output("delete"), output("delete"), []),
        (output("update", "1"), output("no-op", "1"), []),
        (output("update", "1"), output("update", "2"), ["the value is not what was approved"]),
        (output("no-op", "1"), output("update", "1"), ["its update was not approved"]),
        ({}, output("create", "1"), ["its create was not approved"]),
        (output("update", "1"), output("delete"), ["delete was not approved, but update"]),
    ],
)
def test_outputs_are_compared(approved, fresh, expected: list[str]) -> None:
    found = remaining(plan(output_changes=approved), plan(output_changes=fresh))
    assert list(found) == [f"output ids: {sentence}" for sentence in expected]


def test_drift_alone_does_not_matter() -> None:
    drifted = plan(resource_drift=a("update", before=BEFORE, after=AFTER))
    assert remaining(plan(), drifted) == ()


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ({"complete": False}, "the new plan is not complete"),
        ({"errored": True}, "the new plan is not complete"),
        (
            {"configuration": {"root_module": {"outputs": {}}}},
            "the configuration is not the one that was approved",
        ),
    ],
)
def test_a_plan_of_something_else_is_no_subset(extra, sentence: str) -> None:
    assert remaining(plan(), plan(**extra)) == (sentence,)


def test_no_sentence_has_a_value() -> None:
    approved = a("create", after={"token": "the-old-token"})
    fresh = a("create", after={"token": "the-new-token"})
    assert sentences(approved, fresh) == [f"{LOGS}: token is not what was approved"]
