"""Routes in the embedded cloud: what a patch changes, and what is not there."""

from __future__ import annotations

import json

import pytest

from tests.local.rest_api import LAMBDA, Api, refused


def test_a_rest_api_changes_every_field(api: Api) -> None:
    before = api.call("get_rest_api")
    assert before["binaryMediaTypes"] == ["image/png"]
    assert before["disableExecuteApiEndpoint"] is False

    after = api.patch(
        "rest_api",
        {},
        ("replace", "/name", "animals"),
        ("replace", "/description", "All animals"),
        ("remove", "/binaryMediaTypes/image~1png", None),
        ("add", "/binaryMediaTypes/image~1jpeg", None),
        ("add", "/binaryMediaTypes/application~1pdf", None),
        ("replace", "/disableExecuteApiEndpoint", "true"),
        ("replace", "/minimumCompressionSize", "2048"),
        ("replace", "/apiKeySource", "AUTHORIZER"),
        ("replace", "/endpointConfiguration/types/0", "PRIVATE"),
        ("add", "/endpointConfiguration/vpcEndpointIds", "vpce-1"),
    )
    assert (after["name"], after["description"]) == ("animals", "All animals")
    assert after["binaryMediaTypes"] == ["image/jpeg", "application/pdf"]
    assert after["disableExecuteApiEndpoint"] is True
    assert after["minimumCompressionSize"] == 2048
    assert after["apiKeySource"] == "AUTHORIZER"
    assert after["endpointConfiguration"]["types"] == ["PRIVATE"]
    assert after["endpointConfiguration"]["vpcEndpointIds"] == ["vpce-1"]

    undone = api.patch(
        "rest_api",
        {},
        ("replace", "/disableExecuteApiEndpoint", "false"),
        ("replace", "/minimumCompressionSize", None),
        ("remove", "/endpointConfiguration/vpcEndpointIds", "vpce-1"),
    )
    assert undone["disableExecuteApiEndpoint"] is False
    assert "minimumCompressionSize" not in undone
    assert undone["endpointConfiguration"]["vpcEndpointIds"] == []


def test_a_resource_policy_comes_back_escaped_as_from_aws(api: Api) -> None:
    policy = json.dumps({"Statement": [{"Sid": 'a"b\\c é 🐈\n'}]}, ensure_ascii=False)
    escaped = api.patch("rest_api", {}, ("replace", "/policy", policy))["policy"]
    assert json.loads(f'"{escaped}"') == policy
    assert "\\u" not in escaped
    assert "policy" not in api.patch("rest_api", {}, ("replace", "/policy", ""))


def test_a_path_resource_moves(api: Api) -> None:
    place = {"resourceId": api.resource_id}
    assert api.call("get_resource", **place)["path"] == "/pets"
    after = api.patch("resource", place, ("replace", "/pathPart", "animals"))
    assert after["path"] == "/animals"


def test_deleting_a_path_resource_deletes_what_lies_below(api: Api) -> None:
    api.call("create_resource", parentId=api.resource_id, pathPart="{id}")
    api.call("delete_resource", resourceId=api.resource_id)
    assert [item["path"] for item in api.call("get_resources")["items"]] == ["/"]


def test_a_method_changes_every_field(api: Api) -> None:
    assert api.call("get_method", **api.method)["authorizationType"] == "NONE"
    after = api.patch(
        "method",
        api.method,
        ("replace", "/authorizationType", "AWS_IAM"),
        ("replace", "/apiKeyRequired", "true"),
        ("replace", "/operationName", "listPets"),
        ("replace", "/requestValidatorId", "abc"),
        ("add", "/requestParameters/method.request.header.X-A", "true"),
        ("add", "/requestModels/application~1json", "Pet"),
        ("add", "/authorizationScopes", "pets:read"),
    )
    assert after["authorizationType"] == "AWS_IAM"
    assert after["apiKeyRequired"] is True
    assert (after["operationName"], after["requestValidatorId"]) == ("listPets", "abc")
    assert after["requestParameters"] == {"method.request.header.X-A": True}
    assert after["requestModels"] == {"application/json": "Pet"}
    assert after["authorizationScopes"] == ["pets:read"]

    undone = api.patch(
        "method",
        api.method,
        ("remove", "/requestParameters/method.request.header.X-A", None),
        ("remove", "/requestModels/application~1json", None),
        ("remove", "/authorizationScopes", "pets:read"),
    )
    assert (undone["requestParameters"], undone["requestModels"]) == ({}, {})
    assert undone["authorizationScopes"] == []


def test_a_method_response_changes_every_field(api: Api) -> None:
    after = api.patch(
        "method_response",
        api.response,
        ("add", "/responseModels/application~1json", "Empty"),
        ("add", "/responseParameters/method.response.header.Vary", "false"),
    )
    assert after["responseModels"] == {"application/json": "Empty"}
    assert after["responseParameters"] == {"method.response.header.Vary": False}


def test_an_integration_has_the_defaults_of_aws(api: Api) -> None:
    integration = api.call("get_integration", **api.method)
    assert integration["timeoutInMillis"] == 29000
    assert integration["passthroughBehavior"] == "WHEN_NO_MATCH"
    assert integration["cacheNamespace"] == api.resource_id


def test_an_integration_changes_every_field(api: Api) -> None:
    after = api.patch(
        "integration",
        api.method,
        ("replace", "/uri", LAMBDA.replace("pets", "animals")),
        ("replace", "/timeoutInMillis", "1000"),
        ("replace", "/passthroughBehavior", "NEVER"),
        ("replace", "/contentHandling", "CONVERT_TO_TEXT"),
        ("replace", "/cacheNamespace", "animals"),
        ("add", "/cacheKeyParameters/method.request.querystring.kind", ""),
        ("add", "/requestTemplates/application~1json", "{}"),
        ("add", "/requestParameters/integration.request.header.X", "context.stage"),
        ("replace", "/connectionType", "VPC_LINK"),
        ("replace", "/connectionId", "link"),
        ("replace", "/tlsConfig/insecureSkipVerification", "true"),
    )
    assert after["uri"] == LAMBDA.replace("pets", "animals")
    assert (after["timeoutInMillis"], after["passthroughBehavior"]) == (1000, "NEVER")
    assert (after["contentHandling"], after["cacheNamespace"]) == ("CONVERT_TO_TEXT", "animals")
    assert after["cacheKeyParameters"] == ["method.request.querystring.kind"]
    assert after["requestTemplates"] == {"application/json": "{}"}
    assert after["requestParameters"] == {"integration.request.header.X": "context.stage"}
    assert (after["connectionType"], after["connectionId"]) == ("VPC_LINK", "link")
    assert after["tlsConfig"] == {"insecureSkipVerification": True}


def test_an_integration_response_changes_every_field(api: Api) -> None:
    after = api.patch(
        "integration_response",
        api.response,
        ("replace", "/selectionPattern", "4.."),
        ("replace", "/contentHandling", "CONVERT_TO_BINARY"),
        ("add", "/responseTemplates/application~1json", "{}"),
        ("add", "/responseParameters/method.response.header.Vary", "'Origin'"),
    )
    assert (after["selectionPattern"], after["contentHandling"]) == ("4..", "CONVERT_TO_BINARY")
    assert after["responseTemplates"] == {"application/json": "{}"}
    assert after["responseParameters"] == {"method.response.header.Vary": "'Origin'"}


def test_a_gateway_response_changes_every_field(api: Api) -> None:
    after = api.patch(
        "gateway_response",
        {"responseType": "UNAUTHORIZED"},
        ("replace", "/statusCode", "403"),
        ("add", "/responseParameters/gatewayresponse.header.Vary", "'Origin'"),
        ("add", "/responseTemplates/application~1json", "{}"),
    )
    assert after["statusCode"] == "403"
    assert after["responseParameters"] == {"gatewayresponse.header.Vary": "'Origin'"}
    assert after["responseTemplates"] == {"application/json": "{}"}


def test_a_patch_is_done_whole_or_not_at_all(api: Api) -> None:
    bad = [
        {"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"},
        {"op": "replace", "path": "/nonsense", "value": "1"},
    ]
    call = lambda: api.call("update_method", **api.method, patchOperations=bad)  # noqa: E731
    assert refused(call) == (400, "BadRequestException")
    assert api.call("get_method", **api.method)["authorizationType"] == "NONE"


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("get_integration", {"httpMethod": "PUT"}),
        ("get_method", {"httpMethod": "PUT"}),
        ("delete_method", {"httpMethod": "PUT"}),
        ("get_method_response", {"httpMethod": "GET", "statusCode": "500"}),
        ("delete_method_response", {"httpMethod": "GET", "statusCode": "500"}),
        ("get_integration_response", {"httpMethod": "GET", "statusCode": "500"}),
        ("delete_integration_response", {"httpMethod": "GET", "statusCode": "500"}),
        ("delete_integration", {"httpMethod": "PUT"}),
        ("get_deployment", {"deploymentId": "nowhere"}),
        ("delete_deployment", {"deploymentId": "nowhere"}),
        ("get_stage", {"stageName": "nowhere"}),
        ("delete_stage", {"stageName": "nowhere"}),
        ("get_gateway_response", {"responseType": "THROTTLED"}),
        ("delete_gateway_response", {"responseType": "THROTTLED"}),
        ("get_request_validator", {"requestValidatorId": "nowhere"}),
        ("update_request_validator", {"requestValidatorId": "nowhere"}),
        ("delete_authorizer", {"authorizerId": "nowhere"}),
        ("delete_request_validator", {"requestValidatorId": "nowhere"}),
        ("get_resource", {"resourceId": "nowhere"}),
        ("delete_resource", {"resourceId": "nowhere"}),
        ("get_rest_api", {"restApiId": "nowhere"}),
        ("delete_rest_api", {"restApiId": "nowhere"}),
    ],
)
def test_what_is_not_there_is_not_found(api: Api, verb: str, more: dict[str, str]) -> None:
    place = {"restApiId": api.api_id, **more}
    if "httpMethod" in more:
        place["resourceId"] = api.resource_id
    call = lambda: getattr(api.gateway, verb)(**place)  # noqa: E731
    assert refused(call) == (404, "NotFoundException")


@pytest.mark.parametrize("verb", ["get_integration", "delete_integration"])
def test_a_deleted_integration_is_gone(api: Api, verb: str) -> None:
    api.call("delete_integration", **api.method)
    assert refused(lambda: api.call(verb, **api.method)) == (404, "NotFoundException")
