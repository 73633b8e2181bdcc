"""A REST API as an account answers about it: what becomes a blueprint, what is refused."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from gateprint.openapi.account_draft import Chosen, Taken, draft_of_account
from gateprint.openapi.adopting import adoptions_of
from gateprint.openapi.importing import Draft
from gateprint.workflow.api_reader import read_api
from tests.model.made import rejected
from tests.openapi.written import ARN, URI, resolved_as, written_again

GET = {
    "httpMethod": "GET",
    "authorizationType": "AWS_IAM",
    "apiKeyRequired": False,
    "methodIntegration": {
        "type": "AWS_PROXY",
        "httpMethod": "POST",
        "uri": URI,
        "passthroughBehavior": "WHEN_NO_MATCH",
        "timeoutInMillis": 29000,
        "cacheNamespace": "abc123",
        "cacheKeyParameters": [],
    },
}

POOL_ARN = "arn:aws:cognito-idp:us-east-2:123456789012:userpool/us-east-2_a1B2c3D4e"
POOL = {
    "id": "z2",
    "name": "Customers",
    "type": "COGNITO_USER_POOLS",
    "providerARNs": [POOL_ARN],
    "identitySource": "method.request.header.Authorization",
}


@dataclass
class FakeGateway:
    """Answers about one API from what it was given."""

    about: dict[str, Any] = field(
        default_factory=lambda: {
            "id": "a1b2c3",
            "name": "shop-nonprod-prices",
            "endpointConfiguration": {"types": ["EDGE"]},
        }
    )
    get: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(GET))
    stage: dict[str, Any] = field(default_factory=lambda: {"stageName": "live"})
    changed_responses: list[dict[str, Any]] = field(default_factory=list)
    known_models: list[Mapping[str, Any]] = field(default_factory=list)
    known_validators: list[Mapping[str, Any]] = field(default_factory=list)
    plans: list[Mapping[str, Any]] = field(default_factory=list)
    mappings: list[Mapping[str, Any]] = field(default_factory=list)

    def api(self) -> Mapping[str, Any]:
        return self.about

    def resources(self) -> list[Mapping[str, Any]]:
        methods = {"GET": self.get}
        return [{"id": "r0", "path": "/"}, {"id": "r1", "path": "/a", "resourceMethods": methods}]

    def stages(self) -> list[Mapping[str, Any]]:
        return [self.stage]

    def gateway_responses(self) -> list[Mapping[str, Any]]:
        return [{"responseType": "DEFAULT_4XX", "defaultResponse": True}, *self.changed_responses]

    def authorizers(self) -> list[Mapping[str, Any]]:
        return [{"id": "z1", "name": "tokens", "type": "TOKEN"}, POOL]

    def models(self) -> list[Mapping[str, Any]]:
        return self.known_models

    def validators(self) -> list[Mapping[str, Any]]:
        return self.known_validators

    def usage_plans(self) -> list[Mapping[str, Any]]:
        return self.plans

    def base_paths(self) -> list[Mapping[str, Any]]:
        return self.mappings


def drafted(gateway: FakeGateway) -> Draft:
    return taken(gateway).draft


def taken(gateway: FakeGateway) -> Taken:
    return draft_of_account(read_api(gateway), Chosen("nonprod"))


def test_it_is_a_blueprint_and_no_part_of_it_is_made_again():
    gateway = FakeGateway()
    gateway.stage |= {
        "tracingEnabled": True,
        "cacheClusterEnabled": False,
        "methodSettings": {
            "*/*": {
                "throttlingRateLimit": 50.0,
                "throttlingBurstLimit": 100,
                "loggingLevel": "ERROR",
                "dataTraceEnabled": False,
                "metricsEnabled": False,
            }
        },
    }
    draft = drafted(gateway)
    assert draft.blueprint["stages"] == {
        "live": {
            "environment": "nonprod",
            "throttle": {"rate": 50, "burst": 100},
            "tracing": True,
            "log_level": "error",
        }
    }
    assert draft.blueprint["apis"] == {
        "prices": {"endpoint": "edge", "routes": {"GET /a": {"lambda_arn": ARN}}}
    }
    blueprint = resolved_as(written_again(draft)[1])
    found = adoptions_of(blueprint, blueprint.apis[0], read_api(gateway))
    assert {each.address: each.import_id for each in found} == {
        "aws_api_gateway_integration.prices_get_a": "a1b2c3/r1/GET",
        "aws_api_gateway_method.prices_get_a": "a1b2c3/r1/GET",
        "aws_api_gateway_method_settings.prices_live": "a1b2c3/live/*/*",
        "aws_api_gateway_resource.prices_a": "a1b2c3/r1",
        "aws_api_gateway_rest_api.prices": "a1b2c3",
        "aws_api_gateway_stage.prices_live": "a1b2c3/live",
    }


def test_settings_that_a_stage_has_not_are_made_and_not_taken_over():
    gateway = FakeGateway()
    blueprint = resolved_as(written_again(drafted(gateway))[1])
    found = {each.address for each in adoptions_of(blueprint, blueprint.apis[0], read_api(gateway))}
    assert "aws_api_gateway_stage.prices_live" in found
    assert "aws_api_gateway_method_settings.prices_live" not in found


def test_what_an_account_says_where_nothing_was_decided_decides_nothing():
    gateway = FakeGateway()
    limits = {"throttlingRateLimit": 10000.0, "throttlingBurstLimit": 5000}
    gateway.stage["methodSettings"] = {"*/*": {**limits, "loggingLevel": "OFF"}}
    gateway.about |= {"apiKeySource": "HEADER", "binaryMediaTypes": [], "description": ""}
    assert drafted(gateway).blueprint["stages"] == {"live": {"environment": "nonprod"}}


def _key(gateway: FakeGateway) -> None:
    gateway.get["apiKeyRequired"] = True


def _key_alone(gateway: FakeGateway) -> None:
    gateway.get |= {"apiKeyRequired": True, "authorizationType": "NONE"}


def _authorizer(gateway: FakeGateway) -> None:
    gateway.get |= {"authorizationType": "CUSTOM", "authorizerId": "z1"}


def _pool(gateway: FakeGateway) -> None:
    gateway.get |= {"authorizationType": "COGNITO_USER_POOLS", "authorizerId": "gone"}


def _validator(gateway: FakeGateway) -> None:
    gateway.get["requestValidatorId"] = "v1"


def _credentials(gateway: FakeGateway) -> None:
    gateway.get["methodIntegration"]["credentials"] = "arn:aws:iam::1:role/x"


def _policy(gateway: FakeGateway) -> None:
    gateway.about["policy"] = "{}"


def _compression(gateway: FakeGateway) -> None:
    gateway.about["minimumCompressionSize"] = 0


def _own_domain(gateway: FakeGateway) -> None:
    gateway.about["disableExecuteApiEndpoint"] = True


def _response(gateway: FakeGateway) -> None:
    gateway.changed_responses = [{"responseType": "THROTTLED", "responseTemplates": {"a/b": "x"}}]


def _canary(gateway: FakeGateway) -> None:
    gateway.stage["canarySettings"] = {"percentTraffic": 5}


def _per_method(gateway: FakeGateway) -> None:
    gateway.stage["methodSettings"] = {"a/GET": {"throttlingRateLimit": 1.0}}


def _bodies(gateway: FakeGateway) -> None:
    gateway.stage["methodSettings"] = {"*/*": {"dataTraceEnabled": True}}


REFUSED: dict[Callable[[FakeGateway], None], str] = {
    _key: "no usage plan that a blueprint can have opens the stage live",
    _key_alone: "no usage plan that a blueprint can have opens the stage live",
    _authorizer: "GET /a: its callers are checked by tokens (TOKEN), not by IAM",
    _pool: "checked by COGNITO_USER_POOLS, which is declared nowhere",
    _validator: "GET /a: the validator v1 is declared nowhere",
    _credentials: "GET /a: x-amazon-apigateway-integration has credentials",
    _policy: "the API has a resource policy of its own",
    _compression: "x-amazon-apigateway-minimum-compression-size has no place",
    _own_domain: "the API is reached by a domain name of its own alone",
    _response: "the gateway response THROTTLED is not that of cors",
    _canary: "stage live has a canary release",
    _per_method: "stage live has settings of its own for a/GET",
    _bodies: "stage live records bodies of each method",
}


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__.strip("_"))
def test_what_no_blueprint_says_is_refused_by_name(change: Callable[[FakeGateway], None]):
    gateway = FakeGateway()
    change(gateway)
    (problem,) = rejected(drafted, gateway)
    assert (problem.code, problem.location.path) == ("not-expressible", "API a1b2c3")
    assert REFUSED[change] in problem.problem
