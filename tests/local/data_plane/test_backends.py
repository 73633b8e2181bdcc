"""Integrations: what the backend gets, and what becomes of its answer."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from gateprint.local.gateway.faults import Fault
from gateprint.local.web import HttpResponse, Invocation
from tests.local.data_plane.made import (
    ACCOUNT,
    API,
    CALLER,
    JSON,
    REGION,
    Cloud,
    call,
    custom,
    header,
    method,
    mock,
    proxy,
    snapshot,
    staged,
    text,
)

INTERNAL = '{"message":"Internal server error"}'


def proxied(answer: Any = None, **more: Any) -> Cloud:
    payload = json.dumps(answer) if answer is not None else '{"statusCode": 200}'
    api = snapshot({"GET /pets/{id}": method(proxy()), "POST /pets/{id}": method(proxy())}, **more)
    return Cloud(api, invocation=Invocation(payload))


def test_a_function_gets_the_whole_request() -> None:
    api = snapshot({"POST /pets/{id}": method(proxy(), authorizationType="AWS_IAM")})
    cloud = staged(Cloud(api), variables={"table": "pets"})
    headers = (
        ("Host", "127.0.0.1:4599"),
        ("Authorization", "AWS4-HMAC-SHA256 Credential=x"),
        ("X-Forwarded-For", "10.0.0.1"),
        ("Accept", "a"),
        ("accept", "b"),
        ("User-Agent", "curl"),
    )
    call(cloud, "/pets/a%2Fb?x=1&x=2&y=%20&z", "POST", body=b"{}", headers=headers)
    [event] = cloud.events
    context = event.pop("requestContext")
    trace = event["headers"].pop("X-Amzn-Trace-Id")
    assert trace.startswith("Root=1-69a42a40-")
    assert event["multiValueHeaders"].pop("X-Amzn-Trace-Id") == [trace]
    assert event == {
        "resource": "/pets/{id}",
        "path": "/pets/a%2Fb",
        "httpMethod": "POST",
        "headers": {
            "Accept": "b",
            "User-Agent": "curl",
            "Host": f"{API}.execute-api.{REGION}.amazonaws.com",
            "X-Forwarded-For": "10.0.0.1, 127.0.0.1",
            "X-Forwarded-Port": "443",
            "X-Forwarded-Proto": "https",
        },
        "multiValueHeaders": {
            "Accept": ["a", "b"],
            "User-Agent": ["curl"],
            "Host": [f"{API}.execute-api.{REGION}.amazonaws.com"],
            "X-Forwarded-For": ["10.0.0.1, 127.0.0.1"],
            "X-Forwarded-Port": ["443"],
            "X-Forwarded-Proto": ["https"],
        },
        "queryStringParameters": {"x": "2", "y": " ", "z": ""},
        "multiValueQueryStringParameters": {"x": ["1", "2"], "y": [" "], "z": [""]},
        "pathParameters": {"id": "a%2Fb"},
        "stageVariables": {"table": "pets"},
        "body": "{}",
        "isBase64Encoded": False,
    }
    identity = context.pop("identity")
    assert identity["userArn"] == CALLER.arn
    assert (identity["caller"], identity["user"]) == (CALLER.user_id, CALLER.user_id)
    assert (identity["accessKey"], identity["accountId"]) == (CALLER.access_key, ACCOUNT)
    assert (identity["sourceIp"], identity["userAgent"]) == ("127.0.0.1", "curl")
    assert context["path"] == "/dev/pets/a%2Fb"
    assert (context["resourcePath"], context["stage"]) == ("/pets/{id}", "dev")
    assert context["requestTime"] == "01/Mar/2026:12:00:00 +0000"
    assert context["requestTimeEpoch"] == 1772366400000


def test_what_is_absent_is_null_in_an_event() -> None:
    cloud = Cloud(snapshot({"GET /pets": method(proxy())}))
    call(cloud)
    absent = ("body", "pathParameters", "queryStringParameters", "stageVariables")
    assert [cloud.events[0][name] for name in absent] == [None] * 4


def test_a_function_answers_for_itself() -> None:
    headers = {"X-A": "1", "X-B": True, "X-C": 3}
    many = {"Set-Cookie": ["a=1", "b=2"]}
    cloud = proxied(
        {"statusCode": "201", "headers": headers, "multiValueHeaders": many, "body": "é"}
    )
    answer = call(cloud, "/pets/7")
    assert (answer.status, answer.body.decode()) == (201, "é")
    assert [header(answer, f"x-{each}") for each in "abc"] == ["1", "true", "3"]
    cookies = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert cookies == ["a=1", "b=2"]
    assert header(answer, "content-type") == JSON


def test_binary_bodies_are_base64_on_both_sides() -> None:
    picture = base64.b64encode(b"\x89PNG").decode()
    answer = {"body": picture, "isBase64Encoded": True, "headers": {"Content-Type": "image/png"}}
    cloud = proxied(answer, binaryMediaTypes=["image/png"])
    headers = (("Content-Type", "image/png"), ("Accept", "image/png"))
    got = call(cloud, "/pets/7", "POST", body=b"\x89PNG", headers=headers)
    assert got.body == b"\x89PNG"
    assert (cloud.events[0]["body"], cloud.events[0]["isBase64Encoded"]) == (picture, True)
    assert call(cloud, "/pets/7").body == picture.encode(), "nobody asked for an image"


MALFORMED: list[Any] = [
    [],
    "text",
    {"status": 200},
    {"statusCode": "ok"},
    {"statusCode": 99},
    {"statusCode": True},
    {"statusCode": 200, "headers": []},
    {"statusCode": 200, "headers": {"X": {}}},
    {"statusCode": 200, "multiValueHeaders": {"X": "y"}},
    {"statusCode": 200, "body": {}},
]


@pytest.mark.parametrize("answer", MALFORMED)
def test_a_malformed_answer_is_a_502(answer: Any) -> None:
    cloud = proxied(answer)
    got = call(cloud, "/pets/7")
    assert text(got) == (502, INTERNAL)
    assert header(got, "x-amzn-errortype") == "InternalServerErrorException"
    assert "malformed proxy response" in cloud.records[0]["reason"]


def test_a_crash_is_a_502_and_shows_nothing() -> None:
    payload = '{"errorMessage": "secret", "errorType": "Boom"}'
    for said in (payload, '{"statusCode": 200}'):
        cloud = replace(proxied(), invocation=Invocation(said, "Unhandled"))
        assert text(call(cloud, "/pets/7")) == (502, INTERNAL)


def test_a_function_that_lambda_refuses_to_run_is_a_500() -> None:
    refusal = Invocation('{"Message": "no"}', "ResourceNotFoundException")
    cloud = replace(proxied(), invocation=refusal)
    assert text(call(cloud, "/pets/7")) == (500, INTERNAL)


def test_a_function_runs_only_where_its_policy_lets_the_method() -> None:
    cloud = replace(proxied(), may_invoke=False)
    assert text(call(cloud, "/pets/7")) == (500, INTERNAL)
    assert cloud.sources == [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/dev/GET/pets/*"]
    assert cloud.events == []


def test_an_integration_waits_no_longer_than_it_says() -> None:
    late = threading.Event()

    def slow(_event: str) -> Invocation:
        late.wait(5)
        return Invocation("{}")

    api = snapshot({"GET /pets": method(proxy(timeoutInMillis=50))})
    got = call(Cloud(api, invocation=slow))
    late.set()
    assert text(got) == (504, '{"message":"Endpoint request timed out"}')


ERRORS = (
    {"statusCode": "200", "responseTemplates": {JSON: "$input.json('$')"}},
    {
        "statusCode": "400",
        "selectionPattern": r"\[400\] [\s\S]*",
        "responseTemplates": {JSON: '{"message": "$input.path(\'$.errorMessage\').substring(6)"}'},
    },
    {
        "statusCode": "500",
        "selectionPattern": r"(?!\[400\] )[\s\S]+",
        "responseTemplates": {JSON: '{"message": "oh"}'},
    },
)
CUSTOM = [
    (Invocation('[{"id": 1}]'), 200, '[{"id":1}]'),
    (Invocation('{"errorMessage": "[400] no"}', "Unhandled"), 400, '{"message": "no"}'),
    (Invocation('{"errorMessage": "a\\nb"}', "Unhandled"), 500, '{"message": "oh"}'),
    (Invocation('{"errorMessage": "x [400] no"}', "Unhandled"), 500, '{"message": "oh"}'),
    (Invocation('{"errorMessage": "[400] no"}'), 200, '{"errorMessage":"[400] no"}'),
]


@pytest.mark.parametrize(("invocation", "status", "body"), CUSTOM)
def test_an_error_is_answered_by_what_its_text_fits(
    invocation: Invocation, status: int, body: str
) -> None:
    api = snapshot({"GET /pets": method(custom('{"stage": "$context.stage"}', *ERRORS))})
    cloud = Cloud(api, invocation=invocation)
    assert text(call(cloud)) == (status, body)
    assert cloud.events == [{"stage": "dev"}]


def test_headers_of_an_answer_are_mapped() -> None:
    answer = {
        "statusCode": "200",
        "responseParameters": {
            "method.response.header.Access-Control-Allow-Origin": "'*'",
            "method.response.header.X-Stage": "context.stage",
            "method.response.header.X-Table": "stageVariables.table",
            "method.response.header.X-First": "integration.response.body.pets[0].type",
            "method.response.header.X-None": "integration.response.header.No",
        },
    }
    api = snapshot({"GET /pets": method(custom("{}", answer))})
    cloud = Cloud(api, invocation=Invocation('{"pets": [{"type": "cat"}]}'))
    got = call(staged(cloud, variables={"table": "pets"}))
    assert header(got, "access-control-allow-origin") == "*"
    names = ("X-Stage", "X-Table", "X-First", "X-None", "Content-Type")
    assert [header(got, name) for name in names] == ["dev", "pets", "cat", None, JSON]


def test_a_template_replaces_a_mapped_header_however_it_is_spelled() -> None:
    answer = {
        "statusCode": "200",
        "responseParameters": {"method.response.header.X-A": "'1'"},
        "responseTemplates": {JSON: '#set($context.responseOverride.header.x-a = "2")'},
    }
    cloud = Cloud(snapshot({"GET /pets": method(custom("{}", answer))}))
    assert header(call(cloud), "X-A") == "2"


def test_a_pattern_fits_the_whole_text() -> None:
    answers = ({"statusCode": "200"}, {"statusCode": "400", "selectionPattern": "no"})
    api = snapshot({"GET /pets": method(custom("{}", *answers))})
    for said, status in (("no", 400), ("no!", 200), ("oh no", 200)):
        failed = Invocation(json.dumps({"errorMessage": said}), "Unhandled")
        assert call(Cloud(api, invocation=failed)).status == status


def test_an_answer_without_a_fitting_response_is_the_apis_mistake() -> None:
    one = {"statusCode": "200", "selectionPattern": "2.."}
    cloud = Cloud(snapshot({"GET /pets": method(custom("{}", one))}))
    assert text(call(cloud)) == (500, INTERNAL)


PASSED = [
    ("NEVER", {JSON: "{}"}, JSON, 200),
    ("NEVER", {JSON: "{}"}, "text/plain", 415),
    ("NEVER", {}, JSON, 415),
    ("WHEN_NO_TEMPLATES", {JSON: "{}"}, "text/plain", 415),
    ("WHEN_NO_TEMPLATES", {}, "text/plain", 200),
    ("WHEN_NO_MATCH", {JSON: "{}"}, "text/plain", 200),
    ("WHEN_NO_MATCH", {JSON: "{}"}, f"{JSON}; charset=utf-8", 200),
]


@pytest.mark.parametrize(("passthrough", "templates", "kind", "status"), PASSED)
def test_a_body_without_a_template_passes_or_not(
    passthrough: str, templates: dict[str, str], kind: str, status: int
) -> None:
    integration = custom(
        "", {"statusCode": "200"}, requestTemplates=templates, passthroughBehavior=passthrough
    )
    cloud = Cloud(snapshot({"POST /pets": method(integration)}), invocation=Invocation("{}"))
    got = call(cloud, "/pets", "POST", body=b'{"a": 1}', headers=(("Content-Type", kind),))
    assert got.status == status
    if status == 415:
        assert got.body == b'{"message":"Unsupported Media Type"}'


def test_a_mock_answers_the_status_that_its_request_says() -> None:
    answers = {
        "200": {"statusCode": "200"},
        "404": {"statusCode": "404", "selectionPattern": "404"},
    }
    template = '{"statusCode": $input.params("want")}'
    api = snapshot(
        {"GET /pets": method(mock(requestTemplates={JSON: template}, integrationResponses=answers))}
    )
    assert call(Cloud(api), "/pets?want=404").status == 404
    assert call(Cloud(api), "/pets?want=200").status == 200
    assert text(call(Cloud(api), "/pets?want=nothing")) == (500, INTERNAL)


def test_an_origin_is_answered_by_the_template_that_chooses_it() -> None:
    template = (
        '#set($origin = $input.params("Origin"))#if($origin == "https://a" || '
        '$origin == "https://b")'
        "#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#{end}"
    )
    answer = {
        "statusCode": "200",
        "responseTemplates": {JSON: template},
        "responseParameters": {"method.response.header.Access-Control-Allow-Origin": "'https://a'"},
    }
    api = snapshot({"OPTIONS /pets": method(mock(integrationResponses={"200": answer}))})
    for origin, allowed in (("https://b", "https://b"), ("https://b.evil", "https://a")):
        got = call(Cloud(api), "/pets", "OPTIONS", headers=(("origin", origin),))
        assert header(got, "Access-Control-Allow-Origin") == allowed


def http_api(kind: str = "HTTP_PROXY", **more: Any) -> Cloud:
    integration = {
        "type": kind,
        "httpMethod": "GET",
        "uri": "https://b.example/${stageVariables.base}/{id}/x",
        "requestParameters": {"integration.request.path.id": "method.request.path.id"},
        **more,
    }
    cloud = Cloud(snapshot({"GET /pets/{id}": method(integration)}))
    return staged(cloud, variables={"base": "v2"})


def test_a_request_is_passed_on_and_the_answer_back() -> None:
    cloud = http_api()
    headers = (("Server", "b"), ("X-A", "1"), ("Connection", "close"))
    cloud.http = HttpResponse(404, headers, b"none")
    sent = (("X-B", "2"), ("Authorization", "AWS4-HMAC-SHA256 x"), ("Host", "h"))
    got = call(cloud, "/pets/a%2Fb%3F?x=1&x=2", headers=sent)
    assert (got.status, got.body) == (404, b"none")
    assert (header(got, "x-amzn-remapped-server"), header(got, "X-A")) == ("b", "1")
    assert header(got, "connection") is None
    [outgoing] = cloud.outgoing
    assert outgoing.url == "https://b.example/v2/a%2Fb%3F/x?x=1&x=2"
    assert (outgoing.method, outgoing.headers) == ("GET", (("X-B", "2"),))


def test_an_http_backend_that_fails_is_a_504() -> None:
    cloud = http_api()
    cloud.http = Fault("INTEGRATION_FAILURE", "Network error communicating with endpoint")
    body = '{"message":"Network error communicating with endpoint"}'
    assert text(call(cloud, "/pets/7")) == (504, body)


def test_a_custom_http_integration_sends_what_its_template_says() -> None:
    cloud = http_api(
        "HTTP",
        httpMethod="POST",
        requestTemplates={JSON: '{"id": "$input.params("id")"}'},
        integrationResponses={
            "200": {"statusCode": "200", "responseTemplates": {JSON: "$input.body"}},
            "409": {"statusCode": "409", "selectionPattern": "4\\d\\d"},
        },
    )
    cloud.http = HttpResponse(422, (), b"{}")
    got = call(cloud, "/pets/7?dropped=1")
    assert got.status == 409
    [outgoing] = cloud.outgoing
    assert (outgoing.method, outgoing.body) == ("POST", b'{"id": "7"}')
    assert outgoing.url == "https://b.example/v2/7/x"
    assert outgoing.headers == (("Content-Type", JSON),)
