"""Routes that ask for a token, `jwt` and `cognito`: a provider gives it, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.sdk.made import Given, blueprint, client, imported, route
from tests.sdk.test_javascript_client import Case, case, driven
from tests.sdk.test_python_client import BASE, Clock, Pool, SignIn

TOKEN = "eyJhbGciOiJSUzI1NiJ9.the-payload.the-signature"
WRONG = ("", "two words", "a\r\nX-Role: admin", "é", "a\t", None, 7)
OWN = {"headers": {"authorization": "Bearer own"}}
ROUTES = [
    route("GET /pets"),
    replace(route("GET /me", Given("jwt")), authorizer="auth0"),
    replace(route("POST /own/{id}", Given("cognito")), authorizer="owners"),
    route("GET /open", Given("none", "open")),
]
FOUND = client(blueprint(ROUTES))


def test_a_client_says_which_kind_of_token_a_route_asks_for() -> None:
    assert [(each.signing, each.token) for each in FOUND.operations] == [
        ("signed", ""),
        ("token", "jwt"),
        ("token", "cognito"),
        ("open", ""),
    ]


CASES: dict[str, Case] = {
    "jwt": case(calls=[["getMe"]], token=TOKEN),
    "cognito": case(calls=[["postOwnById", {"id": 7}, {"body": {}}]], token=TOKEN),
    "again": case({"status": 503}, {}, calls=[["getMe"]], token=TOKEN),
    "each time": case(calls=[["getMe"]] * 3, token=TOKEN),
    "refused": case({"status": 401}, calls=[["getMe"]], token=TOKEN),
    "nobody": case(calls=[["getMe"]]),
    "own": case(calls=[["getMe", OWN]], token=TOKEN),
    "signed": case(calls=[["getPets"]], token=TOKEN),
    "open": case(calls=[["getOpen"]], token=TOKEN),
    **{f"wrong {each!r}": case(calls=[["getMe"]], token=each) for each in WRONG},
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return driven(tmp_path_factory.mktemp("tokens"), FOUND, CASES)["outcomes"]


def headers(outcome: Any) -> dict[str, str]:
    found: dict[str, str] = outcome["told"]["asked"][-1]["headers"]
    return found


@pytest.mark.parametrize("name", ["jwt", "cognito"])
def test_javascript_sends_the_token_and_no_signature(outcomes: Any, name: str) -> None:
    assert headers(outcomes[name])["authorization"] == f"Bearer {TOKEN}"
    assert "x-amz-date" not in headers(outcomes[name])
    assert outcomes[name]["told"]["signIns"] == 0


def test_javascript_asks_for_a_token_once_for_each_call(outcomes: Any) -> None:
    assert len(outcomes["again"]["told"]["asked"]) == 2
    assert [outcomes[each]["told"]["tokens"] for each in ("again", "each time")] == [1, 3]


def test_javascript_says_that_a_token_was_refused(outcomes: Any) -> None:
    assert outcomes["refused"]["error"]["name"] == "NotAuthenticated"
    assert len(outcomes["refused"]["told"]["asked"]) == 1


def test_javascript_sends_nothing_without_a_token(outcomes: Any) -> None:
    assert outcomes["nobody"]["error"]["name"] == "NotAuthenticated"
    assert outcomes["nobody"]["told"]["asked"] == []


def test_javascript_prefers_the_callers_own_header(outcomes: Any) -> None:
    assert headers(outcomes["own"])["authorization"] == "Bearer own"
    assert "tokens" not in outcomes["own"]["told"]


@pytest.mark.parametrize("name", ["signed", "open"])
def test_javascript_shows_no_token_to_other_routes(outcomes: Any, name: str) -> None:
    assert TOKEN not in str(outcomes[name]["told"])
    assert "tokens" not in outcomes[name]["told"]


@pytest.mark.parametrize("value", [each for each in WRONG if each is not None])
def test_javascript_refuses_what_is_no_token_without_showing_it(outcomes: Any, value: Any) -> None:
    found = outcomes[f"wrong {value!r}"]
    assert found["error"]["message"] == "the provider's token is not one word of ASCII"
    assert found["told"]["asked"] == []


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return imported(tmp_path_factory.mktemp("python"), FOUND)


Make = Callable[..., tuple[Any, Pool, list[str]]]


@pytest.fixture
def make(sdk: Any) -> Make:
    """A client, what it was asked to send, and how often the provider was asked."""

    def made(*answers: Any, token: Any = TOKEN) -> tuple[Any, Pool, list[str]]:
        clock, pool, asked = Clock(), Pool(list(answers) or [(200, {})]), []

        def provider() -> Any:
            asked.append("once")
            return token

        given = SignIn(sdk, clock)
        return sdk.ShopClient(BASE, given, token=provider, pool=pool, clock=clock), pool, asked

    return made


def test_python_sends_the_token_and_no_signature(make: Make) -> None:
    shop, pool, asked = make()
    for call in (shop.get_me, lambda: shop.post_own_by_id(id=7, body={})):
        assert call().status == 200
        assert pool.headers["Authorization"] == f"Bearer {TOKEN}"
        assert "X-Amz-Date" not in pool.headers
    assert len(asked) == 2


def test_python_asks_for_a_token_once_for_each_call(make: Make) -> None:
    shop, pool, asked = make((503, {}), (200, {}))
    shop.get_me()
    assert (len(pool.asked), len(asked)) == (2, 1)


def test_python_says_that_a_token_was_refused(make: Make, sdk: Any) -> None:
    shop, pool, _ = make((401, {"message": "Unauthorized"}))
    with pytest.raises(sdk.NotAuthenticated, match="Unauthorized"):
        shop.get_me()
    assert len(pool.asked) == 1


def test_python_sends_nothing_without_a_token(sdk: Any) -> None:
    pool = Pool([(200, {})])
    with pytest.raises(sdk.NotAuthenticated, match="asks for a token"):
        sdk.ShopClient(BASE, pool=pool).get_me()
    assert pool.asked == []


def test_python_prefers_the_callers_own_header(make: Make) -> None:
    shop, pool, asked = make()
    shop.get_me(**OWN)
    assert pool.headers["authorization"] == "Bearer own"
    assert asked == []


def test_python_shows_no_token_to_other_routes(make: Make) -> None:
    shop, pool, asked = make()
    shop.get_pets()
    shop.get_open()
    assert asked == []
    assert TOKEN not in str(pool.asked)


@pytest.mark.parametrize("value", WRONG)
def test_python_refuses_what_is_no_token_without_showing_it(make: Make, value: Any) -> None:
    shop, pool, _ = make(token=value)
    with pytest.raises(TypeError) as caught:
        shop.get_me()
    assert str(caught.value) == "the provider's token is not one word of ASCII"
    assert pool.asked == []
