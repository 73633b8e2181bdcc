"""The shared helper allows exactly the origins that it was given, and reads bodies safely."""

from __future__ import annotations

import base64
import json
from types import ModuleType
from typing import Any

import pytest

SHOP = "https://shop.example"
ADMIN = "https://admin.shop.example:8443"


def from_origin(origin: str) -> dict[str, Any]:
    return {"headers": {"Origin": origin}}


def headers(http: ModuleType, event: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = http.answer(event, 200, {})["headers"]
    return found


@pytest.fixture
def exact_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", f"{SHOP} {ADMIN}")


def test_an_answer_has_the_shape_of_a_proxy_response(http: ModuleType) -> None:
    assert http.answer({}, 404, {"message": "no"}) == {
        "statusCode": 404,
        "headers": {"Content-Type": "application/json"},
        "body": '{"message": "no"}',
    }


def test_without_allowed_origins_no_cors_header_is_sent(http: ModuleType) -> None:
    assert headers(http, from_origin(SHOP)) == {"Content-Type": "application/json"}


def test_an_empty_list_of_origins_allows_none(
    http: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "")
    assert "Access-Control-Allow-Origin" not in headers(http, from_origin(""))


@pytest.mark.parametrize("event", [{}, from_origin(SHOP), from_origin("https://evil.example")])
def test_a_star_allows_every_origin_without_naming_it(
    http: ModuleType, monkeypatch: pytest.MonkeyPatch, event: dict[str, Any]
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "*")
    found = headers(http, event)
    assert found["Access-Control-Allow-Origin"] == "*"
    assert "Vary" not in found


@pytest.mark.usefixtures("exact_origins")
@pytest.mark.parametrize("origin", [SHOP, ADMIN])
@pytest.mark.parametrize("name", ["Origin", "origin", "ORIGIN"])
def test_a_listed_origin_is_allowed_by_name(http: ModuleType, name: str, origin: str) -> None:
    for event in (
        {"headers": {name: origin}},
        {"headers": None, "multiValueHeaders": {name: [origin]}},
        {"headers": {name: origin}, "multiValueHeaders": {name: [origin]}},
    ):
        found = headers(http, event)
        assert found["Access-Control-Allow-Origin"] == origin
        assert found["Vary"] == "Origin"


@pytest.mark.usefixtures("exact_origins")
@pytest.mark.parametrize(
    "origin",
    [
        "https://shop.example.evil",
        "https://a.shop.example",
        "https://evil.example/https://shop.example",
        "https://evilshop.example",
        "https://shop.exampl",
        "https://shop.example/",
        "https://shop.example:443",
        "https://SHOP.example",
        "HTTPS://shop.example",
        "http://shop.example",
        " https://shop.example",
        "https://shop.example\r\nX-Injected: 1",
        f"{SHOP} {ADMIN}",
        "shop.example",
        "null",
        "*",
        "",
    ],
)
def test_any_other_origin_is_not_allowed_and_never_reflected(http: ModuleType, origin: str) -> None:
    expected = {"Content-Type": "application/json", "Vary": "Origin"}
    assert headers(http, from_origin(origin)) == expected


@pytest.mark.usefixtures("exact_origins")
@pytest.mark.parametrize(
    "event",
    [
        {},
        {"headers": None, "multiValueHeaders": None},
        {"headers": {"Referer": SHOP, "X-Origin": SHOP}},
        {"multiValueHeaders": {"Origin": []}},
        {"multiValueHeaders": {"Origin": ["https://evil.example", SHOP]}},
        {"multiValueHeaders": {"Origin": [SHOP, ADMIN]}},
        {"headers": {"Origin": SHOP, "origin": "https://evil.example"}},
    ],
)
def test_without_one_clear_origin_none_is_allowed(http: ModuleType, event: dict[str, Any]) -> None:
    expected = {"Content-Type": "application/json", "Vary": "Origin"}
    assert headers(http, event) == expected


def test_a_star_among_exact_origins_is_no_wildcard(
    http: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", f"{SHOP} *")
    assert "Access-Control-Allow-Origin" not in headers(http, from_origin("https://evil.example"))


@pytest.mark.parametrize("allowed", ["*", SHOP])
def test_credentials_are_never_allowed(
    http: ModuleType, monkeypatch: pytest.MonkeyPatch, allowed: str
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", allowed)
    assert not any("credentials" in name.lower() for name in headers(http, from_origin(SHOP)))


def test_an_answer_that_is_no_json_is_refused(http: ModuleType) -> None:
    with pytest.raises(ValueError, match="JSON"):
        http.answer({}, 200, float("nan"))


def test_a_bad_request_starts_with_the_status_that_api_gateway_maps(http: ModuleType) -> None:
    problem = http.BadRequest("type must be text")
    assert str(problem) == "[400] type must be text"
    assert problem.message == "type must be text"


@pytest.mark.parametrize("event", [{}, {"body": None}, {"body": ""}])
def test_no_body_reads_as_an_empty_object(http: ModuleType, event: dict[str, Any]) -> None:
    assert http.body_of(event) == {}


def test_a_body_is_read_as_json(http: ModuleType) -> None:
    assert http.body_of({"body": '{"type": "Kätzchen"}'}) == {"type": "Kätzchen"}


def test_an_encoded_body_is_decoded_first(http: ModuleType) -> None:
    body = base64.b64encode('{"type": "Kätzchen"}'.encode()).decode()
    assert http.body_of({"body": body, "isBase64Encoded": True}) == {"type": "Kätzchen"}


@pytest.mark.parametrize(
    ("body", "encoded"),
    [
        pytest.param("{", False, id="cut off"),
        pytest.param("{'a': 1}", False, id="Python"),
        pytest.param('{"price": NaN}', False, id="NaN"),
        pytest.param('{"price": -Infinity}', False, id="Infinity"),
        pytest.param("[" * 100_000, False, id="deeply nested"),
        pytest.param("9" * 5_000, False, id="a number of 5,000 digits"),
        pytest.param("\ud800", False, id="half a character"),
        pytest.param({"type": "dog"}, False, id="already parsed"),
        pytest.param("e30", True, id="base64 without padding"),
        pytest.param("{}", True, id="not base64"),
        pytest.param("e3!0=", True, id="base64 with a foreign character"),
        pytest.param("ÿ", True, id="not even ASCII"),
        pytest.param(base64.b64encode(b"\xff\xfe").decode(), True, id="not UTF-8"),
        pytest.param(7, True, id="a number as base64"),
    ],
)
def test_a_body_that_is_no_json_is_a_bad_request(
    http: ModuleType, body: object, encoded: bool
) -> None:
    with pytest.raises(http.BadRequest, match=r"^\[400\] the body .*\Z") as caught:
        http.body_of({"body": body, "isBase64Encoded": encoded})
    # Nothing that names internals is carried along in the error that Lambda reports.
    assert caught.value.__suppress_context__


def test_a_body_may_have_the_greatest_size_and_not_a_byte_more(http: ModuleType) -> None:
    text = "x" * (http.MAX_BODY_BYTES - 2)
    assert http.body_of({"body": json.dumps(text)}) == text
    with pytest.raises(http.BadRequest, match="larger than"):
        http.body_of({"body": json.dumps(text + "x")})


def test_the_size_of_a_body_counts_bytes_not_characters(http: ModuleType) -> None:
    with pytest.raises(http.BadRequest, match="larger than"):
        http.body_of({"body": '"' + "ä" * (http.MAX_BODY_BYTES // 2) + '"'})
