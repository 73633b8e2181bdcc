"""CORS: what preflights answer, and which origin may read."""

from __future__ import annotations

import pytest

from gateprint.model.resolved import Cors
from gateprint.stack import cors

ANY = Cors(("*",), 600, is_preflight_function=False)
ONE = Cors(("https://shop.example.com",), 60, is_preflight_function=False)
TWO = Cors(("https://a.example.com", "https://b.example.com:8443"), 60, is_preflight_function=True)

VERBS = (
    (["GET"], "GET,OPTIONS"),
    (["POST", "GET"], "GET,POST,OPTIONS"),
    (["ANY"], "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"),
    (["ANY", "GET"], "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"),
)


@pytest.mark.parametrize(("verbs", "expected"), VERBS)
def test_the_allowed_methods_are_the_paths_own_and_options(verbs, expected):
    assert cors.allow_methods(verbs) == expected


def test_a_preflight_allows_what_a_signed_request_carries():
    headers = cors.preflight_headers(ANY, ["GET"])
    assert headers == {
        "Access-Control-Allow-Headers": (
            "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,"
            "X-Amz-Content-Sha256'"
        ),
        "Access-Control-Allow-Methods": "'GET,OPTIONS'",
        "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Max-Age": "'600'",
    }


def test_credentials_are_never_allowed():
    for each in (ANY, ONE, TWO):
        assert "Access-Control-Allow-Credentials" not in cors.preflight_headers(each, ["GET"])


def test_an_exact_origin_varies():
    assert cors.origin_headers(ONE) == {
        "Access-Control-Allow-Origin": "'https://shop.example.com'",
        "Vary": "'Origin'",
    }
    assert cors.origin_headers(None) == {}


def test_one_origin_needs_no_template():
    assert cors.origin_template(ANY) == cors.origin_template(ONE) == ""
    assert cors.origin_template(None) == ""


def test_several_origins_are_compared_exactly():
    template = cors.origin_template(TWO)
    assert '$origin == "https://a.example.com" || $origin == "https://b.example.com:8443"' in (
        template
    )
    # Letters may follow.
    assert template.endswith("#{end}")
    assert "contains" not in template
    assert "matches" not in template


def test_every_answer_of_the_gateway_itself_has_the_headers():
    answers = cors.gateway_responses(ONE, ["GET"])
    assert [each.kind for each in answers] == [
        "ACCESS_DENIED",
        "DEFAULT_4XX",
        "DEFAULT_5XX",
        "EXPIRED_TOKEN",
        "INVALID_SIGNATURE",
        "MISSING_AUTHENTICATION_TOKEN",
        "THROTTLED",
    ]
    assert all(each.headers == cors.preflight_headers(ONE, ["GET"]) for each in answers)


def test_an_answer_of_the_gateway_cannot_choose_among_origins():
    answers = cors.gateway_responses(TWO, ["GET"])
    assert {each.headers["Access-Control-Allow-Origin"] for each in answers} == {"'*'"}


def test_without_cors_there_is_none():
    assert cors.gateway_responses(None, ["GET"]) == ()
