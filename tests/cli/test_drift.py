"""`drift`: how it reads, its JSON, its exit codes and its arguments."""

from __future__ import annotations

import json
from dataclasses import replace

import click
import pytest
from click.testing import CliRunner

from gateprint.access.changes.access_drift import AccessDrift
from gateprint.cli.drift import drift
from gateprint.cli.drift_text import rendered
from gateprint.terraform.plans.drift import AttributeDrift, ResourceDrift
from gateprint.terraform.plans.hiding import MASK
from gateprint.terraform.runs.drift_report import Cost, Drift, Drifted
from gateprint.terraform.sampling import Sample
from tests.support.golden import assert_golden
from tests.support.project import ROOT

GOLDEN = ROOT / "tests" / "golden"
WHERE = ("prod", "123456789012", "us-east-2")
PETS = Drifted(
    "pets-prod",
    *WHERE,
    "drift",
    (
        ResourceDrift(
            "aws_api_gateway_gateway_response.pets_throttled",
            "aws_api_gateway_gateway_response",
            "gone",
        ),
        ResourceDrift(
            "aws_api_gateway_method_settings.pets_prod",
            "aws_api_gateway_method_settings",
            "changed",
            (AttributeDrift("settings[0].throttling_rate_limit", 100, 7),),
        ),
        ResourceDrift(
            "aws_iam_role_policy.auth0-api-role",
            "aws_iam_role_policy",
            "changed",
            (
                AttributeDrift("policy.Statement[0].Resource", ["…/GET/pets/*"], ["…/*"]),
                AttributeDrift("policy.Statement[1]", None, {"Effect": "Allow", "Action": "*"}),
            ),
        ),
        ResourceDrift("aws_x.y", "aws_x", "changed", (AttributeDrift("key", MASK, MASK),)),
    ),
    (
        AccessDrift(
            "allowed",
            "auth0-api-role may now call DELETE /pets on prod of pets, "
            "which the blueprint does not grant",
            "auth0-api-role",
            "pets",
            ("prod",),
            ("DELETE /pets",),
        ),
    ),
)
ORDERS = Drifted("orders-prod", *WHERE, "none")
USERS = Drifted("users-prod", *WHERE, "failed", problem="Terraform cannot plan it\nAccessDenied")
FOUND = Drift(
    (ORDERS, PETS, USERS),
    without_state=("new-prod",),
    other_parts=87,
    sample=Sample(4, 30),
    cost=Cost(141, 10.1),
    run="runs/20261122-060000-1a2b",
)
CLEAN = Drift((ORDERS,), cost=Cost(38, 0.0), run="runs/20261122-060000-1a2b")


@pytest.mark.parametrize(("form", "file"), [("text", "txt"), ("markdown", "md"), ("json", "json")])
def test_golden_drift(form: str, file: str) -> None:
    assert_golden(GOLDEN / f"drift.{file}", rendered(FOUND, form) + "\n")


def test_no_drift_is_said_in_two_lines() -> None:
    assert rendered(CLEAN, "text").splitlines() == [
        "1 stack: nothing was changed outside",
        "38 calls to API Gateway, within its burst",
    ]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (Drift(), 0),
        (CLEAN, 0),
        (replace(FOUND, stacks=(PETS, ORDERS)), 3),
        (FOUND, 4),
        (replace(FOUND, is_interrupted=True), 130),
    ],
)
def test_drift_ends_with_3_and_a_stack_that_could_not_be_asked_with_4(
    found: Drift, code: int
) -> None:
    assert found.code == code
    assert json.loads(rendered(found, "json"))["exit_code"] == code


def test_what_people_wrote_moves_no_cursor_and_is_no_markup() -> None:
    evil = AttributeDrift("description", None, "\x1b[2J<img src=x>`rm`")
    resource = ResourceDrift("aws_x.y", "aws_x", "changed", (evil,))
    found = replace(CLEAN, stacks=(replace(PETS, resources=(resource,)),))
    assert "\x1b" not in rendered(found, "text") + rendered(found, "markdown")
    assert "<img" not in rendered(found, "markdown").replace("\\<", "")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--day", "2026-11-22"], "add --sample"),
        (["--sample", "much"], "write 10% or 1/30"),
        (["--sample", "0%"], "it is between"),
        (["--sample", "10%", "--day", "today"], "does not match the format"),
    ],
)
def test_a_sample_that_means_nothing_is_refused(words: list[str], problem: str) -> None:
    found = CliRunner().invoke(drift, words)
    assert (found.exit_code, problem in found.output) == (click.UsageError.exit_code, True)
