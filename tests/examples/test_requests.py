"""blueprints/examples/validation.yaml with the real Terraform: what is checked, and in place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
import urllib3

from tests.examples.rest_apis import rest_api
from tests.examples.verified import of_kind, published, verified, wrong
from tests.support.project import Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACK = "kennel-local"
APP, ADMIN = "https://app.example.com", "https://admin.example.com"
JSON, NOTE = "application/json", {"text": "A good dog.", "stars": 5}
NOTES = "/pets/gateprint-probe/notes"
INVALID = (400, {"message": "Invalid request body"})


@pytest.fixture(scope="module")
def kennel(deployed: Mapping[str, Project]) -> Project:
    return deployed[STACK]


def ask(
    project: Project, request: str, body: Any = None, **headers: str
) -> urllib3.BaseHTTPResponse:
    api = rest_api(project, "kennel-local-kennel")
    method, path = request.split()
    url = f"{project.endpoint}/_aws/execute-api/{api['id']}/dev{path}"
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    return urllib3.request(method, url, headers=sent, body=data)


def said(answer: urllib3.BaseHTTPResponse) -> tuple[int, Any]:
    return answer.status, answer.json()


# What would not be refused where the model is one for application/json alone.
TYPES = [JSON, "text/plain", "application/xml", "image/png", "Application/JSON; charset=utf-8", ""]
BODIES = [b"", b"null", b"[]", b"{", b'{"text": ""}', b'{"text": "x", "more": 1}', b'{"stars": 6}']


@pytest.mark.parametrize("kind", TYPES)
def test_no_type_of_content_goes_around_the_check_of_bodies(kennel: Project, kind: str) -> None:
    headers = {"Content_Type": kind} if kind else {}
    for body in BODIES:
        answer = ask(kennel, "POST /pets/1/notes", body, **headers)
        assert said(answer) == INVALID, body
    assert answer.headers["Access-Control-Allow-Origin"] == "*", "a page may read why"
    answer = ask(kennel, "POST /pets/1/notes", NOTE, Content_Type=JSON)
    assert said(answer) == (201, {"noted": True})


def test_required_parameters_have_to_be_there_and_not_blank(kennel: Project) -> None:
    missing = (400, {"message": "Missing required request parameters: [kind]"})
    for query in ("", "?page=2", "?kind=", "?Kind=cat"):
        assert said(ask(kennel, f"GET /pets{query}")) == missing, query
    assert ask(kennel, "GET /pets?kind=cat").status == 200, "page is optional"


def test_who_is_not_let_in_learns_nothing_of_what_is_checked(kennel: Project) -> None:
    refused = (403, {"message": "Missing Authentication Token"})
    assert said(ask(kennel, "POST /pets", b"{")) == refused


def test_pages_may_send_the_headers_that_a_route_asks_for(kennel: Project) -> None:
    answer = ask(kennel, "OPTIONS /pets", Origin=ADMIN)
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"].split(",")
    assert answer.headers["Access-Control-Allow-Origin"] == ADMIN


EARLY = ("400, before the backend", "before the backend")


def test_verify_asks_without_each_thing_that_a_route_asks_for(kennel: Project) -> None:
    rows = verified(kennel, "kennel")
    assert wrong(rows) == []
    assert of_kind(rows, "malformed") == [
        ("", "GET /pets", *EARLY),
        ("kennel-keeper", "POST /pets", *EARLY),
        ("kennel-keeper", "POST /pets", *EARLY),
        ("", f"POST {NOTES}", *EARLY),
    ]


@pytest.mark.parametrize(
    ("validator", "check", "found"),
    [
        ("body", "validateRequestBody", [("", f"POST {NOTES}")]),
        ("parameters", "validateRequestParameters", [("", "GET /pets")]),
    ],
)
def test_verify_finds_a_check_that_was_turned_off(
    kennel: Project, validator: str, check: str, found: list[tuple[str, str]]
) -> None:
    gateway = kennel.client("apigateway")
    api = rest_api(kennel, "kennel-local-kennel")["id"]
    known = gateway.get_request_validators(restApiId=api)["items"]
    place = {
        "restApiId": api,
        "requestValidatorId": next(each["id"] for each in known if each["name"] == validator),
    }

    def turn(value: str) -> None:
        change = [{"op": "replace", "path": f"/{check}", "value": value}]
        gateway.update_request_validator(**place, patchOperations=change)

    turn("false")
    with published(kennel, "kennel-local-kennel", "dev"):
        rows = verified(kennel, "kennel")
    turn("true")
    assert [(role, request) for _, role, request, _ in wrong(rows)] == found
    assert {kind for kind, *_ in wrong(rows)} == {"malformed"}


def test_schemas_and_parameters_change_in_place_and_go(kennel: Project) -> None:
    kennel.assert_unchanged(STACK)
    schemas = kennel.root / "blueprints" / "schemas"
    note = schemas / "note.yaml"
    note.write_text(note.read_text().replace("maximum: 5", "maximum: 6"), encoding="utf-8")
    (schemas / "pet.json").rename(schemas / "animal.json")
    data = kennel.read("validation")
    routes = data["apis"]["kennel"]["routes"]
    routes["POST /pets"]["request"] = {"body": "schemas/animal.json"}
    routes["GET /pets"]["request"] = {"query": {"page": "optional"}}
    kennel.write(data, "validation")
    kennel.apply(STACK)
    kennel.assert_unchanged(STACK)
    assert ask(kennel, "GET /pets").status == 200
    stars = {**NOTE, "stars": 6}
    assert ask(kennel, "POST /pets/1/notes", stars, Content_Type=JSON).status == 201
    gateway = kennel.client("apigateway")
    api = rest_api(kennel, "kennel-local-kennel")
    models = {each["name"] for each in gateway.get_models(restApiId=api["id"])["items"]}
    assert models >= {"Animal", "Note"}
    assert "Pet" not in models
