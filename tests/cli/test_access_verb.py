"""`access`: the matrix and what no grant explains, as a table, as JSON and as Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateprint.access.matrix import Access, PublicRoute, Row
from gateprint.access.overreach import Reached
from gateprint.cli.matrices import access_markdown
from gateprint.cli.sheet import sheet_of
from gateprint.cli.tables import access_tables
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


def test_json_sets_public_routes_apart(cli: Cli) -> None:
    data = json.loads(cli("access", "--environment", "prod", "--format", "json").out)
    assert [each["route"] for each in data["public"]] == [
        "GET /health",
        "GET /terms/{document+}",
        "GET /pets",
    ]
    assert data["public"][-1] == {
        "environment": "prod",
        "blueprint": "pets",
        "api": "pets",
        "stage": "prod",
        "route": "GET /pets",
        "reason": "the catalogue is open to visitors",
    }


def test_json_sets_overreach_apart(cli: Cli) -> None:
    data = json.loads(cli("access", "--environment", "prod", "--format", "json").out)
    assert [(each["role"], each["is_denied"]) for each in data["overreach"]] == [
        ("orders-warehouse", True),
        ("orders-warehouse", True),
        ("pets-auditor", False),
        ("pets-auditor", False),
    ]
    assert data["overreach"][2] == {
        "environment": "prod",
        "blueprint": "orders",
        "api": "orders",
        "stage": "prod",
        "route": "GET /orders/{order}/shipments/{shipment}",
        "role": "pets-auditor",
        "by": ["GET /orders/{order}", "GET /orders/{order}/lines"],
        "is_denied": False,
        "reason": "accepted because parcels tell an auditor nothing that the order does not",
    }


def test_golden_markdown_is_a_table_and_what_stands_apart(cli: Cli) -> None:
    out = cli("access", "--environment", "prod", "--format", "markdown").out
    rows = out.split("\n\n")[0].splitlines()
    assert rows[:3] == [
        "| blueprint | api | stage | route | auth | role | decision |",
        "|---|---|---|---|---|---|---|",
        "| `orders` | `orders` | `prod` | `GET /health` | `none` | `orders-shop` | `allow` |",
    ]
    assert len(rows) == 2 + 4 * 16 + 2 * 3
    assert_golden(GOLDEN / "access-prod.md", out)


def access(*rows: Row, public: str = "", reached: Sequence[Reached] = ()) -> Access:
    routes = (PublicRoute("pets", "pets", "dev", "GET /", public),) if public else ()
    return Access("pets", "nonprod", rows, routes, tuple(reached))


def test_a_reason_is_no_markdown_and_no_html() -> None:
    found = access(public="a | b `c` <script> [x](y) *z* &lt; \\ \u202e")
    assert (
        "a \\| b \\`c\\` \\<script\\> \\[x\\](y) \\*z\\* \\&lt; \\\\ \\\\u202e"
        in access_markdown([found])
    )


def row(stage: str, role: str = "reader", route: str = "GET /pets") -> Row:
    return Row("pets", "pets", stage, route, "iam", role, "allow")


def reached(stage: str, *, is_denied: bool) -> Reached:
    reason = "" if is_denied else "accepted because all may see it"
    place = ("pets", "pets", stage, "GET /pets", "reader")
    return Reached(*place, ("GET /{id}",), is_denied, reason)


@pytest.mark.parametrize(
    ("found", "mark"),
    [((), "yes"), ((reached("dev", is_denied=False),), "reach")],
)
def test_a_legend_stands_below_the_table_where_a_mark_needs_one(
    found: tuple[Reached, ...], mark: str
) -> None:
    tables = list(access_tables(sheet_of(access(row("dev"), reached=found)), 80))
    assert tables[0].splitlines()[2] == f" reader   GET /pets   {mark}"
    assert ("reach: allowed, though not granted" in tables[0]) == bool(found)
    assert "denied:" not in tables[0]


def test_overreach_is_told_per_role_with_the_reason_above() -> None:
    found = [reached("dev", is_denied=False), reached("test", is_denied=False)]
    rows = [row("dev"), row("test"), row("prod")]
    matrix, apart = access_tables(
        sheet_of(access(*rows, reached=[*found, reached("prod", is_denied=True)])), 80
    )
    assert matrix.splitlines()[2] == " reader   GET /pets   reach   reach   denied"
    assert apart.splitlines()[2:] == [
        " reader   reach: accepted because all may see it",
        "          GET /pets                                dev, test",
        "            through GET /{id}",
        " reader   denied: an explicit Deny closes it",
        "          GET /pets                                prod",
        "            through GET /{id}",
    ]


def test_many_stages_become_one_column_rather_than_leave_the_routes_no_room() -> None:
    stages = [f"stage-{number}" for number in range(6)]
    route = "GET /orders/{order}/lines/{line}"
    (table,) = access_tables(sheet_of(access(*(row(each, route=route) for each in stages))), 80)
    assert table.splitlines() == [
        " role     may call                           on stages",
        " " + "─" * 79,
        " reader   GET /orders/{order}/lines/{line}   yes: stage-0, stage-1, stage-2,",
        "                                             stage-3, stage-4, stage-5",
    ]


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


@pytest.mark.parametrize("form", ["table", "json", "markdown", "html"])
def test_a_rejected_input_is_explained_on_stderr(cli: Cli, project: Path, form: str) -> None:
    (project / "blueprints/pets.yaml").write_text("name: [\n")
    ran = cli("access", "--format", form)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith("1 problem\n")
