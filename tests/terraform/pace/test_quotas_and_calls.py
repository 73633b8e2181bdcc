"""The two data files, and what they say of a plan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateprint.terraform.pace.quotas import ALL, cost_of, provider_calls, quotas
from gateprint.terraform.pace.work import Change, Domain, Floor, demand, floor, work_of
from tests.terraform.pace.clouds import HERE, creates, deletes

STACK_CODE = Path(__file__).parents[3] / "gateprint" / "stack"


@pytest.mark.parametrize(
    ("operation", "requests", "seconds", "burst"),
    [
        ("CreateDeployment", 1, 5, 1),
        ("CreateRestApi", 1, 3, 1),
        ("CreateRestApi:edge", 1, 30, 1),
        ("DeleteRestApi", 1, 30, 1),
        ("GetResources", 5, 2, 5),
        (ALL, 10, 1, 40),
    ],
)
def test_quotas_are_those_of_the_developer_guide(
    operation: str, requests: int, seconds: float, burst: int
) -> None:
    quota = quotas()[operation]
    assert (quota.requests, quota.seconds, quota.burst) == (requests, seconds, burst)


def test_every_quota_names_its_source() -> None:
    assert all(each.source.startswith("https://docs.aws.amazon.com/") for each in quotas().values())


def test_every_api_gateway_resource_that_is_generated_has_its_calls() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in STACK_CODE.glob("*.py"))
    generated = set(re.findall(r"cdktf_cdktf_provider_aws\.(api_gateway_\w+) import", code))
    assert len(generated) > 10
    assert {f"aws_{name}" for name in generated} == set(provider_calls())


def test_an_action_costs_its_limited_calls_and_all_its_calls() -> None:
    made = cost_of("aws_api_gateway_rest_api", "create")
    assert made == {"CreateRestApi": 1, "GetResources": 1, ALL: 3}


def test_an_edge_optimized_api_has_a_quota_of_its_own() -> None:
    made = cost_of("aws_api_gateway_rest_api", "create", is_edge=True)
    assert made == {"CreateRestApi:edge": 1, "GetResources": 1, ALL: 3}


def test_other_services_cost_nothing() -> None:
    assert cost_of("aws_iam_role", "create") == {}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("aws_api_gateway_method.pets_get_pets__id", "pets"),
        ("aws_api_gateway_rest_api.pet-shop", "pet-shop"),
        ("module.old.aws_api_gateway_stage.pets_dev", "pets"),
    ],
)
def test_an_address_says_which_api_it_belongs_to(address: str, expected: str) -> None:
    assert Change.of(address, "create").api == expected


def test_a_replacement_is_a_delete_and_a_create() -> None:
    work = work_of("shop", HERE, [("aws_api_gateway_deployment.shop_dev", "replace")])
    assert demand(work) == {"CreateDeployment": 1, ALL: 3}


def test_the_floor_of_deployments_is_five_seconds_each() -> None:
    works = [creates(f"shop-{n}", 1, 1).work for n in range(1000)]
    assert floor(works) == Floor(4995, "CreateDeployment", 1000)


def test_the_floor_of_removals_is_half_a_minute_each() -> None:
    works = [deletes(f"shop-{n}", 1, 1).work for n in range(1000)]
    assert floor(works) == Floor(29_970, "DeleteRestApi", 1000)


def test_large_apis_are_bound_by_all_calls_together() -> None:
    calls = 10 * (3 + 20 * 5 + 7)
    works = [creates(f"shop-{n}", 20, 1).work for n in range(10)]
    assert floor(works) == Floor((calls - 40) / 10, ALL, calls)


def test_accounts_and_regions_go_side_by_side() -> None:
    changes = [("aws_api_gateway_deployment.shop_dev", "create")]
    works = [
        work_of(f"shop-{n}", Domain(HERE.account, f"region-{n % 2}"), changes) for n in range(20)
    ]
    assert floor(works) == Floor(45, "CreateDeployment", 10)


def test_no_work_has_no_floor() -> None:
    assert floor([]) == Floor(0, "", 0)
