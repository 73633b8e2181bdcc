"""Requests that must be refused, each with AWS's status and text; none reaches a backend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from gateprint.local.cloud import CloudSettings
from tests.local.conftest import Client
from tests.local.data_plane.besieged import (
    NOBODY,
    READER,
    SIGNED,
    WRITER,
    Besieged,
    Got,
    Sent,
    besieged,
)

MISSING = '{"message":"Missing Authentication Token"}'
FORBIDDEN = '{"message":"Forbidden"}'
MISMATCH = (
    '{"message":"The request signature we calculated does not match the signature you provided. '
    "Check your AWS Secret Access Key and signing method. "
    'Consult the service documentation for details."}'
)
NO_HOST = (
    "{\"message\":\"'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.\"}"
)
UNKNOWN = '{"message":"The security token included in the request is invalid."}'
NO_PAIR = re.compile(
    r'\{"message":"Invalid key=value pair \(missing equal-sign\) in Authorization header '
    r"\(hashed with SHA-256 and encoded with Base64\): '[A-Za-z0-9+/]{43}='\.\"\}"
)
EXPIRED = re.compile(
    r'\{"message":"Signature expired: \d{8}T\d{6}Z is now earlier than '
    r'\d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)"\}'
)
TOO_EARLY = re.compile(
    r'\{"message":"Signature not yet current: \d{8}T\d{6}Z is still later than '
    r'\d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)"\}'
)


@dataclass(frozen=True, slots=True)
class Denied:
    """IAM's refusal of what a role asks, `dev/GET/pets`."""

    resource: str
    role: str = READER
    is_explicit: bool = False


Expected = str | re.Pattern[str] | Denied
Make = Callable[[Besieged], Sent]


@pytest.fixture(scope="module")
def siege(aws: Client, running: CloudSettings) -> Iterator[Besieged]:
    with besieged(aws, running.endpoint, running.region, running.account) as api:
        yield api


def require(siege: Besieged, got: Got, status: int, expected: Expected) -> None:
    """The exact answer, and nothing of a backend."""
    assert "reached" not in got.body
    assert got.status == status
    if isinstance(expected, Denied):
        place = (expected.resource, expected.role)
        assert got.body == siege.denied(*place, explicit=expected.is_explicit)
    elif isinstance(expected, str):
        assert got.body == expected
    else:
        assert expected.fullmatch(got.body)


def test_what_is_granted_comes_through(siege: Besieged) -> None:
    added = siege.sign("/pets", "POST", role=WRITER, stage="prod", body=b"{}")
    granted = (
        (siege.sign("/pets"), "GET /pets"),
        (siege.sign("/pets/7"), "GET /pets/{id}"),
        (siege.sign("/pets/7?b=2&a=1&a=0"), "GET /pets/{id}"),
        (siege.sign("/pets/caf%C3%A9"), "GET /pets/{id}"),
        (siege.sign("/files/open/a/b"), "GET /files/{path+}"),
        (added, "POST /pets"),
        (siege.presign("/pets/7"), "GET /pets/{id}"),
        (siege.plain("/health"), "GET /health"),
    )
    for sent, route in granted:
        got = siege.send(sent)
        assert (got.status, got.body) == (200, f'{{"reached": "{route}"}}')


@pytest.mark.parametrize("route", SIGNED)
def test_nobody_calls_a_signed_route(siege: Besieged, route: str) -> None:
    verb, _, path = route.partition(" ")
    sent = siege.plain(path.replace("{id}", "7").replace("{path+}", "open/a"), verb)
    got = siege.send(sent)
    require(siege, got, 403, MISSING)
    assert got.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"


def moved(path: str, to: str) -> Make:
    return lambda siege: replace(siege.sign(path), path=siege.path(to))


def headed(change: Callable[[dict[str, str]], object], **signing: object) -> Make:
    def make(siege: Besieged) -> Sent:
        sent = siege.sign("/pets/7", **signing)  # type: ignore[arg-type]
        headers = dict(sent.headers)
        change(headers)
        return replace(sent, headers=headers)

    return make


def in_authorization(old: str, new: str) -> Make:
    def change(headers: dict[str, str]) -> None:
        changed = re.sub(old, new, headers["Authorization"])
        assert changed != headers["Authorization"]
        headers["Authorization"] = changed

    return headed(change)


def with_body(body: bytes, *, signed: bytes) -> Make:
    def make(siege: Besieged) -> Sent:
        sent = siege.sign("/pets", "POST", role=WRITER, stage="prod", body=signed)
        return replace(sent, body=body)

    return make


TAMPERED: dict[str, tuple[Make, Expected]] = {
    "another id": (moved("/pets/7", "/pets/8"), MISMATCH),
    "another route": (moved("/pets/7", "/admin"), MISMATCH),
    "a deeper path": (moved("/pets/7", "/pets/7/owner"), MISMATCH),
    "a slash at the end": (moved("/pets/7", "/pets/7/"), MISMATCH),
    "an encoded letter": (moved("/pets/7", "/pets/%37"), MISMATCH),
    "a parameter more": (moved("/pets/7?a=1", "/pets/7?a=1&b=2"), MISMATCH),
    "a parameter less": (moved("/pets/7?a=1&b=2", "/pets/7?a=1"), MISMATCH),
    "another value": (moved("/pets/7?a=1", "/pets/7?a=2"), MISMATCH),
    "a parameter twice": (moved("/pets/7?a=1", "/pets/7?a=1&a=1"), MISMATCH),
    "another stage": (
        lambda siege: replace(
            siege.sign("/pets", "POST", role=WRITER, stage="dev"),
            path=siege.path("/pets", "prod"),
        ),
        MISMATCH,
    ),
    "another method": (lambda siege: replace(siege.sign("/pets/7"), method="DELETE"), MISMATCH),
    "a signed header": (
        headed(lambda headers: headers.update({"X-Pet": "cat"}), headers={"X-Pet": "dog"}),
        MISMATCH,
    ),
    "a signed header gone": (
        headed(lambda headers: headers.pop("X-Pet"), headers={"X-Pet": "dog"}),
        MISMATCH,
    ),
    "an x-amz header that is not signed": (
        headed(lambda headers: headers.update({"X-Amz-Target": "x"})),
        "{\"message\":\"'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.\"}",
    ),
    "a body": (with_body(b'{"price": 0}', signed=b'{"price": 9}'), MISMATCH),
    "a body where none was": (with_body(b"{}", signed=b""), MISMATCH),
    "no body": (with_body(b"", signed=b"{}"), MISMATCH),
    "a letter of the signature": (in_authorization(r"Signature=.", "Signature=g"), MISMATCH),
    "half a signature": (in_authorization(r"(Signature=.{32}).*", r"\1"), MISMATCH),
    "the host out of the signed headers": (
        in_authorization(r"SignedHeaders=host;", "SignedHeaders="),
        NO_HOST,
    ),
    "no session token": (
        headed(lambda headers: headers.pop("X-Amz-Security-Token")),
        MISMATCH,
    ),
    "another session token": (
        headed(lambda headers: headers.update({"X-Amz-Security-Token": "a" * 300})),
        UNKNOWN,
    ),
    "an access key that nobody has": (
        in_authorization(r"Credential=[A-Z0-9]+", "Credential=ASIAAAAAAAAAAAAAAAAA"),
        UNKNOWN,
    ),
    "another service's scope": (
        lambda siege: siege.sign("/pets/7", scope=(siege.region, "s3")),
        '{"message":"Credential should be scoped to correct service: \'execute-api\'. "}',
    ),
    "another region's scope": (
        lambda siege: siege.sign("/pets/7", scope=("eu-west-1", "execute-api")),
        '{"message":"Credential should be scoped to a valid region, not \'eu-west-1\'. "}',
    ),
    "a token of another kind": (
        lambda siege: siege.plain("/pets", Authorization="Bearer abc"),
        NO_PAIR,
    ),
    "a password": (lambda siege: siege.plain("/pets", Authorization="Basic YTpi"), NO_PAIR),
    "an algorithm alone": (
        lambda siege: siege.plain("/pets", Authorization="AWS4-HMAC-SHA256"),
        NO_PAIR,
    ),
    "an API key alone": (lambda siege: siege.plain("/pets", X_Api_Key="a" * 20), MISSING),
    "another presigned path": (
        lambda siege: _moved(siege.presign("/pets/7"), "/pets/7?", "/pets/8?"),
        MISMATCH,
    ),
    "a longer life of what is presigned": (
        lambda siege: _moved(siege.presign("/pets/7"), "X-Amz-Expires=60", "X-Amz-Expires=600"),
        MISMATCH,
    ),
}


def _moved(sent: Sent, old: str, new: str) -> Sent:
    assert old in sent.path
    return replace(sent, path=sent.path.replace(old, new))


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_tampered_with_is_refused(siege: Besieged, name: str) -> None:
    make, expected = TAMPERED[name]
    require(siege, siege.send(make(siege)), 403, expected)


def test_a_session_token_of_another_role_is_refused(siege: Besieged) -> None:
    sent = siege.sign("/pets/7")
    token = siege.credentials[WRITER].token or ""
    stolen = replace(sent, headers={**sent.headers, "X-Amz-Security-Token": token})
    require(siege, siege.send(stolen), 403, UNKNOWN)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-6, EXPIRED), (-60, EXPIRED), (6, TOO_EARLY), (60, TOO_EARLY)]
)
def test_a_signature_of_another_time_is_refused(
    siege: Besieged, minutes: int, expected: re.Pattern[str]
) -> None:
    require(siege, siege.send(siege.sign("/pets/7", minutes=minutes)), 403, expected)


DENIED: dict[str, tuple[Make, Denied]] = {
    "a route that was not granted": (lambda siege: siege.sign("/admin"), Denied("dev/GET/admin")),
    "the same with a slash": (lambda siege: siege.sign("/admin/"), Denied("dev/GET/admin/")),
    "another method": (
        lambda siege: siege.sign("/pets/7", "DELETE"),
        Denied("dev/DELETE/pets/7"),
    ),
    "a method for others": (
        lambda siege: siege.sign("/pets", "POST", body=b"{}"),
        Denied("dev/POST/pets"),
    ),
    "another stage": (lambda siege: siege.sign("/pets", stage="prod"), Denied("prod/GET/pets")),
    "another stage's method": (
        lambda siege: siege.sign("/pets", "POST", role=WRITER),
        Denied("dev/POST/pets", WRITER),
    ),
    "another role's route": (
        lambda siege: siege.sign("/pets/7", role=WRITER, stage="prod"),
        Denied("prod/GET/pets/7", WRITER),
    ),
    "a role without a policy": (
        lambda siege: siege.sign("/pets", role=NOBODY),
        Denied("dev/GET/pets", NOBODY),
    ),
    "deeper, where that is denied": (
        lambda siege: siege.sign("/pets/7/owner"),
        Denied("dev/GET/pets/7/owner", is_explicit=True),
    ),
    "deeper with a slash": (
        lambda siege: siege.sign("/pets/7/owner/"),
        Denied("dev/GET/pets/7/owner/", is_explicit=True),
    ),
    "deeper by an encoded slash": (
        lambda siege: siege.sign("/pets/7%2Fowner"),
        Denied("dev/GET/pets/7%2Fowner", is_explicit=True),
    ),
    "deeper by a small encoded slash": (
        lambda siege: siege.sign("/pets/7%2fowner"),
        Denied("dev/GET/pets/7%2fowner", is_explicit=True),
    ),
    "deeper by an encoded letter": (
        lambda siege: siege.sign("/pets/7%2Fo%77ner"),
        Denied("dev/GET/pets/7%2Fo%77ner", is_explicit=True),
    ),
    "another folder": (
        lambda siege: siege.sign("/files/secret/a"),
        Denied("dev/GET/files/secret/a"),
    ),
    "a folder with the same beginning": (
        lambda siege: siege.sign("/files/openly"),
        Denied("dev/GET/files/openly"),
    ),
    "a presigned route that was not granted": (
        lambda siege: siege.presign("/admin"),
        Denied("dev/GET/admin"),
    ),
}


@pytest.mark.parametrize("name", DENIED)
def test_what_was_not_granted_is_denied(siege: Besieged, name: str) -> None:
    make, expected = DENIED[name]
    got = siege.send(make(siege))
    require(siege, got, 403, expected)
    assert got.headers["x-amzn-errortype"] == "AccessDeniedException"


NOWHERE = [
    ("GET", "//admin"),
    ("GET", "/pets//7"),
    ("GET", "/pets/../admin"),
    ("GET", "/pets/./7"),
    ("GET", "/pets/%2e%2e/admin"),
    ("GET", "/pets/%2E%2E/admin"),
    ("GET", "/pets/.%2e/admin"),
    ("GET", "/pets/..%2fadmin"),
    ("GET", "/pets/..%5cadmin"),
    ("GET", "/pets/7%00"),
    ("GET", "/pets/7%0d%0ax"),
    ("GET", "/files/open/../secret"),
    ("GET", "/files/open/%2e%2e/secret"),
    ("GET", "/%61dmin"),
    ("GET", "/ADMIN"),
    ("GET", "/Pets/7"),
    ("GET", "/admin/x"),
    ("GET", "/pets/7/owner/x"),
    ("GET", "/files"),
    ("get", "/pets/7"),
    ("Get", "/pets/7"),
    ("PATCH", "/pets/7"),
    ("ANY", "/pets/7"),
    ("POST", "/admin"),
]


@pytest.mark.parametrize(("verb", "path"), NOWHERE)
def test_a_path_or_method_that_is_none_leads_nowhere(siege: Besieged, verb: str, path: str) -> None:
    require(siege, siege.send(siege.sign(path, verb)), 403, MISSING)


@pytest.mark.parametrize("verb", ["DELETE", "POST", "get"])
def test_no_header_makes_another_method_of_a_request(siege: Besieged, verb: str) -> None:
    sent = siege.sign("/pets/7", headers={"X-HTTP-Method-Override": verb})
    expected = '{"message":"Bad Request: the embedded cloud does not do X-HTTP-Method-Override"}'
    require(siege, siege.send(sent), 400, expected)


@pytest.mark.parametrize("stage", ["DEV", "prod2", "", "dev%2F", "%64ev"])
def test_a_stage_that_is_none_is_forbidden(siege: Besieged, stage: str) -> None:
    require(siege, siege.send(siege.sign("/pets", stage=stage)), 403, FORBIDDEN)


def test_an_api_that_is_none_is_forbidden(siege: Besieged) -> None:
    other = replace(siege, api_id="aaaaaaaaaa")
    require(siege, siege.send(other.sign("/pets")), 403, FORBIDDEN)


def test_a_page_under_its_own_name_reaches_nothing(siege: Besieged) -> None:
    sent = siege.plain("/health")
    rebound = replace(sent, headers={"Host": "shop.example.com"})
    got = siege.send(rebound)
    assert (got.status, "reached" in got.body) == (403, False)


def test_a_page_of_any_origin_calls_apis_and_nothing_else(siege: Besieged) -> None:
    origin = {"Origin": "https://shop.example.com"}
    assert siege.send(siege.plain("/health", **origin)).status == 200
    host = {"Host": siege.plain("/").headers["Host"], **origin}
    for path in ("/restapis", f"/restapis/{siege.api_id}", "/_gateprint/health", "/moto-api/data"):
        assert siege.send(Sent("GET", path, host)).status == 403


def test_the_host_of_an_api_leads_to_its_stages(siege: Besieged) -> None:
    host = {"Host": f"{siege.api_id}.execute-api.localhost:4599"}
    assert siege.send(Sent("GET", "/dev/health", host)).status == 200
    require(siege, siege.send(Sent("GET", "/dev/pets", host)), 403, MISSING)
    require(siege, siege.send(Sent("GET", "/restapis", host)), 403, FORBIDDEN)


SMUGGLED = {
    "two lengths": {"Content-Length": "2", "Transfer-Encoding": "chunked"},
    "no number": {"Content-Length": "2, 2", "Transfer-Encoding": ""},
    "another coding": {"Transfer-Encoding": "gzip, chunked"},
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_body_that_can_be_read_in_two_ways_is_refused(siege: Besieged, name: str) -> None:
    sent = siege.plain("/health")
    headers = {**sent.headers, **SMUGGLED[name]}
    got = siege.send(replace(sent, headers=headers, body=b"0\r\n\r\n"))
    assert got.status in (400, 501)
    assert got.headers["connection"] == "close"
