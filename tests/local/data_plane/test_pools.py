"""Tokens of Cognito's user pools: hostile ones are a 401, and backends see the claims of others."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from gateprint.access.evaluate import Decision, Outcome
from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.pools import Pool
from gateprint.local.web import HttpResponse
from tests.local.data_plane.made import (
    ACCOUNT,
    NOW,
    REGION,
    Cloud,
    call,
    custom,
    header,
    method,
    proxy,
    snapshot,
    text,
)
from tests.support.issuer import jwk, public_pem, token

ARN = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_first"
OTHER = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_other"
ISSUER = f"https://cognito-idp.{REGION}.amazonaws.com/{REGION}_first"
OF_OTHER = f"https://cognito-idp.{REGION}.amazonaws.com/{REGION}_other"
AUTHORIZER: Mapping[str, Any] = {
    "id": "pools1",
    "name": "customers",
    "type": "COGNITO_USER_POOLS",
    "providerARNs": [ARN],
    "identitySource": "method.request.header.Authorization",
}


def public_key(name: str) -> RSAKey:
    return RSAKey.import_key({each: jwk(name)[each] for each in ("kty", "n", "e")})


POOLS = {
    ARN: Pool(ISSUER, {"first": public_key("first")}, frozenset({"app"})),
    OTHER: Pool(OF_OTHER, {"second": public_key("second")}, frozenset({"page"})),
}


def asking(*scopes: str, integration: Mapping[str, Any] | None = None) -> dict[str, Any]:
    more = {"authorizationScopes": list(scopes)} if scopes else {}
    kind = "COGNITO_USER_POOLS"
    return method(integration, authorizationType=kind, authorizerId="pools1", **more)


def cloud(*scopes: str, authorizer: Mapping[str, Any] = AUTHORIZER, **more: Any) -> Cloud:
    made = snapshot({"GET /pets": asking(*scopes, **more)}, authorizers=[authorizer])
    return Cloud(made, pools=POOLS)


def claims(use: str, **changes: Any) -> dict[str, Any]:
    """Sound claims as Cognito writes them; None leaves one out."""
    now = int(NOW.timestamp())
    usual = {"iss": ISSUER, "sub": "anna", "token_use": use, "iat": now, "exp": now + 60}
    own = {"aud": "app", "email_verified": True, "cognito:groups": ["a", "b"]}
    if use == "access":
        own = {"client_id": "app", "scope": "openid pets/read"}
    return {name: value for name, value in {**usual, **own, **changes}.items() if value is not None}


def made(use: str = "id", key: str = "first", algorithm: str = "RS256", **changes: Any) -> str:
    """A token; changes of its header begin with `header_`."""
    said = {name: changes.pop(f"header_{name}", None) for name in ("alg", "kid", "typ", "jwk")}
    said = {"alg": algorithm, "kid": key, **{k: v for k, v in said.items() if v is not None}}
    said = {name: value for name, value in said.items() if value != ""}
    return token(said, claims(use, **changes), key=key, algorithm=algorithm)


def asked(here: Cloud, value: str) -> HttpResponse:
    return call(here, headers=(("Authorization", value),))


def said(response: HttpResponse) -> tuple[int, str, str | None]:
    return *text(response), header(response, "x-amzn-errortype")


REFUSED = (401, '{"message":"Unauthorized"}', "UnauthorizedException")
EXPIRED = (401, '{"message":"The incoming token has expired"}', "UnauthorizedException")
NOW_SECONDS = int(NOW.timestamp())


@pytest.mark.parametrize("word", ["", "Bearer ", "bearer "])
def test_a_token_may_stand_alone_or_after_bearer(word: str) -> None:
    assert asked(cloud(), f"{word}{made()}").status == 200


SCOPES: list[tuple[tuple[str, ...], str, str | None, int]] = [
    ((), "id", None, 200),
    ((), "access", "pets/read", 401),
    (("pets/read",), "id", None, 401),
    (("pets/read",), "id", "pets/read", 401),
    (("pets/read",), "access", "pets/read", 200),
    (("pets/read",), "access", "openid pets/read email", 200),
    (("pets/read", "pets/write"), "access", "pets/write", 200),
    (("pets/write",), "access", "pets/read", 401),
    (("pets/read",), "access", "pets/reader", 401),
    (("pets/read",), "access", "PETS/READ", 401),
    (("pets/read",), "access", "", 401),
    (("pets/read",), "access", None, 401),
]


@pytest.mark.parametrize(("scopes", "use", "held", "status"), SCOPES)
def test_one_of_the_scopes_is_enough_and_without_any_an_id_token_is_asked_for(
    scopes: tuple[str, ...], use: str, held: str | None, status: int
) -> None:
    assert asked(cloud(*scopes), made(use, scope=held)).status == status


PUBLIC = public_pem("first").decode()
SECOND = jwk("second")
HOSTILE: dict[str, str] = {
    "nothing": "",
    "no token": "Bearer",
    "a word": "Bearer no.real.token",
    "two parts": made().rpartition(".")[0],
    "without its signature": f"{made().rpartition('.')[0]}.",
    "four parts": f"{made()}.x",
    "a space in it": made().replace(".", " .", 1),
    "no algorithm": made(algorithm="none", header_kid="first"),
    "an algorithm in capitals": made(algorithm="NONE", header_kid="first"),
    "the public key as a secret": token(
        {"alg": "HS256", "kid": "first"}, claims("id"), algorithm="HS256", key=PUBLIC
    ),
    "another algorithm": made(algorithm="RS384"),
    "PSS": made(algorithm="PS256"),
    "RS256 said, PSS done": made(algorithm="PS256", header_alg="RS256"),
    "no kid": made(header_kid=""),
    "a kid of another pool": made(key="second"),
    "a kid that is a number": made(header_kid=7),
    "a kid that is a list": made(header_kid=["first"]),
    "a stranger's key under this kid": made(key="stranger", header_kid="first"),
    "its own key in the header": made(
        key="second", header_kid="first", header_jwk={"kty": "RSA", "n": SECOND["n"], "e": "AQAB"}
    ),
    "another pool's issuer": made(iss=OF_OTHER),
    "an issuer with a slash": made(iss=f"{ISSUER}/"),
    "no issuer": made(iss=None),
    "an access token": made("access"),
    "a refresh token's use": made(token_use="refresh"),
    "no use": made(token_use=None),
    "another client": made(aud="page"),
    "several audiences": made(aud=["app", "page"]),
    "no audience": made(aud=None),
    "an access token's client alone": made(aud=None, client_id="app"),
    "no expiry": made(exp=None),
    "an expiry that is a text": made(exp=str(NOW_SECONDS + 60)),
    "an expiry that is true": made(exp=True),
    "no JSON": token(b"{", claims("id")),
    "claims that are a list": token({"alg": "RS256", "kid": "first"}, b"[]"),
    "claims that are no UTF-8": token({"alg": "RS256", "kid": "first"}, b"\xff"),
    "deep claims": token({"alg": "RS256", "kid": "first"}, b"[" * 3_000),
    "a critical header": token({"alg": "RS256", "kid": "first", "crit": ["x"]}, claims("id")),
    "a very long one": made(more="x" * 10_240),
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_token_is_a_401(value: str) -> None:
    here = cloud()
    assert said(asked(here, value)) == REFUSED
    assert here.asked == [], "nobody is asked further"


@pytest.mark.parametrize("until", [NOW_SECONDS, NOW_SECONDS - 1, 0, -1])
def test_an_old_token_is_a_401_that_says_so(until: int) -> None:
    assert said(asked(cloud(), made(exp=until))) == EXPIRED


def test_several_pools_are_each_asked_about_their_own_tokens() -> None:
    both = cloud(authorizer={**AUTHORIZER, "providerARNs": [ARN, OTHER]})
    of_other = made(key="second", iss=OF_OTHER, aud="page")
    assert asked(both, made()).status == 200
    assert asked(both, of_other).status == 200
    assert asked(both, made(key="second", iss=OF_OTHER, aud="app")).status == 401, "the first's"
    assert asked(cloud(), of_other).status == 401


def test_a_pool_that_is_not_there_lets_nobody_in() -> None:
    elsewhere = {**AUTHORIZER, "providerARNs": [ARN.replace(ACCOUNT, "999999999999")]}
    assert said(asked(cloud(authorizer=elsewhere), made())) == REFUSED


def test_a_proxy_function_sees_the_claims_as_texts() -> None:
    here = cloud(integration=proxy())
    asked(here, made())
    seen = here.events[0]["requestContext"]["authorizer"]
    assert list(seen) == ["claims"]
    assert seen["claims"] | {"iat": "", "exp": ""} == {
        "iss": ISSUER,
        "sub": "anna",
        "token_use": "id",
        "aud": "app",
        "email_verified": "true",
        "cognito:groups": "a,b",
        "iat": "",
        "exp": "",
    }
    assert seen["claims"]["exp"] == "Sun Mar 01 12:01:00 UTC 2026"


def test_a_template_reads_a_claim() -> None:
    template = '{"who": "$context.authorizer.claims.sub"}'
    here = cloud(integration=custom(template, {"statusCode": "200"}))
    assert asked(here, made()).status == 200
    assert here.events == [{"who": "anna"}]


def deciding(outcome: Outcome) -> Callable[[str], Decision]:
    return lambda _arn: Decision(outcome)


def test_a_resource_policy_has_to_allow_it_too() -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": []})
    made_so = snapshot({"GET /pets": asking()}, authorizers=[AUTHORIZER], policy=document)
    cases: list[tuple[Outcome, int]] = [
        ("allow", 200),
        ("implicit-deny", 403),
        ("explicit-deny", 403),
    ]
    for outcome, status in cases:
        here = Cloud(made_so, pools=POOLS, decide=deciding(outcome))
        assert asked(here, made()).status == status
        assert asked(here, "").status == 401, "the token is asked for first"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"type": "TOKEN"}, "the authorizer pools1 is of type TOKEN"),
        ({"identitySource": "method.request.querystring.token"}, "the identity source"),
        ({"identityValidationExpression": "app"}, "does not validate tokens of user pools"),
        ({"id": "other"}, "there is no authorizer pools1"),
    ],
)
def test_what_is_not_done_is_refused_when_it_is_deployed(
    change: Mapping[str, Any], why: str
) -> None:
    with pytest.raises(NotServed) as caught:
        cloud(authorizer={**AUTHORIZER, **change})
    assert why in str(caught.value)


def test_the_access_log_of_a_stage_can_say_whose_token_it_was() -> None:
    here = cloud()
    line = "$context.authorizer.claims.sub $context.status"
    logged = replace(here, stage=replace(here.stage, log_group_arn="arn:x", log_format=line))
    asked(logged, made())
    assert logged.lines == ["anna 200"]
