"""What an exported document says of a blueprint."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gateprint.openapi.audience import tailored
from gateprint.openapi.extension import route_extension
from gateprint.openapi.operations import operation_of
from gateprint.stack.publish import EVENT_TEMPLATE
from gateprint.stack.published import Integration, Method
from tests.model.made import SMALL, blueprint_of, edited, rejected, resolved_of
from tests.openapi.written import URI, exported, imported, written_again

TWO = edited(
    SMALL,
    {
        "functions:\n": """\
  cats:
    routes:
      GET /cats: {function: list_cats}
      GET /health: {mock: {status: 200}, auth: none, public: for monitors}
functions:
  list_cats: {source: pets, handler: app.list_pets}
""",
        "      - {stages: all, routes: all}": """\
      - {api: pets, stages: all, routes: all}
      - {api: cats, stages: all, routes: [GET /cats]}
  cats-reader:
    identity_provider: auth0
    allow: [{api: cats, stages: all, routes: all}]""",
    },
)
PRIVATE = edited(
    SMALL,
    {"    routes:": "    endpoint: private\n    vpc_endpoints: [vpce-0123456789a]\n    routes:"},
)


MAPPED = "{source: pets, handler: app.list_pets, proxy: false}"


def operations_of(document: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{verb} {path}": operation
        for path, item in document["paths"].items()
        for verb, operation in item.items()
    }


def test_of_several_apis_one_is_exported_with_what_concerns_it():
    _, after = written_again(imported(exported(TWO, api="pets")))
    assert (list(after.apis), list(after.functions), list(after.roles)) == (
        ["pets"],
        ["get_pet"],
        ["pets-reader"],
    )
    assert [each.api for each in after.roles["pets-reader"].allow] == ["pets"]
    assert list(written_again(imported(exported(TWO, api="cats")))[1].roles) == [
        "pets-reader",
        "cats-reader",
    ]


def test_only_a_public_route_asks_for_no_signature():
    found = operations_of(exported(TWO, api="cats"))
    assert {key: each["security"] for key, each in found.items()} == {
        "get /cats": [{"sigv4": []}],
        "get /health": [],
    }


def test_a_private_api_has_its_doors_and_its_policy():
    document = exported(PRIVATE)
    (server,) = document["servers"]
    doors = {"vpcEndpointIds": ["vpce-0123456789a"]}
    assert server["x-amazon-apigateway-endpoint-configuration"] == doors
    assert document["x-amazon-apigateway-policy"]["Statement"][0]["Effect"] == "Deny"
    assert written_again(imported(document))[1] == blueprint_of(PRIVATE)[1]


def test_a_way_to_check_callers_that_is_not_known_lets_nobody_in_either_way():
    method = Method(
        "GET", ("pets",), "CUSTOM", Integration("AWS_PROXY", uri=URI, http_method="POST")
    )
    operation = operation_of(resolved_of(SMALL), "pets", method, "3.1")
    assert operation["security"] == [{"custom": []}]
    document = exported(SMALL)
    document["paths"] = {"/pets/{id}": {"get": operation}}
    assert "checked by custom" in rejected(imported, document)[0].problem


def test_a_field_of_a_route_that_openapi_cannot_say_is_carried_by_the_extension():
    assert route_extension({"http": "x", "auth": "none", "later": {"a": "1"}}) == {
        "later": {"a": "1"}
    }
    document = exported(SMALL)
    operation = document["paths"]["/pets/{id}"]["get"]
    operation["x-gateprint"] |= {"later": ["a"], "auth": "none", "mock": {"status": 200}}
    draft = imported(document)
    route = draft.blueprint["apis"]["pets"]["routes"]["GET /pets/{id}"]
    assert route == {"function": "get_pet", "later": ["a"]}


def test_what_was_changed_in_the_document_is_changed_in_the_blueprint():
    document = exported(SMALL)
    item = document["paths"]["/pets/{id}"]
    item["delete"] = copy.deepcopy(item["get"]) | {"description": "Gives a pet away."}
    item["get"]["security"] = []
    routes = imported(document).blueprint["apis"]["pets"]["routes"]
    assert list(routes) == ["GET /pets/{id}", "DELETE /pets/{id}"]
    assert routes["GET /pets/{id}"]["auth"] == "none"
    assert routes["DELETE /pets/{id}"] == {
        "description": "Gives a pet away.",
        "function": "get_pet",
    }


@pytest.mark.parametrize(("name", "kind"), [("get_pet", "aws"), ("list_pets", "aws_proxy")])
def test_a_function_is_called_as_the_blueprint_declares_it_or_refused(name: str, kind: str):
    text = edited(SMALL, {"functions:\n": f"functions:\n  list_pets: {MAPPED}\n"})
    document = exported(edited(text, {"{function: get_pet}": f"{{function: {name}}}"}))
    integration = document["paths"]["/pets/{id}"]["get"]["x-amazon-apigateway-integration"]
    integration |= {"type": kind, "requestTemplates": {"application/json": EVENT_TEMPLATE}}
    (problem,) = rejected(imported, document)
    assert problem.code == "not-expressible"


def test_routes_come_back_in_their_order_though_paths_are_grouped():
    keys = ["GET /a", "GET /b", "ANY /a", "POST /b", "DELETE /a"]
    mock = "{mock: {status: 200}}"
    text = edited(SMALL, {"GET /pets/{id}: {function: get_pet}": f"{keys[0]}: {mock}"})
    more = "".join(f"      {key}: {mock}\n" for key in keys[1:])
    text = edited(text, {"functions:\n": f"{more}functions:\n"})
    assert list(imported(exported(text)).blueprint["apis"]["pets"]["routes"]) == keys


def test_readers_of_a_private_api_see_nothing_of_its_policy():
    said = str(tailored(exported(PRIVATE), "readers"))
    assert "vpce-" not in said
    assert "Statement" not in said


def test_the_same_blueprint_gives_the_same_document():
    assert exported(TWO) == exported(TWO)
    assert list(operations_of(exported(TWO, api="cats"))) == ["get /cats", "get /health"]
