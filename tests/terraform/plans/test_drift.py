"""What a refresh-only plan says was changed, without what changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateprint.access.proof.applied import Added
from gateprint.terraform.plans.drift import AttributeDrift, read_drift
from gateprint.terraform.plans.hiding import MASK
from gateprint.terraform.plans.masking import masked

ROLE = "aws_iam_role.reader"


def plan(*drifted: dict[str, Any], state: dict[str, dict[str, Any]] | None = None) -> Any:
    """Return a refresh-only plan; what was changed is in its state as it is now."""
    now = {
        each["address"]: each["change"]["after"]
        for each in drifted
        if each["change"]["after"] is not None
    } | (state or {})
    resources = [
        {"address": name, "mode": "managed", "type": name.partition(".")[0], "values": values}
        for name, values in now.items()
    ]
    return {
        "format_version": "1.2",
        "errored": False,
        "complete": True,
        "resource_drift": list(drifted),
        "prior_state": {"values": {"root_module": {"resources": resources}}},
    }


def change(address: str, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    return {
        "address": address,
        "type": address.partition(".")[0],
        "name": address.partition(".")[2],
        "change": {
            "actions": ["update"] if after is not None else ["delete"],
            "before": before,
            "after": after,
            **more,
        },
    }


def told(before: Any, after: Any, kind: str = "aws_x") -> list[tuple[str, Any, Any]]:
    found = read_drift(plan(change(f"{kind}.y", before, after))).resources
    return [(a.path, a.before, a.after) for each in found for a in each.attributes]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": None}, {"a": ""}),
        ({"a": None}, {"a": {}}),
        ({"a": []}, {"a": None}),
        ({"a": None}, {"a": False}),
        ({"a": 0}, {"a": None}),
        ({}, {"a": []}),
        ({"a": {"b": None}}, {"a": {"b": ""}}),
        ({"a": '{"x": [1]}'}, {"a": '{"x":[1]}'}),
    ],
)
def test_what_the_provider_reads_for_null_is_no_drift(before: Any, after: Any) -> None:
    assert told(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": "x"}, {"a": "y"}, [("a", "x", "y")]),
        ({"a": True}, {"a": False}, [("a", True, False)]),
        ({"a": False}, {"a": None}, []),
        ({"a": -1}, {"a": 0}, [("a", -1, 0)]),
        ({"a": "x"}, {"a": ""}, [("a", "x", None)]),
        ({"a": None}, {"a": True}, [("a", None, True)]),
        ({"a": ["x"]}, {"a": ["x", "y"]}, [("a", ["x"], ["x", "y"])]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [("a[0].b", 1, 2)]),
        ({"a": []}, {"a": [{"b": 2}]}, [("a[0]", None, {"b": 2})]),
        ({"a": {}}, {"a": {"team:x": "y"}}, [('a["team:x"]', None, "y")]),
        ({"a": '{"x": 1}'}, {"a": '{"x": 2}'}, [("a.x", 1, 2)]),
        ({"a": '{"x": 1}'}, {"a": "not json"}, [("a", '{"x": 1}', "not json")]),
        (
            {"tags": {}, "tags_all": {"o": "1"}},
            {"tags": {"p": "2"}, "tags_all": {"o": "1", "p": "2"}},
            [("tags_all.p", None, "2")],
        ),
    ],
)
def test_a_change_is_said_by_its_path(before: Any, after: Any, expected: list[Any]) -> None:
    assert told(before, after) == expected


def test_a_resource_that_is_gone_is_said() -> None:
    found = read_drift(plan(change("aws_x.y", {"id": "1"}, None), state={"aws_z.z": {"id": "2"}}))
    assert [(each.address, each.change) for each in found.resources] == [("aws_x.y", "gone")]
    assert [each.address for each in found.before] == ["aws_x.y", "aws_z.z"]
    assert [each.address for each in found.after] == ["aws_z.z"]


def test_both_sides_hold_all_resources() -> None:
    found = read_drift(plan(change("aws_x.y", {"a": 1}, {"a": 2}), state={"aws_z.z": {"id": "2"}}))
    assert [each.values for each in found.before] == [{"a": 1}, {"id": "2"}]
    assert [each.values for each in found.after] == [{"a": 2}, {"id": "2"}]


def role(*arns: str, **inline: str) -> dict[str, Any]:
    policies = [{"name": name, "policy": text} for name, text in inline.items()]
    return {"name": "reader", "inline_policy": policies, "managed_policy_arns": list(arns)}


OWN = {"aws_iam_role_policy.reader": {"name": "own", "role": "reader", "policy": "{}"}}


def test_what_a_role_tells_of_the_stacks_own_policies_is_no_drift() -> None:
    document = plan(change(ROLE, role(), role(own='{"x":1}')), state=OWN)
    assert read_drift(document).resources == ()


@pytest.mark.parametrize("is_known", [False, True], ids=["by this refresh", "by the state already"])
def test_a_policy_that_no_stack_knows_is_drift_whatever_the_state_says(*, is_known: bool) -> None:
    now = role("arn:aws:iam::aws:policy/Admin", own="{}", mine="{}", theirs="{}")
    drifted = [] if is_known else [change(ROLE, role(), now)]
    others = {"reader": Added(frozenset({"theirs"}))}
    (found,) = read_drift(plan(*drifted, state={**OWN, ROLE: now}), others).resources
    assert [each.path for each in found.attributes] == [
        'inline_policy["mine"]',
        'managed_policy_arns["arn:aws:iam::aws:policy/Admin"]',
    ]


def test_the_resource_policy_is_said_once() -> None:
    api, policy = "aws_api_gateway_rest_api.pets", "aws_api_gateway_rest_api_policy.pets"
    written, by_hand = json.dumps({"Version": "1"}), json.dumps({"Version": "2"})
    same = plan(
        change(api, {"id": "a", "policy": ""}, {"id": "a", "policy": written}),
        state={policy: {"rest_api_id": "a", "policy": written}},
    )
    assert read_drift(same).resources == ()
    alone = plan(change(api, {"id": "a", "policy": ""}, {"id": "a", "policy": by_hand}))
    (found,) = read_drift(alone).resources
    assert found.attributes == (AttributeDrift("policy", None, by_hand),)


def test_a_web_acl_is_said_of_a_stage_if_no_association_says_it() -> None:
    stage = "aws_api_gateway_stage.pets_live"
    association = "aws_wafv2_web_acl_association.pets_live"
    gained = change(stage, {"arn": "s", "web_acl_arn": ""}, {"arn": "s", "web_acl_arn": "acl"})
    own = {association: {"resource_arn": "s", "web_acl_arn": "acl"}}
    assert read_drift(plan(gained, state=own)).resources == ()
    other = {association: {"resource_arn": "t", "web_acl_arn": "acl"}}
    (found,) = read_drift(plan(gained, state=other)).resources
    assert found.attributes == (AttributeDrift("web_acl_arn", None, "acl"),)


def test_a_sensitive_value_is_never_said_and_may_have_been_changed() -> None:
    document = plan(
        change(
            "aws_x.y",
            {"a": "planted-secret-1", "b": 1},
            {"a": "planted-secret-2", "b": 1},
            before_sensitive={"a": True},
            after_sensitive={"a": True},
        )
    )
    for each in (document, masked(document)):
        (found,) = read_drift(each).resources
        assert found.attributes == (AttributeDrift("a", MASK, MASK),)
        assert "planted" not in repr(found)


def test_a_sensitive_value_that_is_new_is_said_once() -> None:
    document = plan(
        change(
            "aws_x.y",
            {"a": None},
            {"a": "planted-secret-2"},
            before_sensitive={},
            after_sensitive={"a": True},
        )
    )
    (found,) = read_drift(document).resources
    assert found.attributes == (AttributeDrift("a", MASK, MASK),)
