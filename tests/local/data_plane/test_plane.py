"""A request's way: who may call, how much, how a refusal looks, and what the logs say."""

from __future__ import annotations

import gzip
import json
import logging
import zlib
from dataclasses import replace

import pytest

from gateprint.access.evaluate import Decision
from gateprint.local.gateway.address import Address
from gateprint.local.gateway.authorize import spellings
from gateprint.local.gateway.keys import ApiKey, Plan
from gateprint.local.gateway.stage import Limit
from gateprint.local.web import Invocation, Refusal
from tests.local.data_plane.made import (
    ACCOUNT,
    API,
    CALLER,
    JSON,
    REGION,
    STAGE,
    Cloud,
    call,
    custom,
    header,
    method,
    mock,
    proxy,
    request,
    snapshot,
    staged,
    text,
)

SIGNED = {"GET /pets/{id}": method(authorizationType="AWS_IAM")}
MASKED = f"arn:aws:execute-api:{REGION}:********3333:{API}/dev"


def deny(outcome: str = "implicit-deny", containing: str = "") -> Cloud:
    def decide(arn: str) -> Decision:
        return Decision(outcome if containing in arn else "allow")  # type: ignore[arg-type]

    return Cloud(snapshot(SIGNED), decide=decide)


def test_an_answer_says_which_request_it_answers() -> None:
    got = call(Cloud(snapshot({"GET /pets": method()})))
    assert got.status == 200
    assert len(header(got, "x-amzn-requestid") or "") == 36
    assert len(header(got, "x-amz-apigw-id") or "") == 16


def test_no_stage_is_forbidden() -> None:
    cloud = Cloud(snapshot({"GET /pets": method()}))
    got = cloud.plane.answer(request(), Address(API, "prod", "/pets"))
    assert text(got) == (403, '{"message":"Forbidden"}')
    assert header(got, "x-amzn-errortype") == "ForbiddenException"


def test_iam_is_asked_about_the_concrete_path() -> None:
    cloud = Cloud(snapshot(SIGNED))
    assert call(cloud, "/pets/7").status == 200
    assert cloud.asked == [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/dev/GET/pets/7"]
    nothing = dict.fromkeys(("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"), ())
    assert cloud.contexts == [{"aws:sourceip": ("127.0.0.1",), **nothing}]


DENIALS = [("implicit-deny", ""), ("explicit-deny", " with an explicit deny")]


@pytest.mark.parametrize(("outcome", "suffix"), DENIALS)
def test_a_denial_is_that_of_aws(outcome: str, suffix: str) -> None:
    got = call(deny(outcome), "/pets/7")
    sentence = (
        f"User: {CALLER.arn} is not authorized to perform: execute-api:Invoke on resource: "
        f"{MASKED}/GET/pets/7{suffix}"
    )
    assert text(got) == (403, json.dumps({"Message": sentence}, separators=(",", ":")))
    assert header(got, "x-amzn-errortype") == "AccessDeniedException"


SPELLINGS = [
    ("/pets/7", ("/pets/7",)),
    ("/pets/7/", ("/pets/7/", "/pets/7")),
    ("/pets/%37", ("/pets/%37", "/pets/7")),
    ("/a%2Fb/", ("/a%2Fb/", "/a/b/", "/a%2Fb", "/a/b")),
    ("/", ("/",)),
]


@pytest.mark.parametrize(("path", "expected"), SPELLINGS)
def test_a_path_has_all_spellings_that_iam_might_see(path: str, expected: tuple[str, ...]) -> None:
    assert spellings(path) == expected


@pytest.mark.parametrize(("path", "denied"), [("/pets/%37", "pets/7"), ("/pets/7/", "pets/7/")])
def test_what_iam_denies_in_one_spelling_is_denied(path: str, denied: str) -> None:
    assert call(deny(containing=denied), path).status == 403


def test_a_public_method_asks_nobody() -> None:
    cloud = replace(deny(), snapshot=snapshot({"GET /pets": method()}))
    assert call(cloud).status == 200
    assert cloud.asked == []


def test_a_resource_policy_decides_about_a_public_method() -> None:
    api = snapshot({"GET /pets": method()}, policy='{"Statement": []}')
    cloud = replace(deny(), snapshot=api)
    got = call(cloud)
    assert got.status == 403
    assert b"User: anonymous is not authorized to perform" in got.body
    assert call(replace(cloud, decide=lambda _arn: Decision("allow"))).status == 200


def test_a_signature_is_refused_with_its_own_type() -> None:
    refusal = Refusal("INVALID_SIGNATURE", "It is not.", "UnrecognizedClientException")
    got = call(Cloud(snapshot(SIGNED), caller=refusal), "/pets/7")
    assert text(got) == (403, '{"message":"It is not."}')
    assert header(got, "x-amzn-errortype") == "UnrecognizedClientException"


def test_a_private_api_and_a_web_acl_are_not_served() -> None:
    api = snapshot({"GET /pets": method()}, endpointConfiguration={"types": ["PRIVATE"]})
    assert call(Cloud(api)).status == 403
    guarded = staged(Cloud(snapshot({"GET /pets": method()})), webAclArn="arn:aws:wafv2:x")
    assert b"applies no web ACL" in call(guarded).body


def test_who_clears_a_cache_is_refused_and_others_are_served() -> None:
    cloud = staged(Cloud(snapshot({"GET /pets": method()})), cacheClusterEnabled=True)
    assert call(cloud).status == 200
    for value in ("max-age=0", "no-cache"):
        got = call(cloud, headers=(("Cache-Control", value),))
        assert (got.status, b"no cache to clear" in got.body) == (403, True)
    without = Cloud(snapshot({"GET /pets": method()}))
    assert call(without, headers=(("Cache-Control", "max-age=0"),)).status == 200


ORIGIN = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}


def test_a_gateway_response_carries_its_headers_and_its_template() -> None:
    responses = [
        {"responseType": "ACCESS_DENIED", "responseParameters": ORIGIN},
        {
            "responseType": "DEFAULT_4XX",
            "statusCode": "418",
            "responseParameters": {"gatewayresponse.header.X-Path": "method.request.header.X"},
            "responseTemplates": {
                JSON: '{"m": $context.error.messageString, "t": "$context.error.responseType"}'
            },
        },
    ]
    cloud = replace(deny(), snapshot=snapshot(SIGNED, gateway_responses=responses))
    denied = call(cloud, "/pets/7")
    assert (denied.status, header(denied, "access-control-allow-origin")) == (403, "*")
    assert b"is not authorized" in denied.body
    absent = call(cloud, "/none", headers=(("x", "y"),))
    body = '{"m": "Missing Authentication Token", "t": "MISSING_AUTHENTICATION_TOKEN"}'
    assert text(absent) == (418, body)
    assert header(absent, "x-path") == "y"


def test_a_method_is_throttled_and_recovers() -> None:
    cloud = staged(
        Cloud(snapshot({"GET /pets": method(), "GET /cats": method()})),
        methodSettings={
            "*/*": {"throttlingRateLimit": 2.0, "throttlingBurstLimit": 2},
            "~1cats/GET": {"throttlingRateLimit": -1.0, "throttlingBurstLimit": -1},
        },
    )
    plane = cloud.plane

    def status(path: str = "/pets") -> int:
        return plane.answer(request(path), Address(API, STAGE, path)).status

    assert [status() for _ in range(3)] == [200, 200, 429]
    assert [status("/cats") for _ in range(3)] == [200, 200, 200]
    cloud.seconds = 0.5
    assert [status() for _ in range(2)] == [200, 429]
    refused = plane.answer(request(), Address(API, STAGE, "/pets"))
    assert text(refused) == (429, '{"message":"Too Many Requests"}')


def test_an_api_key_opens_a_method_as_its_plan_says() -> None:
    api = snapshot({"GET /pets": method(apiKeyRequired=True)})
    plans = {"good": Plan("p", quota=2), "slow": Plan("q", limit=Limit(1, 1))}
    cloud = Cloud(api, keys={value: ApiKey(f"id-{value}", plan) for value, plan in plans.items()})
    plane = cloud.plane

    def answer(key: str) -> tuple[int, str]:
        made = request(headers=(("X-Api-Key", key),))
        return text(plane.answer(made, Address(API, STAGE, "/pets")))

    forbidden = (403, '{"message":"Forbidden"}')
    assert (answer("bad"), text(call(cloud))) == (forbidden, forbidden)
    assert [answer("good")[0] for _ in range(2)] == [200, 200]
    assert answer("good") == (429, '{"message":"Limit Exceeded"}')
    assert [answer("slow")[0] for _ in range(2)] == [200, 429]


CHECKED = {
    "requestValidatorId": "v",
    "requestParameters": {
        "method.request.querystring.kind": True,
        "method.request.header.X-A": True,
        "method.request.querystring.free": False,
    },
    "requestModels": {JSON: "Pet"},
}
PET = {"name": "Pet", "schema": '{"type": "object", "required": ["type"]}'}
BODIES = [
    ("/pets?kind=a", (("x-a", "1"),), b'{"type": 1}', 200, None),
    ("/pets?kind=a", (), b"{}", 400, "Missing required request parameters: [X-A]"),
    ("/pets?kind=", (), b"{}", 400, "Missing required request parameters: [kind, X-A]"),
    ("/pets?kind=a", (("X-A", "1"),), b"{}", 400, "Invalid request body"),
    ("/pets?kind=a", (("X-A", "1"),), b"{", 400, "Invalid request body"),
    ("/pets?kind=a", (("X-A", "1"),), b"", 400, "Invalid request body"),
    ("/pets?kind=a", (("X-A", "1"), ("Content-Type", "text/plain")), b"{", 200, None),
]


@pytest.mark.parametrize(("target", "headers", "body", "status", "message"), BODIES)
def test_a_request_is_validated_as_its_method_declares(
    target: str,
    headers: tuple[tuple[str, str], ...],
    body: bytes,
    status: int,
    message: str | None,
) -> None:
    validator = {"id": "v", "validateRequestBody": True, "validateRequestParameters": True}
    checked = method(proxy(), **CHECKED)
    api = snapshot({"POST /pets": checked}, validators=[validator], models=[PET])
    got = call(Cloud(api), target, "POST", body=body, headers=headers)
    assert got.status == status
    if message is not None:
        assert got.body.decode() == json.dumps({"message": message}, separators=(",", ":"))


@pytest.mark.parametrize(
    ("coding", "unpack"), [("gzip", gzip.decompress), ("deflate", zlib.decompress)]
)
def test_large_answers_are_compressed_for_who_takes_them(coding: str, unpack: object) -> None:
    api = snapshot({"GET /pets": method(mock("x" * 100))}, minimumCompressionSize=50)
    got = call(Cloud(api), headers=(("Accept-Encoding", f"br, {coding};q=0.5"),))
    assert header(got, "content-encoding") == coding
    assert unpack(got.body) == b"x" * 100  # type: ignore[operator]
    assert call(Cloud(api)).body == b"x" * 100


def test_a_compressed_request_is_unpacked_and_no_bomb() -> None:
    api = snapshot({"POST /pets": method(proxy())}, minimumCompressionSize=0)
    cloud = Cloud(api)
    headers = (("Content-Encoding", "gzip"),)
    call(cloud, "/pets", "POST", body=gzip.compress(b"{}"), headers=headers)
    assert cloud.events[0]["body"] == "{}"
    bomb = gzip.compress(b"0" * (11 * 1024 * 1024))
    assert call(cloud, "/pets", "POST", body=bomb, headers=headers).status == 413
    assert call(cloud, "/pets", "POST", body=b"no gzip", headers=headers).status == 400


def test_an_unexpected_failure_is_a_500_that_shows_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_arn: str) -> Decision:
        raise RuntimeError("secret")

    with caplog.at_level(logging.ERROR):
        got = call(Cloud(snapshot(SIGNED), decide=fail), "/pets/7")
    assert text(got) == (500, '{"message":"Internal server error"}')
    assert "secret" in caplog.text


def test_a_record_says_who_called_what_and_why() -> None:
    cloud = deny()
    call(cloud, "/pets/7?secret=1")
    [record] = cloud.records
    assert record.pop("latency_ms") >= 0  # type: ignore[attr-defined]
    assert len(record.pop("request_id")) == 36  # type: ignore[attr-defined]
    assert record.pop("error").startswith("User: ")  # type: ignore[attr-defined]
    assert record == {
        "time": "2026-03-01T12:00:00.000+00:00",
        "api": API,
        "stage": "dev",
        "role": "reader",
        "session": "visitor",
        "method": "GET",
        "path": "/pets/7",
        "route": "GET /pets/{id}",
        "status": 403,
        "decision": "implicit-deny",
        "statement": "",
        "reason": "",
    }


def test_a_stages_own_log_has_its_format_and_one_line() -> None:
    wanted = "$context.status $context.identity.userAgent $context.authorize.error $context.no"
    settings = {"accessLogSettings": {"destinationArn": "arn:aws:logs:x", "format": wanted}}
    cloud = staged(Cloud(snapshot({"GET /pets": method()})), **settings)
    call(cloud, headers=(("User-Agent", 'a"b\tc'),))
    assert cloud.lines == ['200 a\\"b\\tc - -']


def test_a_deployment_is_served_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    # An answer that the API's author did not foresee is the log's business, not the caller's.
    api = snapshot({"GET /pets": method(custom("$input.path('$.a').length()"))})
    with caplog.at_level(logging.WARNING):
        got = call(Cloud(api, invocation=Invocation("{}")))
    assert got.status == 500
    assert "mapping template" not in got.body.decode()
