"""blueprints/examples/identity-token.yaml with the real Terraform: who updated a pet."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

import pytest
import urllib3

from tests.examples.rest_apis import rest_api
from tests.support.issuer import Issuer
from tests.support.project import Project
from tests.support.rehearsal import Visitor, signed_in

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACK = "pets-identity-local"
OF_EXAMPLE = "https://acme.auth0.com/"
ORIGIN = "https://app.example.com"
HEADER = "X-Identity-Token"
ANNA, BERT = "anna@example.com", "bert@example.com"
CAT = json.dumps({"type": "cat", "price": 5}).encode()
JSON = {"Content-Type": "application/json", "Origin": ORIGIN}


@pytest.fixture(scope="module")
def shop(deployed: Mapping[str, Project]) -> Project:
    return deployed[STACK]


def api_id(project: Project) -> str:
    return str(rest_api(project, "pets-identity-local-pets-identity")["id"])


@pytest.fixture(scope="module")
def anna(shop: Project) -> Visitor:
    return signed_in(shop, "pets-editor", ANNA, api_id(shop))


def token(issuer: Issuer, email: str = ANNA, **changes: str) -> dict[str, str]:
    return {HEADER: issuer.token(**{"email": email, "aud": "pets-page", **changes})}


UNAUTHORIZED = (401, {"message": "the identity token is missing, or is not accepted"}, ORIGIN)
FORBIDDEN = (403, {"message": "the identity token is not of whom the session is"}, ORIGIN)


def test_a_pet_says_who_updated_it(anna: Visitor, issuer: Issuer) -> None:
    status, pets, origin = anna.ask("POST /pets", {**JSON, **token(issuer)}, CAT)
    assert (status, origin) == (200, ORIGIN)
    assert pets[-1] == {"id": 4, "type": "cat", "price": 5.0, "updated_by": ANNA}
    lower = {name.lower(): value for name, value in token(issuer).items()}
    assert anna.ask("POST /pets", {**JSON, **lower}, CAT)[0] == 200, "names have no case"
    told = {"subject": "auth0|anna", "session": ANNA}
    assert anna.ask("GET /me", {**JSON, **token(issuer)}) == (200, told, ORIGIN)
    assert anna.ask("GET /pets", {})[0] == 200, "asks for none"
    assert issuer.asked <= 3, "once for each process, and not for each request"


@pytest.mark.parametrize(("request_line", "body"), [("POST /pets", CAT), ("GET /me", None)])
def test_nothing_but_the_own_token_is_let_through(
    anna: Visitor, issuer: Issuer, request_line: str, body: bytes | None
) -> None:
    assert anna.ask(request_line, JSON, body) == UNAUTHORIZED
    assert anna.ask(request_line, {**JSON, HEADER: "no.real.token"}, body) == UNAUTHORIZED
    quoted = {**JSON, HEADER: "\"'\\ ${x} #set($caller = 1)"}
    assert anna.ask(request_line, quoted, body) == UNAUTHORIZED
    stranger = {**JSON, HEADER: issuer.token("stranger", email=ANNA, aud="pets-page")}
    assert anna.ask(request_line, stranger, body) == UNAUTHORIZED
    elsewhere = {**JSON, **token(issuer, aud="another-page")}
    assert anna.ask(request_line, elsewhere, body) == UNAUTHORIZED
    assert anna.ask(request_line, {**JSON, **token(issuer, BERT)}, body) == FORBIDDEN


def test_a_token_changed_on_the_way_breaks_the_signature(anna: Visitor, issuer: Issuer) -> None:
    first = token(issuer)
    second = token(issuer, jti="another")
    status, said, _ = anna.ask("GET /me", first, later=second)
    assert status == 403
    assert said["message"].startswith("The request signature we calculated does not match")


def test_a_role_that_was_not_granted_the_route_is_refused_before(
    shop: Project, issuer: Issuer
) -> None:
    reader = signed_in(shop, "pets-reader", ANNA, api_id(shop))
    status, said, _ = reader.ask("GET /me", token(issuer))
    assert status == 403
    assert "not authorized to perform: execute-api:Invoke" in said["Message"]


def test_a_browser_may_send_the_header(shop: Project) -> None:
    api = rest_api(shop, "pets-identity-local-pets-identity")
    url = f"{shop.endpoint}/_aws/execute-api/{api['id']}/dev/pets"
    answer = urllib3.request("OPTIONS", url, headers={"Origin": ORIGIN})
    assert HEADER in answer.headers["Access-Control-Allow-Headers"].split(",")


def test_verify_sees_that_the_functions_ask_for_the_token(shop: Project) -> None:
    words = ("verify", "--environment", "local", "--api", "pets-identity", "--format", "json")
    done = shop.run(sys.executable, "-m", "gateprint", *words)
    assert done.code == 0, done.output
    rows = json.loads(done.output[done.output.index("{") :])["rows"]
    asked = {
        each["route"]: each["found"][:3] for each in rows if "401 of the f" in each["expected"]
    }
    assert asked == {"POST /pets": "401", "GET /me": "401"}


def test_what_lambda_gets_is_for_lambda(shop: Project) -> None:
    function = shop.client("lambda").get_function(FunctionName="pets-identity-local-update_pets")
    found = function["Configuration"]
    assert found["Handler"] == "shared.guard.handler"
    assert 15_000_000 < found["CodeSize"] < 50_000_000, "the packages are in it; AWS takes 50 MB"
    shop.assert_unchanged(STACK)
