"""A REST API in the embedded cloud becomes a blueprint, and its stack takes it over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.openapi.made_by_hand import FUNCTION, ByHand, make_prices
from tests.support.project import Project, make_project

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]
STACK = "prices-local"
BLUEPRINT = {
    "blueprint": 1,
    "name": "prices",
    "stages": {
        "live": {
            "environment": "local",
            "description": "What customers use.",
            "variables": {"currency": "EUR"},
        }
    },
    "apis": {
        "prices": {
            "description": "Prices of pets.",
            "cors": {"origins": ["*"], "max_age": "600s"},
            "routes": {
                "GET /prices": {"http": "https://prices.example.com/v1"},
                "GET /prices/{pet}": {"lambda_arn": FUNCTION},
                "GET /health": {
                    "mock": {"status": 200, "body": '{"status": "ok"}'},
                    "auth": "none",
                    "public": "imported: the description lets everybody in; "
                    "decide whether it should",
                },
            },
        }
    },
}
# None of these exists: a deployment cannot be taken over, and the others nobody has made yet.
MADE = {
    "aws_api_gateway_deployment",
    "aws_api_gateway_gateway_response",
    "aws_api_gateway_method_settings",
    "aws_lambda_permission",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    project = make_project(tmp_path_factory.mktemp("project"))
    (project.root / "blueprints" / "orders.yaml").unlink()
    project.gateprint("local", "start")
    yield project
    project.gateprint("local", "stop")


@pytest.fixture(scope="module")
def prices(project: Project) -> ByHand:
    """The API, imported: its blueprint is in the project, and the import blocks beside it."""
    api = make_prices(project.client("apigateway"))
    words = ("--environment", "local", "--name", "prices", "--out", "blueprints/prices.yaml")
    project.gateprint("import", "aws", api.id, *words, "--imports", "imports.tf.json")
    return api


def test_the_blueprint_says_what_the_account_holds(project: Project, prices: ByHand):
    project.gateprint("validate", "--environment", "local")
    assert project.read("prices") == BLUEPRINT


def test_its_stack_makes_nothing_that_exists(project: Project, prices: ByHand):
    changes = list(_planned(project))
    made = {each["address"].split(".")[0] for each in changes if "create" in _actions(each)}
    assert made == MADE
    assert not [each["address"] for each in changes if "delete" in _actions(each)]
    blocks = json.loads((project.root / "imports.tf.json").read_text())["import"]
    taken = {each["address"]: each["change"].get("importing") for each in changes}
    assert {each["to"]: {"id": each["id"]} for each in blocks} == {
        address: importing for address, importing in taken.items() if importing
    }
    assert {_prefix(each) for each in taken if not taken[each]} == MADE


def _actions(change: dict[str, Any]) -> list[str]:
    actions: list[str] = change["change"]["actions"]
    return actions


def _prefix(address: str) -> str:
    return address.partition(".")[0]


def _planned(project: Project) -> Iterator[dict[str, Any]]:
    with project.made_quick(STACK) as quick:
        text = (project.root / "imports.tf.json").read_text()
        (quick.stack(STACK) / "imports.tf.json").write_text(text)
        done = quick.terraform(STACK, "plan", "-out=plan", "-input=false", "-lock=false")
        assert done.code == 0, done.output
        shown = quick.terraform(STACK, "show", "-json", "plan")
        yield from json.loads(shown.output)["resource_changes"]


def test_the_embedded_cloud_imports_an_export_as_far_as_it_can(project: Project):
    """Moto keeps paths, methods and integrations, and nothing of authorization."""
    text = project.gateprint(
        "export", "pets", "--environment", "local", "--for", "api-gateway", "--format", "json"
    )
    client = project.client("apigateway")
    made = client.import_rest_api(body=text.encode(), failOnWarnings=True)
    document = json.loads(text)
    found = client.get_resources(restApiId=made["id"], embed=["methods"])["items"]
    held = {
        (each["path"], verb): method["methodIntegration"]["type"]
        for each in found
        for verb, method in each.get("resourceMethods", {}).items()
    }
    assert held == {
        (path, verb.upper()): operation["x-amazon-apigateway-integration"]["type"]
        for path, item in document["paths"].items()
        for verb, operation in item.items()
    }


def test_an_id_of_no_api_is_said_so(project: Project):
    done = project.run(
        *(".venv/bin/python", "-m", "gateprint", "import", "aws", "nothing123"),
        *("--environment", "local"),
    )
    assert done.code == 4
    assert "there is no REST API nothing123 in account 000000000000, us-east-2" in done.output
