"""What no blueprint can say is refused by name and place, and never opened."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateprint.errors import Diagnostic
from tests.model.made import rejected
from tests.openapi.written import (
    ARN,
    INTEGRATION,
    LAMBDA,
    described,
    described_paths,
    imported,
    routes_of,
    written_again,
)

HTTP = {"type": "http_proxy", "httpMethod": "GET", "uri": "https://example.com/v1"}
MOCK: dict[str, Any] = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {
        "default": {"statusCode": "200", "responseTemplates": {"application/json": "ok"}}
    },
}
EVENTS = "arn:aws:apigateway:us-east-2:events:action/PutEvents"
STAGED = "arn:aws:lambda:us-east-2:123456789012:function:${stageVariables.name}"
OPTIONS: dict[str, Any] = {"options": {"responses": {}}}


def at(key: str, value: Any) -> dict[str, Any]:
    """Return a document with something of the whole API."""
    return {**described(), key: value}


def behind(**integration: Any) -> dict[str, Any]:
    """Return a document with another integration; None leaves something out."""
    return described(**{INTEGRATION: {k: v for k, v in integration.items() if v is not None}})


def beside(**item: Any) -> dict[str, Any]:
    """Return a document with something beside its operation."""
    document = described()
    document["paths"]["/prices"] |= item
    return document


def secured(scheme: dict[str, Any], *asked: dict[str, Any]) -> dict[str, Any]:
    document = described(security=list(asked) or [{"other": []}])
    document["components"]["securitySchemes"]["other"] = scheme
    return document


REFUSED: dict[str, tuple[Any, str]] = {
    "an API key": (secured({"type": "apiKey"}), "GET /prices: its callers are checked by other"),
    "OAuth": (secured({"type": "oauth2"}), "checked by other (oauth2), not by IAM"),
    "an authorizer": (
        secured({"type": "apiKey", "x-amazon-apigateway-authtype": "custom"}),
        "checked by other (custom)",
    ),
    "a signature with a key": (
        secured({"type": "apiKey"}, {"sigv4": [], "other": []}),
        "checked by other (apiKey)",
    ),
    "a signature or a key": (
        secured({"type": "apiKey"}, {"sigv4": []}, {"other": []}),
        "checked by other (apiKey)",
    ),
    "an unknown scheme": (described(security=[{"who": []}]), "who, which is declared nowhere"),
    "security that is none": (described(security="sigv4"), "not a list of requirements"),
    "another x-amazon-apigateway-auth": (
        described(**{"security": [], "x-amazon-apigateway-auth": {"type": "CUSTOM"}}),
        "checked by CUSTOM",
    ),
    "TRACE": (beside(trace={"responses": {}}), "/prices: trace has no place in a blueprint"),
    "QUERY": (beside(query={"responses": {}}), "/prices: query has no place in a blueprint"),
    "OPTIONS of its own": (beside(**OPTIONS), "OPTIONS /prices is more than a preflight"),
    "a part of a segment": (described_paths("/a/{b}.json"), '"{b}.json" is not a path segment'),
    "a slash at the end": (described_paths("/a/"), '"/a/" is not a path'),
    "a rest in the middle": (described_paths("/{a+}/b"), "{a+} takes the rest of the path"),
    "the same path twice": (described_paths("/a/{b}", "/a/{c}"), "is the same route as GET /a/{b}"),
    "servers of a path": (beside(servers=[{"url": "/v9"}]), "/prices has a base path of its own"),
    "servers of a route": (described(servers=[{"url": "/v9"}]), "GET /prices has a base path"),
    "a service of AWS": (
        behind(type="aws", httpMethod="POST", uri=EVENTS),
        "its backend is not a Lambda function by its ARN",
    ),
    "a mapped function": (behind(**{**LAMBDA, "type": "aws"}), "maps requests to its backend"),
    "a mapped address": (behind(**{**HTTP, "type": "http"}), "of the type http"),
    "a function by stage": (
        behind(**{**LAMBDA, "uri": LAMBDA["uri"].replace(ARN, STAGED)}),
        "not a Lambda function by its ARN",
    ),
    "an address by stage": (
        behind(**{**HTTP, "uri": "https://${stageVariables.host}/"}),
        "its address depends on the stage",
    ),
    "another method behind": (behind(**{**HTTP, "httpMethod": "POST"}), "called with POST"),
    "a header passed on": (
        behind(**HTTP, requestParameters={"integration.request.header.x": "'1'"}),
        "other parameters than the path's",
    ),
    "a VPC link": (behind(**HTTP, connectionType="VPC_LINK"), "has connectionType"),
    "credentials": (behind(**LAMBDA, credentials="arn:aws:iam::1:role/x"), "has credentials"),
    "a time-out": (behind(**LAMBDA, timeoutInMillis=1000), "has timeoutInMillis"),
    "a conversion": (behind(**LAMBDA, contentHandling="CONVERT_TO_BINARY"), "has contentHandling"),
    "a later payload format": (behind(**LAMBDA, payloadFormatVersion="2.0"), "payloadFormat"),
    "a mock that computes": (
        behind(
            **{
                **MOCK,
                "responses": {
                    "default": {
                        "statusCode": "200",
                        "responseTemplates": {"application/json": "$context.requestId"},
                    }
                },
            }
        ),
        "the body of its mock is no fixed text",
    ),
    "a mock with two answers": (
        behind(**{**MOCK, "responses": {**MOCK["responses"], "4..": {"statusCode": "400"}}}),
        "other answers than one",
    ),
    "a mock without status": (behind(**{**MOCK, "requestTemplates": {}}), "is not fixed"),
    "a validator": (
        described(**{"x-amazon-apigateway-request-validator": "all"}),
        "GET /prices: the validator all is declared nowhere",
    ),
    "compression": (at("x-amazon-apigateway-minimum-compression-size", 0), "compression-size has"),
    "a key's source": (at("x-amazon-apigateway-api-key-source", "AUTHORIZER"), "key-source has"),
    "a policy": (at("x-amazon-apigateway-policy", {"Statement": []}), "resource policy of its own"),
    "a gateway response": (
        at("x-amazon-apigateway-gateway-responses", {"THROTTLED": {"statusCode": 503}}),
        "the gateway response THROTTLED is not that of cors",
    ),
    "a wrong extension": (at("x-gateprint", {"api": "x"}), "not what gateprint export writes"),
    "no path": (at("paths", {}), "nothing in it can be a route"),
}


def found(document: Any) -> tuple[Diagnostic, ...]:
    return rejected(imported, document)


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_by_name(what: str):
    document, said = REFUSED[what]
    problems = found(document)
    assert {each.code for each in problems} == {"not-expressible"}
    assert said in problems[0].problem


@pytest.mark.parametrize("what", [each for each in REFUSED if each != "no path"])
def test_with_partial_it_is_left_out_and_listed_and_nothing_is_opened(what: str):
    document, said = REFUSED[what]
    if what == "a wrong extension":
        assert said in rejected(imported, document, is_partial=True)[0].problem
        return
    document["paths"]["/kept"] = described()["paths"]["/prices"]
    draft = imported(document, is_partial=True)
    routes = draft.blueprint["apis"]["prices"]["routes"]
    assert routes["GET /kept"] == {"lambda_arn": ARN}
    assert not any("auth" in each for each in routes.values())
    assert any(said.removeprefix("GET /prices: ") in each for each in draft.remarks)
    written_again(draft)


def test_every_problem_is_told_at_once_and_at_its_line():
    document = described()
    document["paths"]["/a/"] = document["paths"]["/prices"]
    document["paths"]["/b"] = {"get": {"security": [{"sigv4": []}], INTEGRATION: {"type": "http"}}}
    lines = json.dumps(document, indent=1).splitlines()
    problems = found(document)
    assert ['"type": "http"' in lines[each.location.line - 1] for each in problems] == [False, True]
    assert all(each.remedy.endswith("; or leave it out with --partial") for each in problems)


ORIGIN = "method.response.header.Access-Control-Allow-Origin"


def preflight(kind: str = "mock", **headers: str) -> dict[str, Any]:
    parameters = {ORIGIN: "'*'", **headers}
    answer = {"statusCode": "200", "responseParameters": parameters}
    return {"options": {INTEGRATION: {"type": kind, "responses": {"default": answer}}}}


def test_preflights_that_say_the_same_are_cors():
    document = beside(**preflight())
    document["x-amazon-apigateway-gateway-responses"] = {
        "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Vary": "'Origin'"}}
    }
    draft = imported(document)
    assert draft.blueprint["apis"]["prices"]["cors"] == {"origins": ["*"], "max_age": "600s"}


CREDENTIALS = "method.response.header.Access-Control-Allow-Credentials"
ODD_PREFLIGHTS: dict[str, tuple[dict[str, Any], str]] = {
    "of a backend": (preflight("http_proxy"), "more than a preflight"),
    "of a computed origin": (preflight(**{ORIGIN: "method.request.header.Origin"}), "more than a"),
    "with credentials": (preflight(**{CREDENTIALS: "'true'"}), "allows credentials"),
}


@pytest.mark.parametrize("what", ODD_PREFLIGHTS)
def test_a_preflight_that_is_more_is_refused(what: str):
    item, said = ODD_PREFLIGHTS[what]
    assert said in found(beside(**item))[0].problem


def test_preflights_that_differ_are_refused():
    document = beside(**preflight())
    document["paths"]["/other"] = preflight(**{ORIGIN: "'https://a.example.com'"})
    assert "OPTIONS /other allows another origin" in found(document)[0].problem


@pytest.mark.parametrize(
    "response",
    [
        {"statusCode": 503},
        {"responseTemplates": {"application/json": "no"}},
        {"responseParameters": {"gatewayresponse.header.Server": "'x'"}},
    ],
)
def test_a_gateway_response_that_says_more_than_cors_is_refused(response: dict[str, Any]):
    document = beside(**preflight())
    document["x-amazon-apigateway-gateway-responses"] = {"THROTTLED": response}
    assert "is not that of cors" in found(document)[0].problem


WRONG_REFERENCES = {
    "out of the file": ("other.json#/a", "leads out of this file"),
    "over the network": ("https://example.com/a.json", "leads out of this file"),
    "nowhere": ("#/components/pathItems/none", "leads nowhere"),
    "in a circle": ("#/paths/~1a", "leads in a circle"),
}


@pytest.mark.parametrize("what", WRONG_REFERENCES)
def test_a_reference_is_followed_within_the_file_alone(what: str):
    written, said = WRONG_REFERENCES[what]
    document = described()
    document["paths"]["/a"] = {"$ref": written}
    (problem,) = found(document)
    assert (problem.code, said in problem.problem) == ("wrong-reference", True)


def test_references_are_followed_where_they_lead_to_something():
    document = described()
    item = document["paths"]["/prices"]
    document["paths"]["/prices"] = {"$ref": "#/components/pathItems/a~1b%20c"}
    document["components"]["pathItems"] = {"a/b c": {"$ref": "#/x-items/0"}}
    document["x-items"] = [item]
    assert routes_of(document) == {"GET /prices": {"lambda_arn": ARN}}


def test_a_function_of_the_extension_counts_only_where_its_address_is_that_functions():
    document = described(**{"x-gateprint": {"function": "get_pet"}})
    assert routes_of(document) == {"GET /prices": {"lambda_arn": ARN}}


def test_a_signature_that_the_document_asks_of_all_is_asked_of_each():
    document = {**described(), "security": [{"sigv4": []}]}
    del document["paths"]["/prices"]["get"]["security"]
    assert routes_of(document) == {"GET /prices": {"lambda_arn": ARN}}


@pytest.mark.parametrize("security", [[], [{"sigv4": []}, {}]])
def test_a_route_that_somebody_may_call_unsigned_is_public_with_a_reason_to_decide_about(security):
    document = {**described(security=security), "security": [{"sigv4": []}]}
    route = routes_of(document)["GET /prices"]
    assert route["auth"] == "none"
    assert route["public"].startswith("imported: ")
    assert route["public"].endswith("decide whether it should")


def test_swagger_2_0_is_read_too():
    document = described()
    schemes = document.pop("components")["securitySchemes"]
    del document["openapi"]
    document |= {"swagger": "2.0", "securityDefinitions": schemes, "basePath": "/v1", "host": "a.b"}
    assert routes_of(document) == {"GET /prices": {"lambda_arn": ARN}}
    assert routes_of(document, has_base_path=True) == {"GET /v1/prices": {"lambda_arn": ARN}}


@pytest.mark.parametrize("version", ["1.2", "3.2.0", "4", ""])
def test_another_version_is_refused(version: str):
    (problem,) = found({**described(), "openapi": version})
    assert problem.code == "not-openapi"


def test_what_json_may_write_is_read_as_json_means_it():
    text = json.dumps(described(summary="a/b \U0001f43e\\ A")).replace("/b", "\\/b")
    assert "\\ud83d" in text
    text = text.replace("{", "{\t").replace("A", "\\u0041")
    assert routes_of(text)["GET /prices"]["description"] == "a/b \U0001f43e\\ A"
