"""Generated plans, applied in part: what is left is a subset, and whatever is planted is found."""

from __future__ import annotations

import copy
import os
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.plans.remaining import remaining
from tests.terraform.plans.documents import change, document

# More of them show nothing else: 2,000 of each ran once.
EXAMPLES = int(os.environ.get("PLAN_EXAMPLES", "60"))
VALUES = st.sampled_from(
    [
        None,
        True,
        0,
        7,
        "",
        "text",
        '{"Effect": "Allow"}',
        [],
        ["a", "b"],
        [{"y": None}, {"y": ["a"]}],
        {},
        {"y": 1},
        {"y": {"z": False}},
    ]
)
OBJECTS = st.dictionaries(st.sampled_from(["p", "q", "r"]), VALUES, max_size=3)
ACTIONS = st.sampled_from(["create", "update", "delete", "delete create", "create delete", "no-op"])


@st.composite
def changes(draw: st.DrawFn, index: int) -> dict[str, Any]:
    """A change of which some attributes are known after apply only."""
    address, actions = f"aws_cloudwatch_log_group.g{index}", draw(ACTIONS).split()
    before = None if actions == ["create"] else {"id": str(index), **draw(OBJECTS)}
    if actions == ["delete"]:
        return change(address, actions, before=before)
    if actions == ["no-op"]:
        return change(address, actions, before=before, after=before)
    after = draw(OBJECTS)
    unknown = draw(st.lists(st.sampled_from(["t", "u", "v"]), max_size=2))
    marks = {"id": True, **dict.fromkeys(unknown, True)}
    if actions == ["update"]:
        after, marks = {"id": str(index), **after}, dict.fromkeys(unknown, True)
    return change(address, actions, before=before, after=after, unknown=marks)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    number = draw(st.integers(1, 3))
    return document(*(draw(changes(index)) for index in range(number)))


def known(draw: st.DrawFn, found: dict[str, Any]) -> dict[str, Any]:
    """Tell some of what was unknown."""
    told = copy.deepcopy(found)
    marks = told["change"]["after_unknown"]
    for name in sorted(marks):
        if draw(st.booleans()):
            del marks[name]
            told["change"]["after"][name] = draw(VALUES)
    return told


def partly_done(draw: st.DrawFn, found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a new plan says of a change after none, half or all of it was done."""
    actions = found["change"]["actions"]
    how = draw(st.sampled_from(["open", "half", "done"]))
    if how == "open" or actions == ["no-op"]:
        return [found if "delete" in actions else known(draw, found)]
    if actions == ["delete"]:
        return []
    whole = known(draw, found)["change"]["after"]
    there = change(found["address"], ["no-op"], before=whole, after=whole)
    if how == "half" and actions == ["delete", "create"]:
        return [change(found["address"], after=whole, unknown={"id": True})]
    if how == "half" and actions == ["create", "delete"]:
        left = {**found, "deposed": "d1"}
        left["change"] = {**found["change"], "actions": ["delete"], "after": None}
        return [there, left]
    return [there]


@st.composite
def interrupted(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """An approved plan, and the plan after a part of it was applied."""
    approved = draw(documents())
    left = [each for found in approved["resource_changes"] for each in partly_done(draw, found)]
    return approved, document(*copy.deepcopy(left))


def verdict(approved: dict[str, Any], fresh: dict[str, Any]) -> tuple[str, ...]:
    return remaining(TerraformPlan.of(approved), TerraformPlan.of(fresh))


@given(interrupted())
@settings(deadline=None, derandomize=True, max_examples=EXAMPLES)
def test_what_is_left_of_a_plan_is_a_subset_of_it(plans) -> None:
    assert verdict(*plans) == ()


EXTRAS = st.sampled_from(
    [
        change("aws_iam_role.planted", after={"name": "planted"}),
        change("aws_iam_role.planted", ["update"], before={"p": 1}, after={"p": 2}),
        change("aws_iam_role.planted", ["delete"], before={"p": 1}),
        change("aws_iam_role.planted", ["no-op"], before={}, after={}, importing="planted"),
        change("aws_cloudwatch_log_group.g0", ["delete"], before={"id": "0"}, deposed="x"),
    ]
)


@given(interrupted(), EXTRAS)
@settings(deadline=None, derandomize=True, max_examples=EXAMPLES)
def test_a_change_that_is_planted_is_found(plans, extra) -> None:
    approved, fresh = plans
    is_renewed = approved["resource_changes"][0]["change"]["actions"] == ["create", "delete"]
    if "deposed" in extra and is_renewed:
        return  # that is what a replacement leaves behind
    fresh["resource_changes"].append(extra)
    assert verdict(approved, fresh) != ()


@given(interrupted(), st.data())
@settings(deadline=None, derandomize=True, max_examples=EXAMPLES)
def test_a_value_that_is_altered_is_found(plans, data) -> None:
    approved, fresh = plans
    places = [place for each in fresh["resource_changes"] for place in _places(approved, each)]
    if not places:
        return
    holder, name = data.draw(st.sampled_from(places))
    holder[name] = "altered"
    assert verdict(approved, fresh) != ()


def _places(approved: dict[str, Any], found: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Return where values stand that were known when the plan was approved."""
    if found["change"]["actions"] in (["no-op"], ["delete"]):
        return []
    before = next(
        each for each in approved["resource_changes"] if each["address"] == found["address"]
    )
    hidden = before["change"]["after_unknown"]
    after = found["change"]["after"]
    return [
        place
        for name in after
        if name not in hidden and name != "id"
        for place in _leaves(after, name)
    ]


def _leaves(holder: Any, name: Any) -> list[tuple[Any, Any]]:
    value = holder[name]
    below = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    return [(holder, name), *(place for each in below for place in _leaves(value, each))]


@given(interrupted(), st.data())
@settings(deadline=None, derandomize=True, max_examples=EXAMPLES)
def test_an_action_that_is_altered_is_found(plans, data) -> None:
    approved, fresh = plans
    found = data.draw(st.sampled_from(fresh["resource_changes"] or [None]))
    if found is None or found.get("deposed"):
        return
    wanted = next(
        each["change"]["actions"]
        for each in approved["resource_changes"]
        if each["address"] == found["address"]
    )
    worse = {"create": ["delete"], "update": ["delete", "create"], "no-op": ["update"]}
    found["change"]["actions"] = (
        worse.get(wanted[0], ["update"]) if len(wanted) == 1 else ["delete"]
    )
    assert verdict(approved, fresh) != ()
