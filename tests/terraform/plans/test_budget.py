"""The deletion budget."""

from __future__ import annotations

import pytest

from gateprint.terraform.plans.budget import Budget, exceeding, guarded, parse_budget
from tests.terraform.plans.documents import change, plan

STAGE = change("aws_api_gateway_stage.pets_dev", ["delete"])
API = change("aws_api_gateway_rest_api.pets", ["delete", "create"])
ROLE = change("aws_iam_role.reader", ["delete"])
SAML = change("aws_iam_saml_provider.auth0", ["delete"])
METHOD = change("aws_api_gateway_method.pets_get", ["delete"])


@pytest.mark.parametrize(
    ("texts", "budget"),
    [
        ([], Budget()),
        (["3"], Budget(total=3)),
        (["api=1", "saml-provider=0"], Budget(kinds={"api": 1, "saml-provider": 0})),
        (["all=9", "2"], Budget(total=2, everything=9)),
    ],
)
def test_a_budget_is_read(texts: list[str], budget: Budget) -> None:
    assert parse_budget(texts) == budget


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["many"], "--max-destroy many: a whole number such as 1 or stage=1 is needed"),
        (["-1"], "--max-destroy -1: a whole number such as 1 or stage=1 is needed"),
        (["api="], "--max-destroy api=: a whole number such as 1 or stage=1 is needed"),
        (
            ["bucket=1"],
            '--max-destroy bucket=1: "bucket" is none of api, stage, role, saml-provider, all',
        ),
        (["api=1", "api=2"], '--max-destroy api=2: "api" is given twice'),
        (["1", "2"], '--max-destroy 2: "N" is given twice'),
        (["=1"], '--max-destroy =1: "" is none of api, stage, role, saml-provider, all'),
    ],
)
def test_a_budget_that_cannot_be_read_is_refused(texts: list[str], problem: str) -> None:
    with pytest.raises(ValueError, match=r"^--max-destroy ") as refused:
        parse_budget(texts)
    assert str(refused.value) == problem


def test_what_is_guarded_is_told_by_kind() -> None:
    found = guarded(plan(STAGE, API, ROLE, SAML, METHOD).changes)
    assert found == {
        "api": ("aws_api_gateway_rest_api.pets",),
        "role": ("aws_iam_role.reader",),
        "saml-provider": ("aws_iam_saml_provider.auth0",),
        "stage": ("aws_api_gateway_stage.pets_dev",),
    }


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        ([METHOD], []),
        ([STAGE], ["1"]),
        ([STAGE], ["stage=1"]),
        ([STAGE, ROLE], ["stage=1", "1"]),
        ([METHOD], ["all=1"]),
        ([change("aws_iam_role.reader", ["forget"])], []),
    ],
)
def test_what_is_within_the_budget_passes(changes, texts: list[str]) -> None:
    assert exceeding({"pets": plan(*changes)}, parse_budget(texts)) == ()


@pytest.mark.parametrize(
    ("changes", "texts", "names", "excess"),
    [
        (
            [STAGE],
            [],
            "aws_api_gateway_stage.pets_dev",
            "1 (APIs, stages, roles and SAML providers), and --max-destroy 0 allows 0",
        ),
        (
            [STAGE, ROLE],
            ["stage=2"],
            "aws_iam_role.reader",
            "1 (APIs, stages, roles and SAML providers), and --max-destroy 0 allows 0",
        ),
        (
            [STAGE, API],
            ["2", "api=0"],
            "aws_api_gateway_rest_api.pets",
            "1 (kind api), and --max-destroy api=0 allows 0",
        ),
        (
            [METHOD],
            ["all=0"],
            "aws_api_gateway_method.pets_get",
            "1 (resources of all types), and --max-destroy all=0 allows 0",
        ),
    ],
)
def test_what_is_above_the_budget_is_said(changes, texts: list[str], names: str, excess: str):
    [found] = exceeding({"pets": plan(*changes)}, parse_budget(texts))
    assert found.stack == "pets"
    assert found.sentence == (f"pets destroys or replaces {names}; the whole run counts {excess}")


def test_the_budget_is_that_of_the_whole_run() -> None:
    plans = {"pets": plan(STAGE), "orders": plan(ROLE), "users": plan(METHOD)}
    found = exceeding(plans, parse_budget(["1"]))
    assert [each.stack for each in found] == ["orders", "pets"]
