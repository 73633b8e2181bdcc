"""Every name that a blueprint uses, it declares; and what it says means something."""

from __future__ import annotations

import pytest

from gateprint.model.references import check_references, check_sources
from tests.model.made import SMALL, blueprint_of, edited

HANDLERS = {"pets": frozenset({"app.get_pet"}), "noop": frozenset({"app.handler"})}
ROUTE = "      GET /pets/{id}: {function: get_pet}\n"


def found(edits: dict[str, str]) -> list[tuple[str, str]]:
    """Return (code, remedy) of what is wrong with the edited blueprint's references."""
    document, _ = blueprint_of(edited(SMALL, edits))
    return [(one.code, one.remedy) for one in check_references(document)]


def with_routes(*routes: str) -> dict[str, str]:
    return {ROUTE: "".join(f"      {route}\n" for route in routes)}


def test_a_sound_blueprint_has_nothing_to_mend() -> None:
    assert found({}) == []


@pytest.mark.parametrize(
    ("edits", "code", "remedy"),
    [
        pytest.param(
            with_routes("GET /pets/{id}: {function: got_pet}"),
            "unknown-function",
            "did you mean get_pet?",
            id="a function",
        ),
        pytest.param(
            {"  get_pet: {source: pets, handler: app.get_pet}\n": "", "functions:\n": ""},
            "unknown-function",
            "declare it under functions",
            id="a function where none is",
        ),
        pytest.param({"{stages: all": "{stages: [test]"}, "unknown-stage", "use dev", id="a stage"),
        pytest.param(
            {"routes: all}": 'routes: ["POST /pets/{id}"]}'},
            "unknown-route",
            "did you mean GET /pets/{id}?",
            id="a route of another method",
        ),
        pytest.param(
            {"{stages: all": "{api: cats, stages: all"}, "unknown-api", "use pets", id="an API"
        ),
        pytest.param(
            {ROUTE: f"{ROUTE}  cats:\n    routes:\n      GET /cats: {{function: get_pet}}\n"},
            "missing-api",
            "add api: with one of pets, cats",
            id="no API among several",
        ),
        pytest.param(
            {
                ROUTE: ROUTE + "      GET /: {function: get_pet, auth: none, public: all}\n",
                "routes: all}": "routes: [GET /]}",
            },
            "grant-without-iam",
            "remove it here, or make the route auth: iam",
            id="a grant on a public route",
        ),
        pytest.param(
            with_routes('GET /pets/{id}: {http: "https://a.example.com/{id}/{name}"}'),
            "unknown-parameter",
            "use id",
            id="a parameter that the path lacks",
        ),
        pytest.param(
            with_routes("GET /a/{x}: {function: get_pet}", "POST /a/{y}/b: {function: get_pet}"),
            "sibling-parameters",
            "write {x} in both: API Gateway takes one parameter at a place",
            id="two parameters",
        ),
        pytest.param(
            with_routes("GET /{x}: {function: get_pet}", "ANY /{rest+}: {function: get_pet}"),
            "sibling-parameters",
            "keep one of them: API Gateway takes one parameter at a place",
            id="a parameter beside the rest of the path",
        ),
        pytest.param(
            with_routes("GET /a: {function: get_pet}", "GET /A: {function: get_pet}"),
            "twin-routes",
            "keep one of the two",
            id="paths that differ in case",
        ),
        pytest.param(
            {"name: pets": "name: account"},
            "reserved-name",
            "name the blueprint otherwise",
            id="the account's stacks",
        ),
    ],
)
def test_a_reference_that_means_nothing_is_found(
    edits: dict[str, str], code: str, remedy: str
) -> None:
    assert found(edits) == [(code, remedy)]


@pytest.mark.parametrize(
    "routes",
    [
        pytest.param(("GET /a/{x}", "GET /b/{y}"), id="parameters below different paths"),
        pytest.param(("GET /a/{x}/b/{y}", "GET /a/{x}/c/{z}"), id="parameters at different depths"),
        pytest.param(("GET /a/{x}", "POST /a/{x}"), id="one parameter in two methods"),
        pytest.param(("GET /a", "POST /A"), id="two methods, whatever the case"),
        pytest.param(("GET /a/{x}", "GET /a/b"), id="a parameter beside a fixed segment"),
    ],
)
def test_routes_that_api_gateway_takes_are_accepted(routes: tuple[str, ...]) -> None:
    assert found(with_routes(*(f"{route}: {{function: get_pet}}" for route in routes))) == []


@pytest.mark.parametrize(
    ("edits", "handlers", "expected"),
    [
        pytest.param({}, HANDLERS, [], id="all is there"),
        pytest.param(
            {"source: pets": "source: pet"},
            HANDLERS,
            [("unknown-source", "did you mean pets?")],
            id="no folder",
        ),
        pytest.param({}, {}, [("unknown-source", "make it")], id="no folder at all"),
        pytest.param(
            {"app.get_pet": "app.gt_pet"},
            HANDLERS,
            [("unknown-handler", "did you mean app.get_pet?")],
            id="no handler",
        ),
        pytest.param(
            {}, {"pets": frozenset()}, [("unknown-handler", "define it there")], id="no handlers"
        ),
        pytest.param(
            {"    routes:\n": "    cors: {origins: ['*'], preflight: function}\n    routes:\n"},
            {"pets": HANDLERS["pets"]},
            [("unknown-handler", "define it there, or write preflight: mock")],
            id="no preflight function",
        ),
    ],
)
def test_sources_and_handlers_are_looked_for(
    edits: dict[str, str], handlers: dict[str, frozenset[str]], expected: list[tuple[str, str]]
) -> None:
    document, _ = blueprint_of(edited(SMALL, edits))
    assert [(one.code, one.remedy) for one in check_sources(document, handlers)] == expected
