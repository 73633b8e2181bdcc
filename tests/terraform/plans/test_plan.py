"""Plan JSON as values."""

from __future__ import annotations

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.plans.plan import TerraformPlan
from tests.terraform.plans.documents import change, document, plan, real

ROLE = "aws_iam_role.reader"


def test_a_real_plan_of_a_first_apply_creates_everything() -> None:
    found = TerraformPlan.of(real("create"))
    assert found.counts() == {"create": 12}
    assert (found.is_errored, found.is_complete, found.is_applyable) == (False, True, True)
    assert found.terraform_version == "1.11.4"
    assert not found.is_empty


def test_a_real_plan_after_an_adoption_tells_imports_and_what_else_is_to_be_done() -> None:
    found = TerraformPlan.of(real("adopted"))
    assert found.counts() == {"create": 1, "import": 11, "no-op": 9, "update": 2}
    stage = next(each for each in found.changes if each.type == "aws_api_gateway_stage")
    assert (stage.action, stage.importing) == ("update", "hp4szoyltc/dev")


def test_references_are_read_from_the_configuration() -> None:
    references = TerraformPlan.of(real("create")).references
    assert references["aws_api_gateway_stage.pets_dev"] == {
        "deployment_id": "aws_api_gateway_deployment.pets_dev.id",
        "rest_api_id": "aws_api_gateway_deployment.pets_dev.rest_api_id",
    }


@pytest.mark.parametrize(
    "expression",
    [
        {"constant_value": "${a.b.id}/x", "references": ["a.b.id", "a.b"]},
        {"references": ["a.b.id", "a.b"]},
        {"constant_value": "${a.b.id}"},
        [{"nested": {"constant_value": "${a.b.id}", "references": ["a.b.id"]}}],
    ],
)
def test_only_an_argument_that_is_a_reference_and_nothing_else_is_one(expression) -> None:
    resource = {"address": "c.d", "expressions": {"x": expression}}
    found = plan(configuration={"root_module": {"resources": [resource]}})
    assert found.references == {"c.d": {}}


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["no-op"], "no-op"),
        (["create"], "create"),
        (["read"], "read"),
        (["update"], "update"),
        (["delete"], "delete"),
        (["delete", "create"], "replace"),
        (["create", "delete"], "replace"),
        (["create", "forget"], "replace"),
        (["forget"], "forget"),
    ],
)
def test_each_combination_of_actions_has_a_name(actions: list[str], action: str) -> None:
    assert plan(change(ROLE, actions)).changes[0].action == action


def test_only_deletions_and_replacements_destroy() -> None:
    found = plan(
        change("aws_iam_role.a", ["delete"]),
        change("aws_iam_role.b", ["create", "delete"]),
        change("aws_iam_role.c", ["forget"]),
        change("aws_iam_role.d", ["update"]),
    )
    assert [each.address for each in found.destroyed()] == ["aws_iam_role.a", "aws_iam_role.b"]


@pytest.mark.parametrize(
    ("changed", "is_empty"),
    [
        (change(ROLE, ["no-op"]), True),
        (change("data.x", ["read"]), True),
        (change(ROLE, ["forget"]), False),
        (change(ROLE, ["no-op"], importing="reader"), False),
        (change(ROLE, ["no-op"], previous_address="aws_iam_role.old"), False),
    ],
)
def test_a_plan_is_empty_if_neither_resources_nor_the_state_change(changed, is_empty) -> None:
    assert plan(changed).is_empty is is_empty


def test_an_output_that_changes_makes_a_plan_that_is_not_empty() -> None:
    outputs = {"ids": {"actions": ["update"], "before": "a", "after": "b"}}
    assert not plan(output_changes=outputs).is_empty


def test_a_plan_that_does_not_say_that_it_is_whole_is_not() -> None:
    bare = {"format_version": "1.2"}
    found = TerraformPlan.of(bare)
    assert (found.is_errored, found.is_complete, found.is_applyable) == (True, False, False)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (document(format_version="2.0"), 'the plan\'s JSON is of format "2.0"'),
        (document(change(ROLE, ["open"])), f"{ROLE}: Terraform plans open"),
    ],
)
def test_what_is_not_known_is_refused(wrong, problem: str) -> None:
    with pytest.raises(ToolFailed) as refused:
        TerraformPlan.of(wrong)
    assert refused.value.problem.startswith(problem)


def test_values_do_not_appear_in_the_text_of_a_change() -> None:
    hidden = change(ROLE, ["update"], before={"token": "old-one"}, after={"token": "new-one"})
    assert "-one" not in repr(plan(hidden))
