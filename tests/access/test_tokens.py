"""What tokens open: patterns for the authorizer's function, and what is refused about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gateprint.access.matrix import access_of
from gateprint.access.probes import plan
from gateprint.access.tokens import Entry, check_tokens, entries_of
from gateprint.model.document import Document
from gateprint.model.issuers import TokenIssuer
from gateprint.model.resolved import (
    Api,
    Cors,
    Environment,
    MockBackend,
    ResolvedBlueprint,
    Route,
    S3State,
    Stage,
)

WHERE = Environment("nonprod", "123456789012", "us-east-2", S3State("b", "us-east-2", "p"))
ISSUER = TokenIssuer("auth0", "https://a/", ("x",), ("RS256",), "https://a/keys", 300, 0)


def route(key: str, *scopes: str, auth: str = "jwt", authorizer: str = "auth0") -> Route:
    method, path = key.split()
    whose = authorizer if auth == "jwt" else None
    return Route(method, path, MockBackend(200, ""), auth, None, None, whose, scopes)


def api(*routes: Route, **more: Any) -> Api:
    names = dict.fromkeys(each.authorizer for each in routes if each.authorizer)
    issuers = tuple(
        TokenIssuer(name, *(getattr(ISSUER, each) for each in ISSUER.__slots__[1:]))
        for name in names
    )
    return Api("pets", routes, authorizers=issuers, **more)


def blueprint(*routes: Route, **more: Any) -> ResolvedBlueprint:
    return ResolvedBlueprint("pets", WHERE, (Stage("dev"),), (api(*routes, **more),))


def refused(*routes: Route, **more: Any) -> list[str]:
    data: Mapping[str, Any] = {
        "apis": {"pets": {"routes": {each.key: {"auth": each.auth} for each in routes}}}
    }
    document = Document("pets.yaml", data)
    return [each.problem for each in check_tokens(document, blueprint(*routes, **more))]


@pytest.mark.parametrize(
    ("method", "path", "pattern"),
    [
        ("GET", "/", "GET/"),
        ("GET", "/pets", "GET/pets"),
        ("GET", "/pets/{id}", "GET/pets/?*"),
        ("GET", "/pets/{id}/owner", "GET/pets/*/owner"),
        ("GET", "/files/{rest+}", "GET/files/?*"),
    ],
)
def test_a_route_becomes_a_pattern_without_what_is_above_it(
    method: str, path: str, pattern: str
) -> None:
    assert Entry(method, path, (), "").pattern == pattern


def test_any_is_spelled_out_without_what_others_answer() -> None:
    routes = (route("ANY /pets"), route("GET /pets", auth="none"), route("POST /pets", "w"))
    found = {each.method for each in entries_of(api(*routes), "auth0") if each.route == "ANY /pets"}
    assert found == {"DELETE", "HEAD", "OPTIONS", "PATCH", "PUT"}
    cors = Cors(("*",), 600, is_preflight_function=False)
    with_cors = entries_of(api(*routes, cors=cors), "auth0")
    assert "OPTIONS /pets" not in [each.key for each in with_cors]


PET, OWNER = "GET /pets/{id}", "GET /pets/{id}/owner"


@pytest.mark.parametrize(
    ("routes", "count"),
    [
        ((route(PET, "r"), route(OWNER, "o")), 1),
        ((route(PET), route(OWNER, "o")), 1),
        ((route(PET, "o"), route(OWNER, "o")), 0),
        ((route(PET, "o", "r"), route(OWNER, "o")), 0),
        ((route(PET, "r"), route(OWNER)), 0),
        ((route(PET, "r"), route(OWNER, "o", authorizer="other")), 0),
        ((route(PET, "r"), route(OWNER, auth="iam")), 0),
        ((route(PET, "r"), route("GET /pets/mine", "m")), 1),
        ((route("ANY /pets/{id}", "r"), route("DELETE /pets/mine", "m")), 1),
        ((route("POST /pets/{id}", "r"), route("DELETE /pets/mine", "m")), 0),
        ((route("GET /pets", "r"), route(PET, "p")), 0),
        ((route(PET, "p"), route("GET /pets", "r")), 0),
        ((route("GET /{rest+}", "p"), route("GET /pets", "r")), 1),
    ],
)
def test_what_a_pattern_reaches_may_ask_for_no_other_scopes(
    routes: tuple[Route, ...], count: int
) -> None:
    assert len(refused(*routes)) == count


def test_a_public_route_of_a_private_api_may_not_reach_one_with_tokens() -> None:
    private = {"vpc_endpoints": ("vpce-0123456789abcdef0",)}
    public = route(PET, auth="none")
    [problem] = refused(public, route(OWNER, "o"), **private)
    assert problem == f'the resource policy for "{PET}" reaches {OWNER} too'
    assert refused(route("GET /pets", auth="none"), route(OWNER, "o"), **private) == []
    assert refused(public, route(OWNER, "o")) == []


def test_an_arn_of_more_than_512_characters_is_refused() -> None:
    [problem] = refused(route(f"GET /{'a' * 460}"))
    assert "512 is the limit" in problem
    assert refused(route(f"GET /{'a' * 430}")) == []


def test_the_matrix_sets_token_routes_apart_and_no_role_may_call_them() -> None:
    found = access_of(blueprint(route(PET, "r"), route("GET /me")))
    assert [(each.route, each.authorizer, each.scopes) for each in found.tokens] == [
        (PET, "auth0", ("r",)),
        ("GET /me", "auth0", ()),
    ]
    assert found.public == ()


def test_verify_asks_without_a_token_and_expects_401() -> None:
    [probe] = plan(blueprint(route(PET, "r")), ["stranger"])
    assert (probe.kind, probe.expected, str(probe.call)) == (
        "unsigned",
        "no token",
        "GET /pets/gateprint-probe",
    )
