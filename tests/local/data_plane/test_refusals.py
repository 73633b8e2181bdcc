"""What is deployed and cannot be served is refused, with its route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.stage import require_served
from tests.local.data_plane.made import JSON, custom, method, mock, proxy, snapshot

Parts = Mapping[str, Any]
ANSWER = {"statusCode": "200"}
HEADER, SENT = "method.response.header.", "integration.request.header."
DYNAMO = "arn:aws:apigateway:us-east-2:dynamodb:action/PutItem"
METHODS: list[tuple[Parts, str]] = [
    (method(authorizationType="CUSTOM"), "there is no authorizer None"),
    (method(authorizationType="COGNITO_USER_POOLS"), "there is no authorizer None"),
    (method(authorizationType="AWS_IAMM"), "does not do authorization AWS_IAMM"),
    ({"authorizationType": "NONE"}, "No integration defined for method"),
    (method(mock(type="HTTPS")), "integrations of type HTTPS"),
    (method(proxy(uri=DYNAMO)), "with Lambda functions alone"),
    (method(proxy(credentials="arn:aws:iam::1:role/x")), "does not assume roles"),
    (method({"type": "HTTP", "connectionType": "VPC_LINK"}), "has no VPC_LINK"),
    (method(mock(contentHandling="CONVERT_TO_TEXT")), "does not convert bodies"),
    (method(mock(passthroughBehavior="ALWAYS")), "there is no passthrough ALWAYS"),
    (method({"type": "HTTP", "tlsConfig": {"insecureSkipVerification": True}}), "certificates"),
    (
        method(
            proxy(requestParameters={"integration.request.header.X-Amz-Invocation-Type": "'Event'"})
        ),
        "waits for functions",
    ),
    (method(custom("#parse('x')")), "does not do #parse"),
    (method(custom("{}", {**ANSWER, "responseTemplates": {JSON: "$x.y("}})), "line 1"),
    (method(custom("{}", {**ANSWER, "selectionPattern": "("})), "the selection pattern ("),
    (method(custom("{}", {**ANSWER, "contentHandling": "CONVERT_TO_BINARY"})), "convert bodies"),
    (
        method(
            custom(
                "{}", {**ANSWER, "responseParameters": {"method.response.header.X": "context.no"}}
            )
        ),
        "the mapping expression context.no",
    ),
    (
        method(custom("{}", {**ANSWER, "responseParameters": {"header.X": "'x'"}})),
        "the mapping of header.X",
    ),
    (
        method(mock(requestParameters={"integration.request.body.x": "'x'"})),
        "the mapping of integration.request.body.x",
    ),
    (
        method(
            mock(requestParameters={"integration.request.header.x": "integration.response.body"})
        ),
        "the mapping expression integration.response.body",
    ),
    (method(requestValidatorId="none"), "there is no request validator none"),
    (method(requestValidatorId="v", requestModels={JSON: "Pet"}), "there is no model Pet"),
    (method(requestValidatorId="v", requestModels={JSON: "Odd"}), "model Odd"),
    (method(requestValidatorId="v", requestModels={JSON: "Far"}), "refers to other models"),
]
VALIDATOR = {"id": "v", "validateRequestBody": True}
MODELS = [
    {"name": "Odd", "schema": '{"type": 7}'},
    {"name": "Far", "schema": '{"$ref": "https://apigateway.amazonaws.com/restapis/a/models/b"}'},
]


@pytest.mark.parametrize(("refused", "problem"), METHODS)
def test_a_method_that_cannot_be_served_is_refused(refused: Parts, problem: str) -> None:
    with pytest.raises(NotServed) as refusal:
        snapshot({"GET /pets": refused}, validators=[VALIDATOR], models=MODELS)
    assert str(refusal.value).startswith("GET /pets: ")
    assert problem in str(refusal.value)


RESPONSES: list[tuple[Parts, str]] = [
    ({"responseType": "NOT_A_TYPE"}, "there is no gateway response NOT_A_TYPE"),
    (
        {
            "responseType": "ACCESS_DENIED",
            "responseParameters": {"gatewayresponse.header.X": "integration.response.header.X"},
        },
        "gateway response ACCESS_DENIED: the mapping expression",
    ),
    (
        {"responseType": "ACCESS_DENIED", "responseTemplates": {JSON: "#if(true)x#end"}},
        "has variables alone",
    ),
]


@pytest.mark.parametrize(("response", "problem"), RESPONSES)
def test_a_gateway_response_that_cannot_be_served_is_refused(response: Parts, problem: str) -> None:
    with pytest.raises(NotServed) as refusal:
        snapshot({"GET /pets": method()}, gateway_responses=[response])
    assert problem in str(refusal.value)


def test_api_keys_come_from_the_header_alone() -> None:
    with pytest.raises(NotServed, match="X-API-Key alone"):
        snapshot({"GET /pets": method(apiKeyRequired=True)}, apiKeySource="AUTHORIZER")


STAGES = [({"clientCertificateId": "abc"}, "client certificates")]


@pytest.mark.parametrize(("settings", "problem"), STAGES)
def test_a_stage_that_cannot_be_served_is_refused(settings: Parts, problem: str) -> None:
    with pytest.raises(NotServed, match=problem):
        require_served(settings)
