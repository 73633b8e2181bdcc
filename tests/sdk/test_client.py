"""A client knows what its role may call, and what is open; and calls it as every other client."""

from __future__ import annotations

import pytest

from tests.sdk.made import Given, blueprint, client, role, route

PETS = blueprint(
    [
        route("GET /pets", Given("none", "the catalogue is open")),
        route("POST /pets"),
        route("GET /pets/{id}"),
        route("GET /pets/by-id"),
        route("GET /orders", Given("jwt")),
    ],
    role("keeper", dev=["POST /pets", "GET /pets/{id}", "GET /pets/by-id"], prod=["POST /pets"]),
    role("reader", prod=["GET /pets/by-id"]),
    role("nobody"),
)


@pytest.mark.parametrize(
    ("name", "stage", "routes"),
    [
        ("keeper", "dev", ["GET /pets", "POST /pets", "GET /pets/{id}", "GET /pets/by-id"]),
        ("keeper", "prod", ["GET /pets", "POST /pets"]),
        ("reader", "dev", ["GET /pets"]),
        ("reader", "prod", ["GET /pets", "GET /pets/by-id"]),
        ("nobody", "prod", ["GET /pets"]),
    ],
)
def test_a_role_has_what_the_matrix_allows_on_the_stage(name: str, stage: str, routes: list[str]):
    assert [each.route for each in client(PETS, stage, name).operations] == routes


def test_without_a_role_all_routes_are_there():
    found = client(PETS).operations
    assert [(each.route, each.signing) for each in found] == [
        ("GET /pets", "open"),
        ("POST /pets", "signed"),
        ("GET /pets/{id}", "signed"),
        ("GET /pets/by-id", "signed"),
        ("GET /orders", "token"),
    ]
    assert found[-1].note.startswith("Not signed: it asks for a token (jwt)")


def test_a_method_is_called_the_same_in_every_roles_client():
    """Otherwise whoever gets another role would call another route by the same name."""
    whole = {each.route: each.javascript for each in client(PETS).operations}
    of_reader = {each.route: each.javascript for each in client(PETS, role="reader").operations}
    assert whole["GET /pets/by-id"] == of_reader["GET /pets/by-id"] == "getPetsById2"


def test_an_accepted_overreach_is_there_because_the_role_may_call_it():
    from gateprint.model.resolved import Grant, Role  # noqa: PLC0415

    reaching = Role("r", (Grant("shop", ("prod",), ("GET /pets/{id}",), "accepted because"),))
    whole = blueprint(map(route, ["GET /pets/{id}", "GET /pets/{id}/owner"]), reaching)
    assert [each.route for each in client(whole, role="r").operations] == [
        "GET /pets/{id}",
        "GET /pets/{id}/owner",
    ]


def test_any_leaves_out_the_methods_that_are_routes_of_their_own():
    keys = ["ANY /pets", "GET /pets", "DELETE /pets"]
    found = client(blueprint(map(route, keys))).operations[0]
    assert found.methods == ("POST", "PUT", "PATCH", "HEAD")


@pytest.mark.parametrize(
    ("key", "takes_body"),
    [("GET /a", False), ("HEAD /a", False), ("DELETE /a", True), ("ANY /a", True)],
)
def test_only_methods_that_may_have_a_body_take_one(key: str, *, takes_body: bool):
    assert client(blueprint([route(key)])).operations[0].takes_body is takes_body
