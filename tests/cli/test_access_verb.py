"""`access`: the matrix as a table, as JSON and as Markdown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.support.golden import assert_golden

GOLDEN = Path(__file__).parents[1] / "golden"


def test_golden_table_is_for_people(cli: Cli) -> None:
    ran = cli("access", "--environment", "prod")
    assert (ran.code, ran.err) == (0, "")
    assert_golden(GOLDEN / "access-prod.txt", ran.out)


def test_without_an_environment_all_that_the_stages_name_are_shown(cli: Cli) -> None:
    out = cli("access").out
    assert [line for line in out.splitlines() if " in " in line] == [
        "orders in nonprod",
        "orders in prod",
        "pets in nonprod",
        "pets in prod",
    ]


def test_the_embedded_cloud_has_every_stage(cli: Cli) -> None:
    lines = cli("access", "--environment", "local").out.splitlines()
    heads = [line.split() for line in lines if "may call" in line]
    assert heads == [["role", "may", "call", "dev", "test", "prod"]] * 2


def test_json_has_the_documented_shape(cli: Cli) -> None:
    ran = cli("access", "--environment", "prod", "--format", "json")
    data = json.loads(ran.out)
    assert (ran.code, data["environment"], len(data["rows"])) == (0, "prod", 4 * 16 + 2 * 3)
    assert data["rows"][-1] == {
        "blueprint": "pets",
        "api": "pets",
        "stage": "prod",
        "route": "GET /pets/{id}",
        "auth": "iam",
        "role": "pets-auditor",
        "decision": "allow",
    }


def test_json_without_an_environment_says_so(cli: Cli) -> None:
    data = json.loads(cli("access", "--format", "json").out)
    assert data["environment"] is None
    assert len(data["rows"]) == 3 * (4 * 16 + 2 * 3)


def test_markdown_is_a_table(cli: Cli) -> None:
    lines = cli("access", "--environment", "prod", "--format", "markdown").out.splitlines()
    assert lines[:3] == [
        "| blueprint | api | stage | route | auth | role | decision |",
        "|---|---|---|---|---|---|---|",
        "| `orders` | `orders` | `prod` | `GET /health` | `none` | `orders-shop` | `allow` |",
    ]
    assert len(lines) == 2 + 4 * 16 + 2 * 3


def test_several_apis_are_told_apart(cli: Cli, project: Path) -> None:
    (project / "blueprints/pets.yaml").write_text(
        "blueprint: 1\nname: pets\nstages: {dev: {environment: nonprod}}\n"
        "apis:\n"
        "  cats: {routes: {GET /: {mock: {status: 200}}}}\n"
        "  dogs: {routes: {GET /: {mock: {status: 200}}}}\n"
        "roles:\n  reader:\n    identity_provider: auth0\n"
        "    allow: [{api: cats, stages: all, routes: all}]\n"
    )
    out = cli("access").out
    assert "reader   cats: GET /   yes" in out
    assert "dogs: GET /   -" in out


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_a_rejected_input_is_explained_on_stderr(cli: Cli, project: Path, form: str) -> None:
    (project / "blueprints/pets.yaml").write_text("name: [\n")
    ran = cli("access", "--format", form)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith("1 problem\n")
