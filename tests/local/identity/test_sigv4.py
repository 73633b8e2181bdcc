"""Signatures of calls of an API: botocore's own are taken, and what was changed is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateprint.local.identity import refusals
from gateprint.local.identity.sigv4 import Verifier
from gateprint.local.web import Caller, HttpRequest, Refusal
from tests.local.identity.fakes import (
    CALLER,
    ENDPOINT,
    KEY,
    LONG_KEY,
    REGION,
    SECRET,
    TOKEN,
    USER,
    Ring,
    now,
    signed,
)

URL = f"{ENDPOINT}/_aws/execute-api/abc123/dev/pets?b=2&a=1"
BODY = b'{"name": "Rex"}'


def judged(request: HttpRequest, at: dt.datetime | None = None) -> Caller | Refusal:
    return Verifier(Ring(), lambda: at or now()).authenticate(request, REGION)


def post(expires: int | None = None) -> HttpRequest:
    body = BODY if expires is None else b""  # botocore would move it into the query
    return signed(URL, "POST", body, {"Content-Type": "application/json"}, expires=expires)


def with_header(request: HttpRequest, name: str, value: str | None) -> HttpRequest:
    """The request with another value of a header, or without it."""
    kept = tuple(each for each in request.headers if each[0].lower() != name.lower())
    return replace(request, headers=kept if value is None else (*kept, (name, value)))


def edited(request: HttpRequest, old: str, new: str) -> HttpRequest:
    """The request with another text in its Authorization header."""
    value = request.header("Authorization") or ""
    assert old in value
    return with_header(request, "Authorization", value.replace(old, new))


# What is right.


@pytest.mark.parametrize("expires", [None, 60, 604_800])
def test_a_session_signs(expires: int | None) -> None:
    assert judged(post(expires)) == CALLER


@pytest.mark.parametrize("expires", [None, 60])
def test_an_iam_user_signs_without_a_token(expires: int | None) -> None:
    assert judged(signed(URL, key=LONG_KEY, token=None, expires=expires)) == USER


def test_the_token_may_be_added_after_signing_as_api_gateways_own_sdk_does() -> None:
    request = signed(URL, token=None)
    assert judged(with_header(request, "X-Amz-Security-Token", TOKEN)) == CALLER


def test_the_date_header_will_do() -> None:
    request = signed(URL, headers={"Date": "replaced by botocore"})
    assert request.header("X-Amz-Date") is None
    assert judged(request) == CALLER


def test_headers_of_one_name_count_in_their_order() -> None:
    request = signed(URL, headers={"X-Pets": "a,b"})
    apart = with_header(request, "X-Pets", None)
    two = (("x-pets", " a"), ("X-Pets", "b "))
    assert judged(replace(apart, headers=(*apart.headers, *two))) == CALLER
    assert judged(replace(apart, headers=(*apart.headers, *reversed(two)))) == refusals.MISMATCH


def test_headers_that_are_not_signed_may_come_and_go() -> None:
    assert judged(with_header(post(), "X-Forwarded-For", "192.0.2.1")) == CALLER


@pytest.mark.parametrize("query", ["a=1&b=2", "b=2&a=1", "&a=1&&b=2", "%61=1&b=%32"])
def test_the_order_and_the_spelling_of_a_query_do_not_matter(query: str) -> None:
    assert judged(replace(post(), query=query)) == CALLER


@pytest.mark.parametrize(
    "path",
    ["//_aws/execute-api/abc123/dev/pets", "/_aws/./execute-api/x/../abc123/dev/pets"],
)
def test_paths_are_normalized(path: str) -> None:
    assert judged(replace(post(), path=path)) == CALLER


_WORD = st.text(st.characters(codec="utf-8"), max_size=6)


@given(
    segments=st.lists(_WORD, max_size=4),
    query=st.lists(st.tuples(_WORD, _WORD), max_size=4),
    body=st.binary(max_size=50),
    header=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
)
@settings(max_examples=150, deadline=None)
def test_whatever_botocore_signs_is_verified(
    segments: list[str], query: list[tuple[str, str]], body: bytes, header: str, method: str
) -> None:
    path = "/".join(quote(each, safe="") for each in segments)
    text = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
    url = f"{ENDPOINT}/_aws/execute-api/abc123/dev/{path}" + (f"?{text}" if text else "")
    assert judged(signed(url, method, body, {"X-Pets": header})) == CALLER


# What was changed after it was signed.

CHANGES: dict[str, Callable[[HttpRequest], HttpRequest]] = {
    "another method": lambda each: replace(each, method="PUT"),
    "the method in lower case": lambda each: replace(each, method="post"),
    "another path": lambda each: replace(each, path=f"{each.path}/7"),
    "a slash more": lambda each: replace(each, path=f"{each.path}/"),
    "a letter encoded twice": lambda each: replace(each, path=each.path.replace("pets", "pet%73")),
    "another stage": lambda each: replace(each, path=each.path.replace("/dev/", "/prod/")),
    "another value": lambda each: replace(each, query=each.query.replace("b=2", "b=3")),
    "a parameter more": lambda each: replace(each, query=f"{each.query}&c=3"),
    "a parameter less": lambda each: replace(each, query=each.query.replace("b=2", "")),
    "a parameter twice": lambda each: replace(each, query=f"{each.query}&b=2"),
    "another body": lambda each: replace(each, body=b'{"name": "Max"}'),
    "another host": lambda each: with_header(each, "Host", "127.0.0.1:4600"),
    "another signed header": lambda each: with_header(each, "Content-Type", "text/plain"),
    "a signed header less": lambda each: with_header(each, "Content-Type", None),
    "a second host": lambda each: replace(each, headers=(*each.headers, ("Host", "evil.example"))),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("expires", [None, 60])
def test_a_changed_request_is_refused(
    change: Callable[[HttpRequest], HttpRequest], expires: int | None
) -> None:
    assert judged(change(post(expires))) == refusals.MISMATCH


def test_a_body_cannot_be_left_out() -> None:
    assert judged(replace(post(), body=b"")) == refusals.MISMATCH


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Signature=", "Signature=0"),
        ("content-type;", ""),
        ("content-type;host", "host;content-type;x-pets"),
    ],
)
def test_a_changed_header_of_the_signature_is_refused(old: str, new: str) -> None:
    assert judged(edited(post(), old, new)) == refusals.MISMATCH


def test_a_header_that_was_signed_empty_has_to_be_there() -> None:
    request = signed(URL, headers={"X-Pets": ""})
    assert judged(request) == CALLER
    assert judged(with_header(request, "X-Pets", None)) == refusals.MISMATCH


def test_a_signature_that_is_no_text_of_ours_is_refused() -> None:
    value = post().header("Authorization") or ""
    odd = value.partition("Signature=")[0] + "Signature=ÿé"
    assert judged(with_header(post(), "Authorization", odd)) == refusals.MISMATCH


@pytest.mark.parametrize("payload", ["UNSIGNED-PAYLOAD", "0" * 64])
def test_the_payload_is_hashed_whatever_the_header_says(payload: str) -> None:
    assert judged(signed(URL, "POST", BODY, {"X-Amz-Content-Sha256": payload})) == refusals.MISMATCH


def test_another_secret_is_refused() -> None:
    assert judged(signed(URL, secret=f"{SECRET}x")) == refusals.MISMATCH


# Keys and tokens.


@pytest.mark.parametrize("expires", [None, 60])
@pytest.mark.parametrize(
    ("key", "token"),
    [
        ("ASIAUNKNOWNUNKNOWN22", TOKEN),
        (KEY, None),
        (KEY, "another"),
        (KEY, f"{TOKEN}é"),
        (LONG_KEY, TOKEN),
    ],
    ids=["unknown key", "no token", "another token", "more than the token", "a user's token"],
)
def test_a_key_belongs_with_its_token(key: str, token: str | None, expires: int | None) -> None:
    assert judged(signed(URL, key=key, token=token, expires=expires)) == refusals.UNKNOWN_TOKEN


def test_credentials_that_are_over_are_told_so() -> None:
    assert judged(signed(URL, key="ASIAOVEROVEROVEROVER")) == refusals.EXPIRED_TOKEN


# Time.


def shifted(seconds: int, expires: int | None = None) -> str | Caller:
    """What is said of a request that was signed so many seconds before."""
    request = post(expires)
    found = judged(request, now() + dt.timedelta(seconds=seconds))
    return found.message if isinstance(found, Refusal) else found


@pytest.mark.parametrize("seconds", [-290, 0, 290])
def test_clocks_may_differ_by_five_minutes(seconds: int) -> None:
    assert shifted(seconds) == CALLER


def test_an_old_signature_has_expired() -> None:
    clock = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    request = with_header(post(), "X-Amz-Date", "20260601T115459Z")
    found = judged(request, clock)
    assert found == refusals.invalid(
        "Signature expired: 20260601T115459Z is now earlier than 20260601T115500Z "
        "(20260601T120000Z - 5 min.)"
    )


def test_a_signature_of_the_future_is_not_yet_current() -> None:
    clock = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    request = with_header(post(), "X-Amz-Date", "20260601T120501Z")
    assert judged(request, clock) == refusals.invalid(
        "Signature not yet current: 20260601T120501Z is still later than 20260601T120500Z "
        "(20260601T120000Z + 5 min.)"
    )


def test_a_presigned_request_is_valid_as_long_as_it_says() -> None:
    assert shifted(3_590, expires=3_600) == CALLER
    assert "Signature expired" in str(shifted(3_610, expires=3_600))
    assert "Signature expired" in str(shifted(70, expires=60))


def test_a_presigned_request_cannot_be_valid_for_more_than_a_week() -> None:
    found = judged(post(604_801))
    assert isinstance(found, Refusal)
    assert found.message.startswith("X-Amz-Expires must be less than a week (in seconds)")


@pytest.mark.parametrize("expires", ["-1", "soon", "1.5", ""])
def test_x_amz_expires_is_a_number(expires: str) -> None:
    request = post(60)
    query = request.query.replace("X-Amz-Expires=60", f"X-Amz-Expires={expires}")
    assert judged(replace(request, query=query)) == refusals.incomplete(
        "X-Amz-Expires should be a number"
    )


# What is missing, or for somebody else.


def test_an_unsigned_request_has_no_token() -> None:
    request = HttpRequest("GET", "/", "a=1", (("Host", "127.0.0.1"),), b"", "127.0.0.1")
    assert judged(request) == refusals.MISSING
    assert judged(with_header(request, "Authorization", "")) == refusals.MISSING


def test_a_request_is_signed_once() -> None:
    both = with_header(post(60), "Authorization", post().header("Authorization"))
    assert judged(both) == refusals.SIGNED_TWICE


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "Bearer abc",
            (
                "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with "
                "SHA-256 and encoded with Base64): 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='."
            ),
        ),
        (
            "Credential=a, Signature=b",
            (
                "Authorization header must begin with the algorithm name, which cannot include an "
                "equal-sign"
            ),
        ),
        (
            "AWS4-HMAC-SHA256 Signature=b",
            (
                "Authorization header requires 'Credential' parameter. Authorization header "
                "requires 'SignedHeaders' parameter. (Hashed with SHA-256 and encoded with Base64) "
                "Authorization=Y0zwwQu40TWIHa9utCyh+TOdkP5BDFAkHaHf/G+3SCE="
            ),
        ),
    ],
)
def test_what_is_no_signature_is_named(value: str, message: str) -> None:
    assert judged(with_header(post(), "Authorization", value)) == refusals.incomplete(message)


def test_a_signature_needs_a_date() -> None:
    found = judged(with_header(post(), "X-Amz-Date", None))
    assert isinstance(found, Refusal)
    assert found.error == "IncompleteSignatureException"
    assert found.message.startswith(
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
    )


@pytest.mark.parametrize("date", ["20260601", "20261301T000000Z", "2026-06-01T12:00:00Z", "now"])
def test_a_date_has_one_form(date: str) -> None:
    assert judged(with_header(post(), "X-Amz-Date", date)) == refusals.incomplete(
        f"Date must be in ISO-8601 'basic format'. Got '{date}'. "
        "See http://en.wikipedia.org/wiki/ISO_8601"
    )


def test_another_algorithm_is_refused() -> None:
    found = judged(edited(post(), "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"))
    assert found == refusals.incomplete(
        "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now). "
    )


def test_a_credential_has_five_elements() -> None:
    value = post().header("Authorization") or ""
    credential = value.partition("Credential=")[2].partition(",")[0]
    found = judged(edited(post(), "/aws4_request", ""))
    assert found == refusals.incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        f"keyid/date/region/service/term, got '{credential.removesuffix('/aws4_request')}'"
    )


@pytest.mark.parametrize("expires", [None, 60])
def test_another_region_and_another_service_are_refused(expires: int | None) -> None:
    request = signed(URL, region="eu-west-1", service="s3", expires=expires)
    assert judged(request) == refusals.invalid(
        "Credential should be scoped to a valid region, not 'eu-west-1'. "
        "Credential should be scoped to correct service: 'execute-api'. "
    )


def test_another_terminator_and_another_date_are_refused() -> None:
    today = f"{now():%Y%m%d}"
    request = edited(edited(post(), "aws4_request", "aws5_request"), f"/{today}/", "/20200101/")
    found = judged(request)
    assert isinstance(found, Refusal)
    assert found.message.startswith(
        "Credential should be scoped with a valid terminator: 'aws4_request', not "
        "'aws5_request'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version "
        f"of date from HTTP: '20200101' != '{today}', from '{today}T"
    )


def test_the_host_has_to_be_signed() -> None:
    assert judged(edited(post(), "host;", "")) == refusals.HOST_NOT_SIGNED


@pytest.mark.parametrize("expires", [None, 60])
def test_amazons_headers_have_to_be_signed(expires: int | None) -> None:
    found = judged(with_header(post(expires), "X-Amz-Target", "evil"))
    assert found == refusals.not_signed("x-amz-target")


@pytest.mark.parametrize("part", ["Algorithm", "Credential", "Date", "Signature", "SignedHeaders"])
def test_a_presigned_request_says_everything(part: str) -> None:
    request = post(60)
    kept = [each for each in request.query.split("&") if not each.startswith(f"X-Amz-{part}=")]
    assert judged(replace(request, query="&".join(kept))) == refusals.incomplete(
        f"AWS query-string parameters must include 'X-Amz-{part}'. "
        "Re-examine the query-string parameters."
    )


@pytest.mark.parametrize("query", ["{0}&X-Amz-Signature=0", "X-Amz-Signature=0&{0}"])
def test_a_second_signature_in_the_query_does_not_help(query: str) -> None:
    request = post(60)
    assert judged(replace(request, query=query.format(request.query))) == refusals.MISMATCH


@pytest.mark.parametrize("order", [1, -1])
def test_two_tokens_are_no_token(order: int) -> None:
    request = signed(URL, token=None)
    two = (("X-Amz-Security-Token", TOKEN), ("X-Amz-Security-Token", "other"))[::order]
    assert judged(replace(request, headers=request.headers + two)) == refusals.UNKNOWN_TOKEN


@pytest.mark.parametrize("order", [1, -1])
def test_two_authorizations_are_none(order: int) -> None:
    right = post()
    value = right.header("Authorization") or ""
    both = (("Authorization", value), ("Authorization", "Bearer abc"))[::order]
    bare = with_header(right, "Authorization", None)
    found = judged(replace(bare, headers=bare.headers + both))
    assert isinstance(found, Refusal)
    assert found.error == "IncompleteSignatureException"


def test_nothing_secret_is_shown() -> None:
    shown = repr(Ring().find(KEY)) + repr(
        judged(with_header(post(), "Authorization", "Bearer abc"))
    )
    assert SECRET not in shown
    assert TOKEN not in shown
    assert "abc" not in shown
