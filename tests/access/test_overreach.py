"""Overreach: what IAM would allow although nobody granted it."""

from __future__ import annotations

import pytest

from gateprint.access.overreach import denied_routes
from tests.access.shapes import Routes, grant, overreach_problems, shape

PET, OWNER = "GET /pets/{id}", "GET /pets/{id}/owner"
ACCEPTED = "accepted because owners are public"


def swallowed(routes: Routes, granted: str, **more: str) -> str | None:
    """Return the routes that the grant of one route swallows, as the problem names them."""
    found = overreach_problems(routes, [grant([granted], **more)])
    if not found:
        return None
    (one,) = found
    assert one.problem.startswith(f'"{granted}" reaches ')
    return one.problem.split(" reaches ")[1].split(" too, ")[0]


@pytest.mark.parametrize(
    ("routes", "granted", "expected"),
    [
        pytest.param([PET, OWNER], PET, OWNER, id="a parameter spans what is below it"),
        pytest.param([PET, OWNER], OWNER, None, id="the lower path does not reach up"),
        pytest.param(
            ["GET /a/b", "GET /a/{x}"], "GET /a/b", None, id="a fixed path has precedence"
        ),
        pytest.param(["GET /a/{x}", "GET /a/b"], "GET /a/{x}", "GET /a/b", id="a fixed sibling"),
        pytest.param(["GET /a", "GET /b"], "GET /a", None, id="fixed paths"),
        pytest.param(
            ["GET /a", "GET /a/b"], "GET /a", None, id="a fixed path and what is below it"
        ),
        pytest.param(["GET /a/{x}", "POST /a/{x}"], "GET /a/{x}", None, id="another method"),
        pytest.param(["ANY /a", "GET /a"], "ANY /a", "GET /a", id="every method has this one"),
        pytest.param(["GET /a", "ANY /a"], "GET /a", None, id="a method has precedence over ANY"),
        pytest.param(
            ["ANY /a", "GET /b/a"], "ANY /a", "GET /b/a", id="the star of ANY spans slashes"
        ),
        pytest.param(
            ["GET /{rest+}", "GET /a/b"], "GET /{rest+}", "GET /a/b", id="the rest of the path"
        ),
        pytest.param(
            ["GET /{rest+}", "GET /"], "GET /{rest+}", "GET /", id="the rest may be empty to IAM"
        ),
        pytest.param(["GET /", "GET /{id}"], "GET /", None, id="the root and a parameter"),
        pytest.param(["GET /", "GET /{rest+}"], "GET /", None, id="the root and the rest"),
        pytest.param(["GET /", "GET /a"], "GET /", None, id="the root and a path"),
        pytest.param([PET, OWNER + " (public)"], PET, None, id="a public route is open anyway"),
        pytest.param(
            [PET, OWNER, "GET /pets/{id}/toys"],
            PET,
            f"{OWNER}, GET /pets/{{id}}/toys",
            id="several",
        ),
    ],
)
def test_what_a_grant_swallows(routes: list[str], granted: str, expected: str | None) -> None:
    assert swallowed(routes, granted) == expected


def test_apis_do_not_reach_each_other() -> None:
    assert swallowed({"pets": [PET], "cats": [OWNER]}, PET, api="pets") is None


@pytest.mark.parametrize(
    "grants",
    [
        pytest.param([grant([PET, OWNER])], id="in one grant"),
        pytest.param([grant([PET]), grant([OWNER])], id="in two grants"),
        pytest.param([grant("all")], id="by all"),
        pytest.param([grant([PET], ["dev"]), grant([OWNER], ["dev", "test"])], id="on more stages"),
        pytest.param([grant([PET], overreach="deny")], id="denied"),
        pytest.param([grant([PET], overreach=ACCEPTED)], id="accepted"),
    ],
)
def test_what_is_granted_or_decided_is_no_problem(grants: list[dict[str, object]]) -> None:
    assert overreach_problems([PET, OWNER], grants, ["dev", "test"]) == []


def test_stages_are_looked_at_one_by_one() -> None:
    grants = [grant([PET], ["dev", "test"]), grant([OWNER], ["dev"])]
    found = overreach_problems([PET, OWNER], grants, ["dev", "test"])
    assert [one.code for one in found] == ["overreach"]


def test_a_decision_holds_for_its_own_grant_alone() -> None:
    grants = [grant([PET], ["dev"], overreach=ACCEPTED), grant([PET], ["test"])]
    found = overreach_problems([PET, OWNER], grants, ["dev", "test"])
    assert [one.code for one in found] == ["overreach"]


def test_the_problem_is_shown_at_the_route_that_reaches_too_far() -> None:
    (found,) = overreach_problems([PET, OWNER, "GET /a"], [grant(["GET /a", PET])])
    where = found.location
    shown = where.source_line[where.column - 1 : where.column - 1 + where.length]
    assert shown == f'"{PET}"'


def denied(grants: list[dict[str, object]], *routes: str) -> list[tuple[str, str]]:
    _, whole = shape(routes, grants, ["dev", "test"])
    return [(stage, route.key) for _, stage, route in denied_routes(whole, whole.roles[0])]


def test_exactly_the_swallowed_routes_are_denied_where_they_are_swallowed() -> None:
    grants = [grant([PET], ["test"], overreach="deny")]
    assert denied(grants, PET, OWNER, "GET /pets", "POST /pets/{id}/owner") == [("test", OWNER)]


def test_what_another_grant_allows_is_not_denied() -> None:
    grants = [grant([PET], overreach="deny"), grant([OWNER], ["dev"])]
    assert denied(grants, PET, OWNER) == [("test", OWNER)]


@pytest.mark.parametrize("decision", [ACCEPTED, None])
def test_nothing_is_denied_without_being_asked_for(decision: str | None) -> None:
    more = {"overreach": decision} if decision else {}
    assert denied([grant([PET], **more)], PET, OWNER) == []


@pytest.mark.parametrize(
    ("routes", "granted", "problem"),
    [
        pytest.param(
            ["GET /a/{x}", "GET /a/{x}/{y}", "GET /a/{x}/b/c"],
            ["GET /a/{x}", "GET /a/{x}/b/c"],
            'denying "GET /a/{x}/{y}" would take away "GET /a/{x}/b/c" from reader',
            id="a denied parameter spans what is granted",
        ),
        pytest.param(
            ["ANY /a/{x}", "ANY /{rest+}"],
            ["ANY /a/{x}"],
            'denying "ANY /{rest+}" would take away "ANY /a/{x}" from reader',
            id="the rest of the path",
        ),
        pytest.param(
            ["GET /a/{x}", "GET /a/b"], ["GET /a/{x}"], None, id="a fixed sibling has precedence"
        ),
        pytest.param(["ANY /a", "GET /a"], ["ANY /a"], None, id="a method has precedence over ANY"),
    ],
)
def test_a_denial_must_not_take_away_what_is_granted(
    routes: list[str], granted: list[str], problem: str | None
) -> None:
    found = overreach_problems(routes, [grant(granted, overreach="deny")])
    assert [one.problem for one in found] == ([problem] if problem else [])


def test_a_harmful_denial_is_shown_at_the_grant_that_denies() -> None:
    grants = [grant(["GET /a/{x}/b/c"]), grant(["GET /a/{x}"], overreach="deny")]
    (found,) = overreach_problems(["GET /a/{x}", "GET /a/{x}/{y}", "GET /a/{x}/b/c"], grants)
    assert found.code == "overreach-deny"
    assert found.location.source_line.strip() == '"overreach": "deny"'
