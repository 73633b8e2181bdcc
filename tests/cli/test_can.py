"""`gateprint can` and `who-can`: sentences, JSON, exit codes, and wrong questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, Ran

KEYS = {
    *("role", "stage", "request", "decision", "statement"),
    *("environment", "blueprint", "api", "route", "public", "token", "keys_of", "place"),
}


def json_of(ran: Ran) -> dict[str, object]:
    found: dict[str, object] = json.loads(ran.out)
    return found


def test_an_allowed_request_names_statement_and_line(cli: Cli) -> None:
    ran = cli("can", "orders-desk", "prod", "GET /orders/7")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "orders-desk may call GET /orders/7 on prod of orders (prod)"
    assert "  decided by   Allow in api-gateway-policy, statement 1 (invoke)" in lines
    granted = Path("blueprints/orders.yaml").read_text().splitlines()
    place = next(line.split()[-1] for line in lines if "stated at" in line)
    path, line, column = place.split(":")
    assert path == "blueprints/orders.yaml"
    assert granted[int(line) - 1][int(column) - 1 :] == "GET /orders/{order}"


def test_the_json_has_these_keys_and_no_others(cli: Cli) -> None:
    found = json_of(cli("can", "orders-desk", "prod", "GET /orders/7", "--format", "json"))
    assert set(found) == KEYS
    assert found["decision"] == "allow"
    assert found["statement"] == {
        "policy": "api-gateway-policy",
        "number": 1,
        "sid": "invoke",
        "effect": "Allow",
        "resource": "arn:aws:execute-api:us-east-2:210987654321:orders/prod/GET/orders/*",
    }
    assert (found["environment"], found["blueprint"], found["api"]) == ("prod", "orders", "orders")
    assert (found["route"], found["public"]) == ("GET /orders/{order}", None)


def test_a_denied_request_exits_with_3_and_says_what_is_near(cli: Cli) -> None:
    ran = cli("can", "orders-desk", "prod", "POST /orders")
    assert ran.code == 3
    assert ran.out.startswith("orders-desk may not call POST /orders on prod of orders (prod)\n")
    assert "on this path it is granted GET /orders" in ran.out
    found = json_of(cli("can", "orders-desk", "prod", "POST /orders", "--format", "json"))
    assert set(found) == KEYS
    assert (found["decision"], found["statement"], found["place"]) == ("implicit-deny", None, None)


def test_a_denied_overreach_names_its_line(cli: Cli) -> None:
    ran = cli("can", "orders-warehouse", "prod", "GET /orders/7/invoices/2", "--format", "json")
    assert ran.code == 3
    found = json_of(ran)
    assert found["decision"] == "explicit-deny"
    place = found["place"]
    assert isinstance(place, dict)
    line = Path("blueprints/orders.yaml").read_text().splitlines()[place["line"] - 1]
    assert "overreach: deny" in line


def test_an_accepted_overreach_is_said(cli: Cli) -> None:
    ran = cli("can", "pets-auditor", "prod", "GET /orders/7/shipments/1")
    assert ran.code == 0
    assert "is not granted, but" in ran.out
    assert "api-gateway-policy-orders" in ran.out


def test_where_no_route_answers_the_answer_is_no(cli: Cli) -> None:
    ran = cli("can", "orders-desk", "prod", "GET /orders/7/a")
    assert ran.code == 3
    assert "Missing Authentication" in ran.out
    assert "IAM alone would let it through" in " ".join(ran.out.split())
    found = json_of(cli("can", "orders-desk", "prod", "GET /nowhere", "--format", "json"))
    assert set(found) == KEYS
    assert (found["decision"], found["route"]) == ("implicit-deny", None)


def test_a_public_route_is_open_to_every_role(cli: Cli) -> None:
    ran = cli("can", "orders-desk", "prod", "GET /pets")
    assert ran.code == 0
    assert "nobody is checked: the catalogue is open to visitors" in ran.out
    assert cli("can", "orders-desk", "prod", "OPTIONS /pets").code == 0


def test_a_private_api_says_how_it_is_asked(cli: Cli) -> None:
    path = Path("blueprints/pets.yaml")
    private = "endpoint: private\n    vpc_endpoints: [vpce-0123456789abcdef0]"
    path.write_text(path.read_text().replace("endpoint: regional", private, 1))
    for request in ("GET /pets", "GET /pets/7", "OPTIONS /pets"):
        ran = cli("can", "pets-auditor", "prod", request)
        assert ran.code == 0
        assert "through VPC endpoint vpce-0123456789abcdef0" in ran.out
    ran = cli("can", "pets-auditor", "prod", "GET /pets", "--format", "json")
    statement = json_of(ran)["statement"]
    assert isinstance(statement, dict)
    assert statement["policy"] == "resource policy of pets"
    assert "note: asked as through" in ran.err


def test_a_role_of_many_routes_is_allowed_by_its_managed_policies_as_well(cli: Cli) -> None:
    routes = "".join(
        f"      GET /{'a' * 40}-{each}: {{function: get_pet}}\n" for each in range(99, 299)
    )
    path = Path("blueprints/pets.yaml")
    text = path.read_text().replace("      GET /pets/{id}:\n", f"{routes}      GET /pets/{{id}}:\n")
    path.write_text(text.replace('routes: [POST /pets, "GET /pets/{id}"]', "routes: all"))
    ran = cli("can", "auth0-api-role", "prod", f"GET /{'a' * 40}-298", "--format", "json")
    assert ran.code == 0, ran.err
    statement = json_of(ran)["statement"]
    assert isinstance(statement, dict)
    assert statement["policy"] == "pets.auth0-api-role.3"


def test_a_rehearsal_has_every_stage(cli: Cli) -> None:
    ran = cli("can", "pets-auditor", "prod", "GET /pets/7", "--environment", "local")
    assert ran.out.startswith("pets-auditor may call GET /pets/7 on prod of pets (local)\n")


def test_who_can_lists_the_roles_and_counts_the_others(cli: Cli) -> None:
    ran = cli("who-can", "prod", "GET /orders/7")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "3 roles may call GET /orders/7 on prod of orders (prod)"
    names = ["orders-desk", "orders-shop", "orders-warehouse", "pets-auditor"]
    assert [
        line.split()[0] for line in lines if line.startswith("  o") or "pets-a" in line
    ] == names
    assert "  1 other role: implicit-deny" in lines
    assert all(len(line) <= 80 for line in lines)


def test_who_can_as_json_has_those_who_may(cli: Cli) -> None:
    found = json.loads(cli("who-can", "prod", "GET /orders/7", "--format", "json").out)
    keys = {"stage", "request", "environment", "api", "route", "public", "token"}
    keys |= {"keys_of", "roles"}
    assert set(found) == keys
    assert [each["role"] for each in found["roles"]] == [
        *("orders-desk", "orders-warehouse", "pets-auditor")
    ]
    assert all(set(each) == KEYS and each["decision"] == "allow" for each in found["roles"])


def test_who_can_says_that_everybody_may(cli: Cli) -> None:
    assert cli("who-can", "prod", "GET /pets").out.startswith("everybody may call GET /pets")
    found = json.loads(cli("who-can", "prod", "GET /pets", "--format", "json").out)
    assert found["everyone"] == found["public"] == "the catalogue is open to visitors"
    assert len(found["roles"]) == 5


def test_who_can_is_a_question_that_nobody_may_answers_as_well(cli: Cli) -> None:
    ran = cli("who-can", "dev", "GET /nowhere", "--api", "pets")
    assert ran.code == 0
    assert ran.out.startswith("nobody may call GET /nowhere on dev of pets (nonprod)")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("can", "orders-dest", "prod", "GET /orders"), "did you mean orders-desk?"),
        (("can", "orders-desk", "prdo", "GET /orders"), "did you mean prod?"),
        (("can", "orders-desk", "prod", "GET /orders", "--api", "order"), "did you mean orders?"),
        (("can", "orders-desk", "prod", "get /orders"), 'write "GET /orders"'),
        (("who-can", "prod", "GET /orders?a=b"), 'write "GET /orders"'),
        (("who-can", "prod", "GET /orders/%37"), "AWS does not document"),
        (("can", "orders-desk", "dev", "GET /a", "--environment", "prod"), "use prod"),
    ],
)
def test_a_wrong_question_is_a_wrong_command_line(
    cli: Cli, arguments: tuple[str, ...], said: str
) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_several_apis_that_answer_have_to_be_told_apart(cli: Cli) -> None:
    path = Path("blueprints/pets.yaml")
    path.write_text(path.read_text().replace("GET /pets/{id}", "GET /orders/{id}"))
    ran = cli("can", "pets-auditor", "prod", "GET /orders/7")
    assert (ran.code, ran.out) == (2, "")
    assert "add --api NAME: orders (prod), pets (prod)" in ran.err
    assert cli("can", "pets-auditor", "prod", "GET /orders/7", "--api", "pets").code == 0


def test_a_wrong_blueprint_is_rejected_first(cli: Cli) -> None:
    Path("blueprints/pets.yaml").write_text("blueprint: 2\n")
    assert cli("can", "pets-auditor", "prod", "GET /pets/7").code == 1
    assert cli("who-can", "prod", "GET /pets/7").code == 1


def test_an_embedded_cloud_that_does_not_run_is_a_tool_that_failed(cli: Cli) -> None:
    path = Path("config/local.yaml")
    path.write_text(path.read_text().replace("127.0.0.1:4599", "127.0.0.1:9"))
    arguments = ("can", "pets-auditor", "prod", "GET /pets/7", "--environment", "local")
    ran = cli(*arguments, "--deployed")
    assert (ran.code, ran.out) == (4, "")
    assert "gateprint local start --environment local" in ran.err
