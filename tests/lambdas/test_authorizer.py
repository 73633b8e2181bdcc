"""The function behind `auth: jwt`: a hostile token is a 401, an issuer's failure never a yes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gateprint.local.functions.runner import FunctionRunner
from gateprint.model.written.authorizer import ALGORITHMS
from gateprint.stack.archive import pack
from gateprint.workflow import packing
from gateprint.workflow.lambdas import source_files
from tests.local.functions.written import WrittenAccount
from tests.support.hostile_tokens import REFUSED, claiming, every_key, heading, now, signed
from tests.support.issuer import AUDIENCE, Issuer, issuing, jwk
from tests.support.project import ROOT

ARN = "arn:aws:execute-api:us-east-2:123456789012:abc123/dev"
ROUTES = [
    {"pattern": "GET/animals/?*", "scopes": ["read:animals"]},
    {"pattern": "GET/me", "scopes": []},
    {"pattern": "POST/animals", "scopes": ["read:animals", "write:animals"]},
]
# Moves the function's clock: refreshing keys is a matter of half a minute.
CLOCKED = b"""
import { handler as real } from './index.mjs'
const now = Date.now
export async function handler({ later = 0, ...event }) {
  Date.now = () => now() + later * 1000
  return real(event)
}
"""


class Function:
    """The function as it is deployed, with settings, in a process of its own."""

    def __init__(self, runner: FunctionRunner, account: WrittenAccount, **settings: Any) -> None:
        files = {
            **source_files(ROOT / "lambdas", "authorizer", is_shared=False),
            **packing.library(ROOT),
            "settings.json": json.dumps(settings).encode(),
            "clocked.mjs": CLOCKED,
        }
        self._arn = account.write(
            pack("authorizer", files).content,
            arn=f"arn:aws:lambda:us-east-2:123456789012:function:{abs(hash(str(settings)))}",
            runtime="nodejs22.x",
            handler="clocked.handler",
            memory_mib=256,
            timeout_seconds=15,
        )
        self._runner = runner

    def ask(self, authorization: Any, later: float = 0, arn: str = f"{ARN}/GET/me") -> Any:
        """The policy document's answer, or the text of the error."""
        event = {"type": "TOKEN", "authorizationToken": authorization, "methodArn": arn}
        found = self._runner.invoke(self._arn, json.dumps({**event, "later": later}))
        answer = json.loads(found.payload)
        return answer["errorMessage"] if found.error else answer

    def resources(self, authorization: str, later: float = 0) -> Any:
        """What the token may call; the text of the error where it is refused."""
        answer = self.ask(authorization, later)
        if isinstance(answer, str):
            return answer
        [statement] = answer["policyDocument"]["Statement"]
        named = [each.removeprefix(f"{ARN}/") for each in statement["Resource"]]
        return [*([] if statement["Effect"] == "Allow" else ["Deny"]), *named]


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture(scope="module")
def start(
    tmp_path_factory: pytest.TempPathFactory, issuer: Issuer
) -> Iterator[Callable[..., Function]]:
    """Start the function with the issuer's settings, but for some."""
    account = WrittenAccount()
    runner = FunctionRunner(account, "http://127.0.0.1:1", tmp_path_factory.mktemp("functions"))

    def made(**changes: Any) -> Function:
        usual = {
            "issuer": issuer.url,
            "audience": [AUDIENCE],
            "algorithms": ["RS256"],
            "jwks": f"{issuer.url}.well-known/jwks.json",
            "leeway": 0,
            "routes": ROUTES,
        }
        return Function(runner, account, **{**usual, **changes})

    yield made
    runner.close()


@pytest.fixture(scope="module")
def usual(start: Callable[..., Function], issuer: Issuer) -> Function:
    """The function after it has fetched these keys."""
    issuer.publish(*every_key())
    found = start()
    assert found.resources(f"Bearer {issuer.token()}") == ["GET/animals/?*", "GET/me"]
    return found


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_a_hostile_token_is_unauthorized(
    usual: Function, issuer: Issuer, make: Callable[[Issuer], Any]
) -> None:
    assert usual.ask(make(issuer)) == "Unauthorized"


ALL = ["GET/animals/?*", "GET/me", "POST/animals"]
OPENED: dict[str, tuple[Callable[[Issuer], str], list[str]]] = {
    "the usual scopes": (claiming(), ALL[:2]),
    "all scopes": (claiming(scope="write:animals read:animals"), ALL),
    "one of two scopes": (claiming(scope="write:animals"), ["GET/me"]),
    "no scope": (claiming(scope=None), ["GET/me"]),
    "a scope in another case": (claiming(scope="READ:ANIMALS"), ["GET/me"]),
    "a scope that only begins so": (claiming(scope="read:animals2"), ["GET/me"]),
    "a scope with a star": (claiming(scope="*"), ["GET/me"]),
    "scopes with a comma": (claiming(scope="read:animals,write:animals"), ["GET/me"]),
    "scopes in a list": (claiming(scope=None, scp=["read:animals"]), ALL[:2]),
    "scopes in a list of lists": (claiming(scope=[["read:animals"]]), ["GET/me"]),
    "scopes as an object": (claiming(scope={"read:animals": True}), ["GET/me"]),
    "scopes in an ID token's words": (claiming(scope=None, roles=["read:animals"]), ["GET/me"]),
    "a token of RFC 9068": (heading(typ="at+jwt"), ALL[:2]),
    "a token of no stated type": (heading(typ=None), ALL[:2]),
    "an audience in text": (claiming(aud=AUDIENCE), ALL[:2]),
    "a beginning instead of when it was made": (claiming(iat=None, nbf=1), ALL[:2]),
    "keys elsewhere, which are not looked at": (heading(jku="http://127.0.0.1:9/"), ALL[:2]),
}


@pytest.mark.parametrize(("make", "expected"), OPENED.values(), ids=OPENED)
def test_a_token_opens_all_that_its_scopes_open_and_no_more(
    usual: Function, issuer: Issuer, make: Callable[[Issuer], str], expected: list[str]
) -> None:
    assert usual.resources(make(issuer)) == expected


def test_the_answer_names_the_subject_and_passes_texts_on(usual: Function, issuer: Issuer) -> None:
    claims: dict[str, Any] = {"jti": "x" * 2000, "permissions": ["a"], "org": {"id": 1}}
    answer = usual.ask(f"Bearer {issuer.token(**claims)}", arn=f"{ARN}/DELETE/animals/7")
    assert answer["principalId"] == "auth0|anna"
    assert sorted(answer["context"]) == ["azp", "exp", "iat", "iss", "scope", "sub"]
    assert all(isinstance(each, str) for each in answer["context"].values())
    [statement] = answer["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow", "the same for every method: it is remembered"


def test_a_token_that_opens_nothing_is_denied_the_whole_stage(
    start: Callable[..., Function], usual: Function, issuer: Issuer
) -> None:
    strict = start(routes=ROUTES[2:])
    assert strict.resources(f"Bearer {issuer.token()}") == ["Deny", "*"]


@pytest.mark.parametrize(
    "arn", ["", "*", "arn:aws:execute-api:us-east-2:1:abc/dev/GET/x", f"{ARN}"]
)
def test_a_method_that_is_none_is_no_policy(usual: Function, issuer: Issuer, arn: str) -> None:
    assert usual.ask(f"Bearer {issuer.token()}", arn=arn) == "methodArn is not that of a method"


@pytest.mark.parametrize("algorithm", [each for each in ALGORITHMS if each != "RS256"])
def test_each_algorithm_works_where_it_is_allowed(
    start: Callable[..., Function], issuer: Issuer, algorithm: str
) -> None:
    issuer.publish(jwk(algorithm, algorithm), jwk("first"))
    function = start(algorithms=[algorithm])
    made = signed(issuer, alg=algorithm, algorithm=algorithm, kid=algorithm, key=algorithm)
    assert function.resources(made) == ALL[:2]
    assert function.resources(f"Bearer {issuer.token()}") == "Unauthorized"


def test_leeway_is_for_clocks_that_differ(start: Callable[..., Function], issuer: Issuer) -> None:
    issuer.publish(jwk("first"))
    function = start(leeway=60)
    assert function.resources(f"Bearer {issuer.token(exp=now() - 30)}") == ALL[:2]
    assert function.resources(f"Bearer {issuer.token(iat=now() + 30)}") == ALL[:2]
    assert function.resources(f"Bearer {issuer.token(exp=now() - 90)}") == "Unauthorized"
    assert function.resources(f"Bearer {issuer.token(iat=now() + 90)}") == "Unauthorized"


def test_a_new_key_is_fetched_once_and_not_again_for_half_a_minute(
    start: Callable[..., Function], issuer: Issuer
) -> None:
    issuer.publish(jwk("first"))
    function, before = start(leeway=1), issuer.asked
    assert function.resources(f"Bearer {issuer.token()}") == ALL[:2]
    issuer.publish(jwk("second"))
    for _ in range(5):
        assert function.resources(f"Bearer {issuer.token('second')}") == "Unauthorized"
    assert issuer.asked - before == 1, "what was fetched just now is not fetched again"
    assert function.resources(f"Bearer {issuer.token('second')}", later=31) == ALL[:2]
    assert issuer.asked - before == 2
    for _ in range(5):
        assert function.resources(f"Bearer {issuer.token('third')}", later=32) == "Unauthorized"
    assert issuer.asked - before == 2
    assert function.resources(f"Bearer {issuer.token()}", later=33) == "Unauthorized", "withdrawn"


FAILURES: dict[str, Callable[[Issuer], None]] = {
    "an error": lambda issuer: issuer.answer(500),
    "nothing there": lambda issuer: issuer.answer(404),
    "a redirect": lambda issuer: issuer.answer(302, Location="https://example.com/keys"),
    "no JSON": lambda issuer: issuer.answer(200, b"<html>"),
    "too much": lambda issuer: issuer.answer(200, b'{"keys": []' + b" " * 200_000 + b"}"),
    "too late": lambda issuer: issuer.dawdle(4),
}


@pytest.mark.parametrize("fail", FAILURES.values(), ids=FAILURES)
def test_an_issuer_that_fails_is_no_yes_and_is_left_alone_for_a_while(
    start: Callable[..., Function], issuer: Issuer, fail: Callable[[Issuer], None]
) -> None:
    issuer.publish(jwk("first"))
    fail(issuer)
    function, before = start(leeway=list(FAILURES.values()).index(fail) + 2), issuer.asked
    for _ in range(3):
        assert function.ask(f"Bearer {issuer.token()}").startswith("the issuer's keys: ")
    assert issuer.asked - before == 1
    issuer.publish(jwk("first"))
    assert function.resources(f"Bearer {issuer.token()}", later=6) == ALL[:2]


@pytest.mark.parametrize("keys", [{"keys": []}, {"keys": "first"}, {}, []])
def test_an_issuer_without_keys_signs_nothing(
    start: Callable[..., Function], issuer: Issuer, keys: Any
) -> None:
    issuer.publish()
    issuer.answer(200, json.dumps(keys).encode())
    function = start(leeway=20, audience=[AUDIENCE, str(keys)])
    assert function.ask(f"Bearer {issuer.token()}") == "Unauthorized"


def test_keys_are_fetched_by_https_alone(start: Callable[..., Function], issuer: Issuer) -> None:
    function = start(jwks="http://keys.example.com/")
    assert function.ask(f"Bearer {issuer.token()}") == "an issuer publishes its keys by https"


def test_the_log_says_why_and_nothing_of_the_token(
    tmp_path: Path, usual: Function, issuer: Issuer
) -> None:
    account = WrittenAccount()
    runner = FunctionRunner(account, "http://127.0.0.1:1", tmp_path)
    issuer.publish(jwk("first"))
    settings: Mapping[str, Any] = {"issuer": issuer.url, "audience": ["x"], "algorithms": ["RS256"]}
    function = Function(runner, account, **settings, jwks=issuer.url, leeway=0, routes=[])
    sent = issuer.token()
    assert function.ask(f"Bearer {sent}") == "Unauthorized"
    runner.close()
    log = "\n".join(account.lines)
    assert '{"refused":"ERR_JWT_CLAIM_VALIDATION_FAILED aud"}' in log
    assert not any(part in log for part in (*sent.split("."), "anna"))
