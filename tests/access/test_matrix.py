"""The access matrix: one row for every role, stage and route."""

from __future__ import annotations

from gateprint.access.matrix import PublicRoute, matrix, public_routes
from tests.access.shapes import grant, shape
from tests.model.made import ROOT, resolved_of

PETS = (ROOT / "blueprints/pets.yaml").read_text(encoding="utf-8")


def decisions(*arguments: object) -> list[str]:
    _, whole = shape(*arguments)  # type: ignore[arg-type]
    return [f"{row.api} {row.stage} {row.route}: {row.decision}" for row in matrix(whole)]


def test_the_matrix_of_the_pets_blueprint() -> None:
    rows = [
        (row.role, row.stage, row.route, row.auth, row.decision)
        for row in matrix(resolved_of(PETS))
        if row.stage == "dev"
    ]
    assert rows == [
        ("auth0-api-role", "dev", "GET /pets", "none", "allow"),
        ("auth0-api-role", "dev", "POST /pets", "iam", "allow"),
        ("auth0-api-role", "dev", "GET /pets/{id}", "iam", "allow"),
        ("pets-auditor", "dev", "GET /pets", "none", "allow"),
        ("pets-auditor", "dev", "POST /pets", "iam", "deny"),
        ("pets-auditor", "dev", "GET /pets/{id}", "iam", "deny"),
    ]


def test_every_role_stage_and_route_has_one_row() -> None:
    rows = matrix(resolved_of(PETS))
    assert len(rows) == len({(row.role, row.stage, row.route) for row in rows}) == 2 * 2 * 3


def test_a_grant_holds_on_its_stages_alone() -> None:
    assert decisions(["GET /a"], [grant("all", ["test"])], ["dev", "test"]) == [
        "pets dev GET /a: deny",
        "pets test GET /a: allow",
    ]


def test_a_grant_holds_on_its_api_alone() -> None:
    routes = {"pets": ["GET /a"], "cats": ["GET /a"]}
    assert decisions(routes, [grant("all", api="cats")]) == [
        "pets dev GET /a: deny",
        "cats dev GET /a: allow",
    ]


def test_grants_add_up() -> None:
    grants = [grant(["GET /a"], ["dev"]), grant(["GET /b"], ["dev"])]
    assert decisions(["GET /a", "GET /b", "GET /c"], grants) == [
        "pets dev GET /a: allow",
        "pets dev GET /b: allow",
        "pets dev GET /c: deny",
    ]


def test_a_blueprint_without_roles_has_no_rows() -> None:
    assert decisions(["GET /a (public)"], []) == []


def test_public_routes_carry_their_reason() -> None:
    _, whole = shape(["GET /a (public)", "GET /b"], [], ["dev", "test"])
    assert public_routes(whole) == (
        PublicRoute("pets", "pets", "dev", "GET /a", "for the test"),
        PublicRoute("pets", "pets", "test", "GET /a", "for the test"),
    )
