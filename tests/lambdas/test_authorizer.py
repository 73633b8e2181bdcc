"""The function behind `auth: jwt`: a hostile token is a 401, an issuer's failure never a yes."""

from __future__ import annotations

import base64
import json
import time
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
from tests.support.issuer import AUDIENCE, Issuer, b64, issuing, jwk, public_pem, token
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
    keys = [jwk("first"), jwk("small", bits=1024), jwk("encrypting", use="enc")]
    keys += [jwk("other", alg="PS256"), jwk("unmarked", use=None), jwk("EC", "ES256")]
    private = jwk("private", d="AQAB")
    symmetric = {"kty": "oct", "kid": "oct", "use": "sig", "k": b64(b"secret" * 8)}
    issuer.publish(*keys, private, symmetric, {"kty": "RSA"}, None, 7)
    found = start()
    assert found.resources(f"Bearer {issuer.token()}") == ["GET/animals/?*", "GET/me"]
    return found


def header(**changes: Any) -> dict[str, Any]:
    said = {"alg": "RS256", "typ": "JWT", "kid": "first", **changes}
    return {name: value for name, value in said.items() if value is not None}


def signed(issuer: Issuer, **changes: Any) -> str:
    """A token with a changed header."""
    key, algorithm = changes.pop("key", "first"), changes.pop("algorithm", "RS256")
    bits = changes.pop("bits", 2048)
    said = header(**changes)
    return f"Bearer {token(said, issuer.claims(), algorithm=algorithm, key=key, bits=bits)}"


def claiming(**changes: Any) -> Callable[[Issuer], str]:
    return lambda issuer: f"Bearer {issuer.token(**changes)}"


def heading(**changes: Any) -> Callable[[Issuer], str]:
    return lambda issuer: signed(issuer, **changes)


def edited(change: Callable[[list[str]], list[str]]) -> Callable[[Issuer], str]:
    """A sound token whose three parts are changed afterwards."""
    return lambda issuer: f"Bearer {'.'.join(change(issuer.token().split('.')))}"


def with_claims(text: bytes) -> Callable[[Issuer], str]:
    return lambda _issuer: f"Bearer {token(header(), text)}"


def swapped(parts: list[str]) -> list[str]:
    """Other claims below the signature of the old ones."""
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    return [parts[0], b64(json.dumps({**claims, "scope": "write:animals"}).encode()), parts[2]]


def now() -> int:
    return int(time.time())


def timed(**seconds: int) -> Callable[[Issuer], str]:
    """A token with times that are so many seconds from the moment when it is sent."""

    def make(issuer: Issuer) -> str:
        claims: dict[str, Any] = {name: now() + each for name, each in seconds.items()}
        return f"Bearer {issuer.token(**claims)}"

    return make


PEM = public_pem("first").decode()
REFUSED: dict[str, Callable[[Issuer], Any]] = {
    # The header of the request.
    "nothing": lambda _: "",
    "no text": lambda _: None,
    "a list": lambda issuer: [f"Bearer {issuer.token()}"],
    "no scheme": lambda issuer: issuer.token(),
    "another scheme": lambda issuer: f"Basic {issuer.token()}",
    "a scheme in small letters": lambda issuer: f"bearer {issuer.token()}",
    "two spaces": lambda issuer: f"Bearer  {issuer.token()}",
    "a tab": lambda issuer: f"Bearer\t{issuer.token()}",
    "a line after it": lambda issuer: f"Bearer {issuer.token()}\n",
    "two tokens": lambda issuer: f"Bearer {issuer.token()}, Bearer {issuer.token()}",
    "a word alone": lambda _: "Bearer",
    "two parts": edited(lambda parts: parts[:2]),
    "four parts": edited(lambda parts: [*parts, parts[2]]),
    "five parts, as encrypted tokens have": edited(lambda parts: [*parts, "e30", "e30"]),
    "empty parts": lambda _: "Bearer ..",
    "a percent sign": edited(lambda parts: [parts[0], f"{parts[1]}%2e", parts[2]]),
    "padding": edited(lambda parts: [parts[0], f"{parts[1]}=", parts[2]]),
    "more than 8 KiB": claiming(more="x" * 8000),
    "a megabyte": lambda _: f"Bearer {'a' * 500_000}.{'a' * 500_000}.a",
    # The token's own header.
    "a header that is not JSON": lambda i: f"Bearer {token(b'x', i.claims())}",
    "a header that is a list": lambda i: f"Bearer {token(b'[]', i.claims())}",
    "a header that is null": lambda i: f"Bearer {token(b'null', i.claims())}",
    "no algorithm": heading(alg=None),
    "the algorithm none": heading(alg="none", algorithm="none"),
    "the algorithm None": heading(alg="None", algorithm="none"),
    "the algorithm nOnE": heading(alg="nOnE", algorithm="none"),
    "the algorithm none with a signature": heading(alg="none"),
    "HS256 with the public key as secret": heading(alg="HS256", algorithm="HS256", key=PEM),
    "HS256 with a key of the set": heading(alg="HS256", algorithm="HS256", key="secret", kid="oct"),
    "RS384, which is not allowed": heading(alg="RS384", algorithm="RS384"),
    "RS512, which is not allowed": heading(alg="RS512", algorithm="RS512"),
    "PS256, which is not allowed": heading(alg="PS256", algorithm="PS256"),
    "ES256, which is not allowed": heading(alg="ES256", algorithm="ES256", kid="EC"),
    "an algorithm in small letters": heading(alg="rs256"),
    "a list of algorithms": heading(alg=["RS256"]),
    "RS256 with a key of another kind": heading(kid="EC", algorithm="ES256"),
    "no key": heading(kid=None),
    "an empty name of a key": heading(kid=""),
    "a key that is not known": heading(kid="unknown", key="stranger"),
    "a path for a key": heading(kid="../../dev/null", algorithm="HS256", key=""),
    "a query for a key": heading(kid="first' OR '1'='1"),
    "a number for a key": heading(kid=1),
    "a name of a key with 300 letters": heading(kid="k" * 300),
    "__proto__ for a key": heading(kid="__proto__"),
    "a key of 1024 bits": heading(kid="small", key="small", bits=1024),
    "a key for encryption": heading(kid="encrypting", key="encrypting"),
    "a key of no stated use": heading(kid="unmarked", key="unmarked"),
    "a key for another algorithm": heading(kid="other", key="other"),
    "a key that was published with its private half": heading(kid="private", key="private"),
    "another key's signature": heading(key="stranger"),
    "a key of its own (jwk)": heading(jwk=jwk("stranger"), key="stranger"),
    "keys elsewhere (jku)": heading(jku="http://127.0.0.1:9/keys", kid="stranger", key="stranger"),
    "a certificate (x5c)": heading(x5c=["AAAA"], kid="stranger", key="stranger"),
    "a critical extension": heading(crit=["exp"], exp=1),
    "an unencoded payload": heading(crit=["b64"], b64=False),
    "a token of another type": heading(typ="logout+jwt"),
    "a proof of possession": heading(typ="dpop+jwt"),
    "a type that is a number": heading(typ=7),
    # The signature.
    "no signature": edited(lambda parts: [*parts[:2], ""]),
    "a signature of zeros": edited(lambda parts: [*parts[:2], b64(bytes(256))]),
    "a signature cut short": edited(lambda parts: [*parts[:2], parts[2][:-8]]),
    "a signature of the header alone": edited(lambda parts: [parts[0], parts[0], parts[2]]),
    "other claims than were signed": edited(swapped),
    # The claims.
    "claims that are not JSON": with_claims(b"x"),
    "claims that are a list": with_claims(b"[]"),
    "claims that are null": with_claims(b"null"),
    "no issuer": claiming(iss=None),
    "another issuer": claiming(iss="https://evil.example.com/"),
    "the issuer without its slash": lambda i: claiming(iss=i.url.rstrip("/"))(i),
    "the issuer with more": lambda i: claiming(iss=f"{i.url}evil")(i),
    "a list of issuers": lambda i: claiming(iss=[i.url])(i),
    "no audience": claiming(aud=None),
    "an empty audience": claiming(aud=[]),
    "another audience": claiming(aud="https://other.example.com"),
    "the audience in another case": claiming(aud=AUDIENCE.upper()),
    "the audience with a slash": claiming(aud=f"{AUDIENCE}/"),
    "an application's id, as ID tokens have": claiming(aud="app", nonce="n"),
    "an object for an audience": claiming(aud={AUDIENCE: True}),
    "no end": claiming(exp=None),
    "an end that is over": timed(exp=-1),
    "an end long ago": claiming(exp=0),
    "an end before all": claiming(exp=-1),
    "an end in text": lambda i: f"Bearer {i.token(exp=str(now() + 3600))}",
    "an end that is true": claiming(exp=True),
    "a beginning to come": timed(nbf=60),
    "a beginning in text": claiming(nbf="0"),
    "made in the future": timed(iat=600),
    "made at a time in text": claiming(iat="yesterday"),
    "neither a beginning nor when it was made": claiming(iat=None),
    "no subject": claiming(sub=None),
    "an empty subject": claiming(sub=""),
    "a subject that is a number": claiming(sub=7),
    "a subject that is a list": claiming(sub=["auth0|anna"]),
    "a subject with a line break": claiming(sub="anna\nrole: admin"),
    "a subject of 300 letters": claiming(sub="a" * 300),
}


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
