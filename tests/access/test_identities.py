"""Identity tokens in the tables, in what changed, in answers and in verdicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gateprint.access.changes.comparison import changes
from gateprint.access.changes.sentences import sentences
from gateprint.access.identities import identity_note, identity_routes
from gateprint.access.probes import plan
from gateprint.access.verdicts import Answer, judge
from gateprint.model.resolved import IdentityToken, MockBackend, ResolvedBlueprint, Route
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from tests.support.project import ROOT

PLACES = Places(
    project=ROOT,
    blueprints=ROOT / "blueprints" / "examples",
    config=ROOT / "config",
    lambdas=ROOT / "lambdas",
)
SHOP = next(each for each in load(PLACES).blueprints if each.name == "pets-identity")
[API] = SHOP.apis
TOKEN = API.route("GET /me").identity_token
assert TOKEN is not None


def with_route(change: Callable[[Route], Route]) -> ResolvedBlueprint:
    """The shop, with another `GET /me`."""
    routes = tuple(change(each) if each.key == "GET /me" else each for each in API.routes)
    return replace(SHOP, apis=(replace(API, routes=routes),))


def with_token(token: IdentityToken | None) -> ResolvedBlueprint:
    return with_route(lambda route: replace(route, identity_token=token))


WHERE = "signed requests to GET /me on dev of pets-identity (nonprod)"
OF_EMAIL = "a token of https://acme.auth0.com/ whose claim email is the session's name"
CHANGED: dict[str, tuple[IdentityToken | None, IdentityToken | None, str | None]] = {
    "removed": (
        TOKEN,
        None,
        f"{WHERE} need no identity token any more; until now {OF_EMAIL}",
    ),
    "new": (None, TOKEN, f"{WHERE} need {OF_EMAIL}; until now a signature alone"),
    "another claim": (
        TOKEN,
        replace(TOKEN, claim="nickname"),
        f"{WHERE} need {OF_EMAIL.replace('email', 'nickname')}; until now {OF_EMAIL}",
    ),
    "another audience": (
        TOKEN,
        replace(TOKEN, issuer=replace(TOKEN.issuer, audiences=("other",))),
        f"{WHERE} need {OF_EMAIL}; until now under other terms",
    ),
    "the same": (TOKEN, TOKEN, None),
}


@pytest.mark.parametrize(("before", "after", "told"), CHANGED.values(), ids=CHANGED)
def test_a_token_that_differs_is_told(
    before: IdentityToken | None, after: IdentityToken | None, told: str | None
) -> None:
    found = changes([with_token(before)], [with_token(after)])
    assert [each.text for each in sentences(found)] == ([told] if told else [])
    weaker = [each.is_weakened for each in found.identities]
    assert weaker == ([before is not None] if told else [])


def test_what_is_deployed_tells_of_no_token_and_so_of_no_change() -> None:
    deployed = with_route(
        lambda route: replace(route, backend=MockBackend(200, ""), identity_token=None)
    )
    assert changes([deployed], [SHOP]).identities == ()


def test_the_table_says_whose_tokens_and_which_claim() -> None:
    found = [(each.route, each.issuer, each.claim, each.header) for each in identity_routes(SHOP)]
    told = ("auth0", "email", "X-Identity-Token")
    assert found == [("POST /pets", *told), ("GET /me", *told)]
    assert "in X-Identity-Token" in (identity_note(API.route("GET /me")) or "")
    assert identity_note(API.route("GET /pets")) is None


JUDGED = {
    "the guard": (401, {}, "ok"),
    "a body of an unknown type": (415, {"x-amzn-errortype": "UnsupportedMediaType"}, "ok"),
    "the handler": (200, {}, "differs"),
    "the handler, which fails": (502, {}, "differs"),
}


@pytest.mark.parametrize(("status", "headers", "outcome"), JUDGED.values(), ids=JUDGED)
def test_verify_wants_the_function_to_refuse_a_request_without_a_token(
    status: int, headers: dict[str, str], outcome: str
) -> None:
    [probe] = [
        each
        for each in plan(SHOP)
        if (each.kind, each.place.route, each.role) == ("signed", "GET /me", "pets-editor")
    ]
    [verdict] = judge(probe, Answer(status, {"x-amz-apigw-id": "a", **headers}))
    assert verdict.outcome == outcome


def test_verify_asks_whether_a_browser_may_send_the_header() -> None:
    asked = [each.cors.headers for each in plan(SHOP) if each.kind == "preflight" and each.cors]
    assert any("x-identity-token" in each for each in asked)
