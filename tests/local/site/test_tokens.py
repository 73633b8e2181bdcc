"""The sign-in page as an issuer of tokens: what it publishes, gives and refuses."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.local.site.made import HOST, NOW, browser, key
from tests.local.site.test_application import get, parsed, post

FORM = {"person": "auditor", "audience": "pets-page", "scope": "", "claim": ""}
NAME = "auditor@shop.example.com"


def token_of(page: Any) -> str:
    [text] = parsed(page.text).xpath("//textarea[@id='token']/text()")
    return str(text).strip()


def claims_of(token: str) -> dict[str, Any]:
    found = KeySet.import_key_set(get("/.well-known/jwks.json").get_json())
    return jwt.decode(token, found, algorithms=["RS256"]).claims


def test_a_token_is_of_whom_the_session_is_and_signed_with_a_published_key() -> None:
    seconds = int(NOW.timestamp())
    assert claims_of(token_of(post("/tokens", FORM))) == {
        "iss": f"{HOST}/",
        "sub": NAME,
        "email": NAME,
        "email_verified": True,
        "aud": ["pets-page"],
        "iat": seconds,
        "nbf": seconds,
        "exp": seconds + 3600,
    }


def test_scopes_audiences_and_the_claim_are_those_that_are_asked_for() -> None:
    form = {**FORM, "audience": "a https://b/", "scope": "read:pets openid", "claim": "nickname"}
    found = claims_of(token_of(post("/tokens", form)))
    assert (found["aud"], found["scope"]) == (["a", "https://b/"], "read:pets openid")
    assert (found["nickname"], found["email"]) == (NAME, NAME)


@pytest.mark.parametrize(
    "changed",
    [
        {"person": "nobody"},
        {"audience": ""},
        {"audience": "a\nb"},
        {"audience": 'a"b'},
        {"scope": " "},
        {"claim": "exp"},
        {"claim": "aud"},
        {"claim": "a b"},
    ],
    ids=str,
)
def test_what_the_form_would_not_send_is_refused(changed: dict[str, str]) -> None:
    answer = post("/tokens", {**FORM, **changed})
    assert answer.status_code == 400
    assert "eyJ" not in answer.text


def test_other_sites_get_no_token() -> None:
    assert post("/tokens", FORM, Origin="http://evil.example.com").status_code == 403
    assert get("/tokens", Host="evil.example.com:4600").status_code == 403


def test_the_discovery_names_the_keys_which_hold_nothing_private() -> None:
    found = get("/.well-known/openid-configuration").get_json()
    assert (found["issuer"], found["jwks_uri"]) == (f"{HOST}/", f"{HOST}/.well-known/jwks.json")
    [published] = (
        browser()
        .get("/.well-known/jwks.json", headers={"Host": "127.0.0.1:4600"})
        .get_json()["keys"]
    )
    assert published.keys() == {"kty", "n", "e", "kid", "use", "alg"}
    saml = key().private.public_key().public_numbers().n
    assert published["n"] != base64.urlsafe_b64encode(saml.to_bytes(256)).decode().rstrip("=")


def test_the_page_begins_with_a_form_and_no_token() -> None:
    page = get("/tokens")
    assert parsed(page.text).xpath("//textarea") == []
    assert "visitor" in parsed(page.text).xpath("//option/@value")
    assert "eyJ" not in json.dumps(page.text)
