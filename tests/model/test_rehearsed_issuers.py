"""Whose tokens a rehearsed blueprint takes: those of its issuers, or of the sign-in page."""

from __future__ import annotations

import json

import pytest

from tests.model.made import NONPROD, environment_of, rejected, resolved_of

SIGN_IN = f"{NONPROD}\nendpoint: http://127.0.0.1:4599\ntokens: sign_in\n"
PAGE = "http://127.0.0.1:4600/"
PETS = """\
blueprint: 1
name: pets
stages: {dev: {environment: nonprod}}
authorizers:
  auth0: {issuer: "ISSUER", audience: [pets-page], algorithms: [ES256], jwks: "ISSUERkeys"}
apis:
  pets:
    routes:
      GET /pets: {function: list_pets, identity_token: {claim: email}}
      POST /pets: {mock: {status: 200}, auth: jwt}
functions:
  list_pets: {source: pets, handler: app.list_pets, proxy: false}
"""


def settings(issuer: str, environment: str) -> tuple[str, str, list[str], list[str]]:
    """Return what the guard is told, which must be what the authorizer is told."""
    blueprint = resolved_of(PETS.replace("ISSUER", issuer), environment_of(environment))
    [api] = blueprint.apis
    [token] = api.authorizers
    told = json.loads(blueprint.functions[0].environment["IDENTITY_TOKEN"])
    assert (told["issuer"], told["jwks"]) == (token.issuer, token.jwks)
    return token.issuer, token.jwks, list(token.algorithms), list(token.audiences)


WRITTEN = "https://acme.auth0.com/"
LOOPBACK = "http://127.0.0.1:5000/"


@pytest.mark.parametrize(
    ("issuer", "environment", "expected"),
    [
        (WRITTEN, SIGN_IN, (PAGE, f"{PAGE}.well-known/jwks.json", ["RS256"], ["pets-page"])),
        (WRITTEN, NONPROD, (WRITTEN, f"{WRITTEN}keys", ["ES256"], ["pets-page"])),
        (LOOPBACK, SIGN_IN, (LOOPBACK, f"{LOOPBACK}keys", ["ES256"], ["pets-page"])),
    ],
)
def test_the_sign_in_page_stands_in_for_issuers_elsewhere(
    issuer: str, environment: str, expected: tuple[str, str, list[str], list[str]]
) -> None:
    assert settings(issuer, environment) == expected


def test_in_aws_there_is_no_sign_in_page() -> None:
    [found] = rejected(environment_of, f"{NONPROD}\ntokens: sign_in\n")
    assert (found.code, "no endpoint" in found.problem) == ("wrong-issuer", True)
