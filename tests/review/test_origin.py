"""Every resource of a stack, and every change of one, leads to a line of a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from gateprint.model import source
from gateprint.model.document import Document
from gateprint.review.origin import Origins
from gateprint.stack.origin import account_origins, origins_of
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places
from tests.support.project import ROOT
from tests.terraform.plans.documents import change, plan

GOLDEN = ROOT / "tests" / "golden"
STACKS = ("orders-nonprod", "orders-prod", "pets-nonprod", "pets-prod")
ACCOUNTS = ("account-nonprod", "account-prod")
FILE = """\
blueprint: 1
name: pets
owner: us
stages:
  dev:
    environment: nonprod
    throttle: {rate: 1, burst: 1}
apis:
  pets:
    routes:
      GET /pets: {function: get}
functions:
  get:
    source: pets
    memory_mib: 256
roles:
  reader:
    max_session: 2h
    when: {mail: [a]}
    allow: []
"""
ENVIRONMENT = "environment: nonprod\ntags: {cost-center: shop}\n"
PATHS: Mapping[str, Any] = {
    "aws_api_gateway_rest_api.pets": ("apis", "pets"),
    "aws_api_gateway_deployment.pets_dev": ("apis", "pets"),
    "aws_api_gateway_stage.pets_dev": ("stages", "dev"),
    "aws_api_gateway_method_settings.pets_dev": ("stages", "dev"),
    "aws_lambda_function.get": ("functions", "get"),
    "aws_iam_role.reader": ("roles", "reader"),
    "aws_iam_role_policy.reader": ("roles", "reader", "allow"),
}


@cache
def inputs() -> Inputs:
    return load(Places(ROOT, ROOT / "blueprints", ROOT / "config", ROOT / "lambdas"))


def addresses(stack: str) -> set[str]:
    found = json.loads((GOLDEN / f"{stack}.tf.json").read_text(encoding="utf-8"))["resource"]
    return {f"{kind}.{name}" for kind, of in found.items() for name in of}


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_of_an_example_comes_from_a_line(stack: str):
    blueprint = next(each for each in inputs().blueprints if each.stack == stack)
    document, origins = inputs().documents[blueprint.name], origins_of(blueprint)
    assert addresses(stack) - origins.keys() == set()
    for each in addresses(stack):
        path = origins[each]
        # A field that is left out leads to what it would be in.
        assert document.get(*path[:2]) is not None, (each, path)
        assert document.locate(path, key=True).line > 1


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_every_resource_of_an_account_comes_from_a_line(stack: str):
    environment = next(each for each in inputs().environments if each.account_stack == stack)
    assert addresses(stack) == account_origins(environment).keys()


def origins(text: str = FILE) -> Origins:
    document: Document = source.read("blueprints/pets.yaml", text)
    return Origins(PATHS, document, source.read("config/nonprod.yaml", ENVIRONMENT))


def updated(address: str, **values: tuple[Any, Any]) -> dict[str, Any]:
    before = {name: pair[0] for name, pair in values.items()}
    after = {name: pair[1] for name, pair in values.items()}
    return change(address, ("update",), before=before, after=after)


RATES = [{"throttling_rate_limit": 1}], [{"throttling_rate_limit": 2}]
CONDITIONS = (
    json.dumps({"Statement": [{"Condition": "a"}]}),
    json.dumps({"Statement": [{"Condition": "b"}]}),
)
CASES: dict[str, tuple[dict[str, Any], str, int]] = {
    "a throttle": (
        updated("aws_api_gateway_method_settings.pets_dev", settings=RATES),
        "blueprints/pets.yaml",
        7,
    ),
    "a stage that is published anew": (
        updated("aws_api_gateway_stage.pets_dev", deployment_id=("a", "b")),
        "blueprints/pets.yaml",
        9,
    ),
    "who may assume a role": (
        updated("aws_iam_role.reader", assume_role_policy=CONDITIONS),
        "blueprints/pets.yaml",
        19,
    ),
    "a session": (
        updated("aws_iam_role.reader", max_session_duration=(3600, 7200)),
        "blueprints/pets.yaml",
        18,
    ),
    "a policy": (
        updated("aws_iam_role_policy.reader", policy=("a", "b")),
        "blueprints/pets.yaml",
        20,
    ),
    "memory": (
        updated("aws_lambda_function.get", memory_size=(128, 256)),
        "blueprints/pets.yaml",
        15,
    ),
    "code": (
        updated("aws_lambda_function.get", source_code_hash=("a", "b")),
        "blueprints/pets.yaml",
        14,
    ),
    "a tag of the environment": (
        updated("aws_iam_role.reader", tags_all=({}, {"cost-center": "shop"})),
        "config/nonprod.yaml",
        2,
    ),
    "the owner": (
        updated("aws_iam_role.reader", tags_all=({}, {"gateprint:owner": "us"})),
        "blueprints/pets.yaml",
        3,
    ),
    "a route that is gone": (
        change("aws_api_gateway_method.pets_post_pets", ("delete",), before={}),
        "blueprints/pets.yaml",
        9,
    ),
    "a role that is gone": (
        change("aws_iam_role.writer", ("delete",), before={}),
        "blueprints/pets.yaml",
        16,
    ),
    "a stage that is gone": (
        change("aws_api_gateway_method_settings.pets_test", ("delete",), before={}),
        "blueprints/pets.yaml",
        4,
    ),
    "the access log of a stage that is gone": (
        change("aws_cloudwatch_log_group.pets_test--access", ("delete",), before={}),
        "blueprints/pets.yaml",
        4,
    ),
    "a function that is gone": (
        change("aws_lambda_function.post", ("delete",), before={}),
        "blueprints/pets.yaml",
        12,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_leads_to_the_line_that_it_comes_from(name: str):
    planned, path, line = CASES[name]
    where = origins().locate(plan(planned).changes[0])
    assert where is not None
    assert (where.path, where.line) == (path, line)


def test_what_a_retired_blueprint_had_leads_to_why_it_is_retired():
    retired = "blueprint: 1\nname: pets\nretired: {reason: no pets, by: us}\n"
    where = origins(retired).locate(plan(CASES["a role that is gone"][0]).changes[0])
    assert where is not None
    assert where.line == 3


def test_without_a_file_there_is_no_line():
    assert Origins(PATHS).locate(plan(CASES["a session"][0]).changes[0]) is None
