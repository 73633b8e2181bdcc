"""The plans that tests make without Terraform have the form of those that it makes."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from gateprint.terraform.applying import tampered
from gateprint.terraform.plans.drift import read_drift
from gateprint.terraform.plans.plan import TerraformPlan
from tests.support.made_plan import NOTHING, plan_document
from tests.support.planned_run import Planned, write_run
from tests.support.project import ROOT
from tests.terraform.plans.documents import real

STACK = "pets-nonprod"
GOLDEN = ROOT / "tests" / "golden" / f"{STACK}.tf.json"


@pytest.fixture
def terraform() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return found


def changed(before: Any, after: Any) -> dict[str, str]:
    plan = TerraformPlan.of(plan_document(before, after, STACK))
    return {each.address: each.action for each in plan.changes if not each.is_nothing}


def test_what_is_new_has_the_same_unknown_attributes_as_in_a_real_plan(terraform: dict[str, Any]):
    made = {each.address: each for each in plan(NOTHING, terraform).changes}
    for each in TerraformPlan.of(real("create")).changes:
        if each.address in made and each.type == "aws_api_gateway_method":
            known = {name for name, mark in each.after_unknown.items() if mark is True}
            own = {name for name, mark in made[each.address].after_unknown.items() if mark is True}
            assert own - {"arn"} == known


def plan(before: Any, after: Any) -> TerraformPlan:
    return TerraformPlan.of(plan_document(before, after, STACK))


def test_all_is_made_nothing_changes_or_all_goes(terraform: dict[str, Any]):
    number = sum(len(of) for of in terraform["resource"].values())
    assert plan(NOTHING, terraform).counts() == {"create": number}
    assert plan(terraform, terraform).is_empty
    assert plan(terraform, NOTHING).counts() == {"delete": number}


def test_a_new_deployment_changes_its_stage(terraform: dict[str, Any]):
    after = deepcopy(terraform)
    after["resource"]["aws_api_gateway_deployment"]["pets_dev"]["triggers"]["published"] = "new"
    assert changed(terraform, after) == {
        "aws_api_gateway_deployment.pets_dev": "replace",
        "aws_api_gateway_stage.pets_dev": "update",
    }


def test_the_state_holds_what_was_applied(terraform: dict[str, Any]):
    found = read_drift(plan_document(terraform, NOTHING, STACK))
    paths = {each.values.get("path") for each in found.after}
    assert {"/pets", "/pets/{id}"} <= paths
    assert found.resources == ()


def test_a_run_is_as_gateprint_plan_leaves_it(terraform: dict[str, Any], tmp_path: Path):
    files = {"cdk.tf.json": GOLDEN.read_bytes()}
    where = ("nonprod", "123456789012", "us-east-2")
    folder = write_run(
        tmp_path / "monday",
        [
            Planned(STACK, *where, files, NOTHING),
            Planned("same-nonprod", *where, files, terraform),
            Planned("calm-nonprod", *where, files),
            Planned("bad-nonprod", *where, files, NOTHING, problem="it failed"),
        ],
    )
    run = folder.read()
    decisions = [each.decision for each in run.stacks]
    assert decisions == ["planned", "empty", "unchanged", "failed"]
    assert tampered(run, folder.stack(STACK), run.stack(STACK)) == ""
