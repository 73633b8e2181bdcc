"""blueprints/examples/jwt.yaml with the real Terraform: tokens are asked for, and then in place."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import urllib3

from tests.examples.rest_apis import rest_api
from tests.support.issuer import Issuer
from tests.support.project import Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACK = "shelter-local"


@pytest.fixture(scope="module")
def shelter(deployed: Mapping[str, Project]) -> Project:
    return deployed[STACK]


def ask(project: Project, request: str, token: str | None = None) -> tuple[int, Any, str | None]:
    """Status, body, and which origin may read the answer."""
    api = rest_api(project, "shelter-local-shelter")
    method, path = request.split()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{project.endpoint}/_aws/execute-api/{api['id']}/dev{path}"
    answer = urllib3.request(method, url, headers=headers, body=b"{}" if method == "POST" else None)
    return answer.status, answer.json(), answer.headers.get("Access-Control-Allow-Origin")


ORIGIN = "https://app.example.com"
UNAUTHORIZED = (401, {"message": "Unauthorized"}, ORIGIN)
FORBIDDEN = (403, {"Message": "User is not authorized to access this resource"}, ORIGIN)


def test_tokens_open_what_their_scopes_say(shelter: Project, issuer: Issuer) -> None:
    token = issuer.token()
    assert ask(shelter, "GET /animals")[0] == 200, "public"
    assert ask(shelter, "GET /me") == UNAUTHORIZED
    assert ask(shelter, "GET /me", "no.real.token") == UNAUTHORIZED
    assert ask(shelter, "GET /me", issuer.token("stranger")) == UNAUTHORIZED
    assert ask(shelter, "GET /me", token)[:2] == (200, {"is": "signed in"})
    assert ask(shelter, "GET /animals/1", token)[0] == 200
    assert ask(shelter, "POST /animals", token) == FORBIDDEN, "write:animals is missing"
    assert ask(shelter, "POST /animals", issuer.token(scope="write:animals"))[0] != 403
    assert issuer.asked <= 3, "one for each process of the function, and none for each request"


def test_verify_sees_that_a_token_is_asked_for(shelter: Project) -> None:
    words = ("verify", "--environment", "local", "--api", "shelter", "--format", "json")
    done = shelter.run(sys.executable, "-m", "gateprint", *words)
    assert done.code == 0, done.output
    rows = json.loads(done.output[done.output.index("{") :])["rows"]
    found = {each["route"]: each["expected"] for each in rows if each["expected"][:3] == "401"}
    told = "401, a token is asked for"
    assert found == dict.fromkeys(("POST /animals", "GET /animals/{id}", "GET /me"), told)


def test_scopes_issuer_and_cache_change_in_place(shelter: Project, issuer: Issuer) -> None:
    shelter.assert_unchanged(STACK)
    data = shelter.read("jwt")
    data["authorizers"]["auth0"] |= {
        "cache": "0s",
        "leeway": "5s",
        "algorithms": ["RS256", "ES256"],
        "audience": ["https://animals.example.com"],
        "jwks": f"{issuer.url}keys",
    }
    routes = data["apis"]["shelter"]["routes"]
    routes["GET /me"] |= {"scopes": ["profile"], "authorizer": "auth0"}
    data["apis"]["shelter"]["routes"]["GET /animals"] = {"mock": {"status": 200}, "auth": "jwt"}
    shelter.write(data, "jwt")
    output = shelter.apply(STACK)
    assert "0 destroyed" in output.replace("1 destroyed", "0 destroyed"), "the old deployment alone"
    shelter.assert_unchanged(STACK)
    token = issuer.token(aud="https://animals.example.com", scope="profile")
    assert ask(shelter, "GET /me", issuer.token()) == UNAUTHORIZED
    assert ask(shelter, "GET /me", token)[0] == 200
    assert ask(shelter, "GET /animals") == UNAUTHORIZED
    assert ask(shelter, "GET /animals", token)[0] == 200
    assert ask(shelter, "GET /animals/1", token) == FORBIDDEN


def test_all_of_it_goes_again(shelter: Project) -> None:
    done = shelter.terraform(STACK, "destroy", "-auto-approve", "-input=false")
    assert done.code == 0, done.output
