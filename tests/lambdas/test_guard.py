"""What stands before a handler: no request without a token of whom the session is."""

from __future__ import annotations

import datetime as dt
import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

import pytest

from gateprint.local.site.issuer import OwnIssuer
from gateprint.model.written.authorizer import ALGORITHMS
from tests.support.hostile_tokens import OF_TOKEN, claiming, every_key, now, signed
from tests.support.issuer import AUDIENCE, Issuer, issuing, jwk

ANNA = "anna@example.com"
CALLER = f"arn:aws:sts::123456789012:assumed-role/pets-editor/{ANNA}"
HEADER = "X-Identity-Token"
ORIGIN = "https://app.example.com"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        found.publish(*every_key())
        yield found


@pytest.fixture
def guards() -> ModuleType:
    return importlib.import_module("shared.guard")


class Guarded:
    """A guard before a handler that answers with what it was given."""

    def __init__(
        self, guards: ModuleType, issuer: Issuer, timeout: float = 3, **changes: Any
    ) -> None:
        self.clock = 0.0
        self._settings = {
            "algorithms": ["RS256"],
            "audience": [AUDIENCE],
            "claim": "email",
            "header": HEADER,
            "issuer": issuer.url,
            "jwks": issuer.url,
            "leeway": 0,
            "proxy": False,
            **changes,
        }
        keys = guards.Keys(self._settings["jwks"], lambda: self.clock, timeout)
        verifier = guards.Verifier(self._settings, keys)
        self._guard = guards.Guard(self._settings, lambda event, _context: event, verifier)
        self.refusal = guards.NotAdmitted

    def ask(self, *tokens: Any, caller: Any = CALLER) -> Any:
        """What the handler got, or the refusal's status."""
        try:
            return self.raw({"identity_tokens": [*tokens, ""], "caller": caller})
        except self.refusal as refused:
            return int(str(refused)[1:4])

    def raw(self, event: Mapping[str, Any]) -> Any:
        return self._guard.handle(event, None)


@pytest.fixture
def guarded(guards: ModuleType, issuer: Issuer) -> Guarded:
    return Guarded(guards, issuer)


def plain(made: Any) -> Any:
    return made.removeprefix("Bearer ") if isinstance(made, str) else made


def test_the_handler_gets_verified_claims_and_no_token(guarded: Guarded, issuer: Issuer) -> None:
    found = guarded.ask(issuer.token(email=ANNA, roles=["editor"]))
    assert "identity_tokens" not in found
    assert found["identity"]["sub"] == "auth0|anna"
    assert found["identity"]["roles"] == ["editor"]
    assert found["identity"].session_name == ANNA


@pytest.mark.parametrize(
    ("session", "audience", "expected"),
    [(ANNA, AUDIENCE, dict), ("otto@example.com", AUDIENCE, int), (ANNA, "another", int)],
)
def test_the_sign_in_page_gives_tokens_of_its_people(
    guards: ModuleType, session: str, audience: str, expected: type
) -> None:
    own = OwnIssuer("http://127.0.0.1:4600")
    with issuing() as keys:
        keys.publish(*own.keys()["keys"])
        address, keys.url = keys.url, own.issuer
        guarded = Guarded(guards, keys, jwks=address, claim="nickname")
        token = own.token(session, [audience], "", "nickname", dt.datetime.now(dt.UTC))
        assert isinstance(guarded.ask(token), expected)


@pytest.mark.parametrize("make", OF_TOKEN.values(), ids=OF_TOKEN)
def test_a_hostile_token_is_a_401(
    guards: ModuleType, issuer: Issuer, make: Callable[[Issuer], Any]
) -> None:
    guarded = Guarded(guards, issuer, claim="azp")
    caller = CALLER.replace(ANNA, "app")
    assert isinstance(guarded.ask(issuer.token(), caller=caller), dict), "a sound one is accepted"
    assert guarded.ask(plain(make(issuer)), caller=caller) == 401


HEADERS: dict[str, Callable[[str], list[Any]]] = {
    "none": lambda _: [],
    "an empty one": lambda _: [""],
    "with a scheme": lambda token: [f"Bearer {token}"],
    "with a space": lambda token: [f" {token}"],
    "with a line": lambda token: [f"{token}\n"],
    "two in one": lambda token: [f"{token},{token}"],
    "two headers": lambda token: [token, token],
    "a second, empty but for a space": lambda token: [token, " "],
    "null": lambda _: [None],
    "a number": lambda _: [7],
    "a list": lambda token: [[token]],
    "an object": lambda token: [{"token": token}],
}


@pytest.mark.parametrize("make", HEADERS.values(), ids=HEADERS)
def test_a_header_that_is_not_one_token_is_a_401(
    guarded: Guarded, issuer: Issuer, make: Callable[[str], list[Any]]
) -> None:
    assert guarded.ask(*make(issuer.token(email=ANNA))) == 401


def session(name: str) -> str:
    return CALLER.replace(ANNA, name)


CALLERS: dict[str, Any] = {
    "somebody else": session("bert@example.com"),
    "another case of letters": session("Anna@example.com"),
    "a name that only begins so": session(f"{ANNA}.evil"),
    "a name that only ends so": session(f"x{ANNA}"),
    "no name": session(""),
    "a name with a slash": session(f"x/{ANNA}"),
    "a line after it": f"{CALLER}\n",
    "a user of IAM": f"arn:aws:iam::123456789012:user/{ANNA}",
    "a federated user": f"arn:aws:sts::123456789012:federated-user/{ANNA}",
    "a role and no session": f"arn:aws:iam::123456789012:role/{ANNA}",
    "the account": "arn:aws:iam::123456789012:root",
    "letters that only look alike": session("\u0430nna@example.com"),
    "nobody": "",
    "null": None,
    "a list": [CALLER],
}


@pytest.mark.parametrize("caller", CALLERS.values(), ids=CALLERS)
def test_a_session_of_somebody_else_is_a_403(guarded: Guarded, issuer: Issuer, caller: Any) -> None:
    assert guarded.ask(issuer.token(email=ANNA), caller=caller) == 403


CLAIMS: dict[str, tuple[str, dict[str, Any]]] = {
    "no such claim": ("email", {}),
    "a list": ("email", {"email": [ANNA]}),
    "a number": ("email", {"email": 7}),
    "an object": ("email", {"email": {"0": ANNA}}),
    "an address that nobody verified": ("email", {"email": ANNA, "email_verified": False}),
    "a text that says verified": ("email", {"email": ANNA, "email_verified": "true"}),
    "a subject that can be no session's name": ("sub", {"sub": "auth0|anna"}),
    "a space after it": ("email", {"email": f"{ANNA} "}),
}


@pytest.mark.parametrize(("claim", "changes"), CLAIMS.values(), ids=CLAIMS)
def test_a_claim_that_is_not_the_sessions_name_is_a_403(
    guards: ModuleType, issuer: Issuer, claim: str, changes: dict[str, Any]
) -> None:
    assert Guarded(guards, issuer, claim=claim).ask(issuer.token(**changes)) == 403


def test_another_claim_than_the_address_needs_no_verified_address(
    guards: ModuleType, issuer: Issuer
) -> None:
    token = issuer.token(nickname=ANNA, email_verified=False)
    found = Guarded(guards, issuer, claim="nickname").ask(token)
    assert found["identity"]["nickname"] == ANNA


def proxied(headers: Any, several: Any = None, arn: Any = CALLER) -> dict[str, Any]:
    return {
        "headers": headers,
        "multiValueHeaders": several,
        "requestContext": {"identity": {"userArn": arn}},
        "identity": {"sub": "written by the caller"},
        "caller": CALLER,
        "identity_tokens": ["x.y.z"],
    }


def test_a_proxy_function_finds_the_token_in_any_case_of_letters(
    guards: ModuleType, issuer: Issuer
) -> None:
    guarded, token = Guarded(guards, issuer, proxy=True), issuer.token(email=ANNA)
    event = proxied({"x-IDENTITY-token": token, "Accept": "*/*"}, {"x-IDENTITY-token": [token]})
    found = guarded.raw(event)
    assert found["headers"] == {"Accept": "*/*"}
    assert found["multiValueHeaders"] == {}
    assert found["identity"]["sub"] == "auth0|anna"


REFUSED_PROXIES: dict[str, tuple[Callable[[str], dict[str, Any]], int]] = {
    "no headers": (lambda _: proxied(None), 401),
    "another header": (lambda token: proxied({"Authorization": token}), 401),
    "two values": (lambda token: proxied({HEADER: token}, {HEADER: [token, token]}), 401),
    "two cases": (lambda token: proxied({HEADER: token, HEADER.lower(): token}), 401),
    "another session": (lambda token: proxied({HEADER: token}, arn=session("bert")), 403),
    "no session": (lambda token: proxied({HEADER: token}, arn=None), 403),
    "the caller that the event says": (
        lambda token: {"headers": {HEADER: token}, "caller": CALLER},
        403,
    ),
}


@pytest.mark.parametrize(("make", "status"), REFUSED_PROXIES.values(), ids=REFUSED_PROXIES)
def test_a_proxy_function_answers_a_refusal_with_its_cors_header(
    guards: ModuleType,
    issuer: Issuer,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[str], dict[str, Any]],
    status: int,
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "*")
    found = Guarded(guards, issuer, proxy=True).raw(make(issuer.token(email=ANNA)))
    assert found["statusCode"] == status
    assert found["headers"]["Access-Control-Allow-Origin"] == "*"
    assert list(json.loads(found["body"])) == ["message"]


@pytest.mark.parametrize("algorithm", [each for each in ALGORITHMS if each != "RS256"])
def test_each_algorithm_works_where_it_is_allowed(guards: ModuleType, algorithm: str) -> None:
    with issuing() as own:
        own.publish(jwk(algorithm, algorithm), jwk("first"))
        guarded = Guarded(guards, own, algorithms=[algorithm], claim="azp")
        made = signed(own, alg=algorithm, algorithm=algorithm, kid=algorithm, key=algorithm)
        assert isinstance(guarded.ask(plain(made), caller=session("app")), dict)
        assert guarded.ask(own.token(), caller=session("app")) == 401


def test_leeway_is_for_clocks_that_differ(guards: ModuleType, issuer: Issuer) -> None:
    guarded = Guarded(guards, issuer, leeway=60)
    assert isinstance(guarded.ask(issuer.token(email=ANNA, exp=now() - 30)), dict)
    assert isinstance(guarded.ask(issuer.token(email=ANNA, iat=now() + 30)), dict)
    assert guarded.ask(issuer.token(email=ANNA, exp=now() - 90)) == 401
    assert guarded.ask(issuer.token(email=ANNA, iat=now() + 90)) == 401


@pytest.mark.parametrize("exp", [float("inf"), float("nan")])
def test_an_end_that_never_comes_is_a_401(guarded: Guarded, issuer: Issuer, exp: float) -> None:
    assert guarded.ask(plain(claiming(email=ANNA, exp=exp)(issuer))) == 401


def test_a_new_key_is_fetched_once_and_not_again_for_half_a_minute(guards: ModuleType) -> None:
    with issuing() as own:
        guarded = Guarded(guards, own)
        assert isinstance(guarded.ask(own.token(email=ANNA)), dict)
        own.publish(jwk("second"))
        assert [guarded.ask(own.token("second", email=ANNA)) for _ in range(5)] == [401] * 5
        assert own.asked == 1, "what was fetched just now is not fetched again"
        guarded.clock = 31
        assert isinstance(guarded.ask(own.token("second", email=ANNA)), dict)
        assert [guarded.ask(own.token("third", email=ANNA)) for _ in range(5)] == [401] * 5
        assert own.asked == 2
        assert guarded.ask(own.token(email=ANNA)) == 401, "withdrawn"
        guarded.clock = 31 + 600
        assert isinstance(guarded.ask(own.token("second", email=ANNA)), dict)
        assert own.asked == 3, "what is old is fetched again"


FAILURES: dict[str, Callable[[Issuer], None]] = {
    "an error": lambda issuer: issuer.answer(500),
    "a redirect": lambda issuer: issuer.answer(302, Location=issuer.url),
    "no JSON": lambda issuer: issuer.answer(200, b"<html>"),
    "too deep": lambda issuer: issuer.answer(200, b"[" * 100_000),
    "too much": lambda issuer: issuer.answer(200, b'{"keys": []' + b" " * 200_000 + b"}"),
    "too late": lambda issuer: issuer.dawdle(0.3),
}


@pytest.mark.parametrize("fail", FAILURES.values(), ids=FAILURES)
def test_an_issuer_that_fails_is_no_yes_and_is_left_alone_for_a_while(
    guards: ModuleType, fail: Callable[[Issuer], None]
) -> None:
    with issuing() as own:
        fail(own)
        guarded, token = Guarded(guards, own, timeout=0.15, proxy=True), own.token(email=ANNA)
        for _ in range(3):
            assert guarded.raw(proxied({HEADER: token}))["statusCode"] == 500
        assert own.asked == 1
        own.publish(jwk("first"))
        guarded.clock = 6
        assert "identity" in guarded.raw(proxied({HEADER: token}))


def test_a_failing_issuer_is_an_error_where_api_gateway_maps(guards: ModuleType) -> None:
    with issuing() as own:
        own.answer(500)
        with pytest.raises(guards.IssuerFailed, match="the answer is 500"):
            Guarded(guards, own).ask(own.token(email=ANNA))


@pytest.mark.parametrize("address", ["http://keys.example.com/", "file:///etc/passwd", "ftp://x/"])
def test_keys_are_fetched_by_https_alone(guards: ModuleType, issuer: Issuer, address: str) -> None:
    guarded = Guarded(guards, issuer, jwks=address)
    with pytest.raises(guards.IssuerFailed, match="by https"):
        guarded.ask(issuer.token(email=ANNA))


def test_the_log_says_why_and_nothing_of_the_token(
    guarded: Guarded, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    token = issuer.token(email=ANNA, aud="elsewhere")
    assert guarded.ask(token) == 401
    assert guarded.ask(issuer.token(email="bert@example.com")) == 403
    assert capsys.readouterr().out == '{"refused": "aud"}\n{"refused": "another session"}\n'


def test_what_stands_in_an_event_is_no_identity() -> None:
    identities = importlib.import_module("shared.identity")
    assert identities.identity_of({"identity": {"sub": "written by the caller"}}) is None
    assert identities.identity_of({}) is None
