"""A REST API as an account answers about it: what becomes a blueprint, what is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from gateprint.model.resolve import resolve
from gateprint.openapi.account_draft import Chosen, Taken, draft_of_account
from gateprint.openapi.adopting import adoptions_of
from gateprint.openapi.importing import Draft
from gateprint.workflow.api_reader import read_api
from tests.model.made import environment_of, rejected
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
    known_models: Sequence[Mapping[str, Any]] = field(default_factory=list)
    known_validators: Sequence[Mapping[str, Any]] = field(default_factory=list)
    plans: Sequence[Mapping[str, Any]] = field(default_factory=list)
    mappings: Sequence[Mapping[str, Any]] = field(default_factory=list)

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

    def models(self) -> Sequence[Mapping[str, Any]]:
        return self.known_models

    def validators(self) -> Sequence[Mapping[str, Any]]:
        return self.known_validators

    def usage_plans(self) -> Sequence[Mapping[str, Any]]:
        return self.plans

    def base_paths(self) -> Sequence[Mapping[str, Any]]:
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


PLAN: dict[str, Any] = {
    "id": "p1",
    "name": "shop-nonprod-partners",
    "description": "Partners.",
    "apiStages": [
        {
            "apiId": "a1b2c3",
            "stage": "live",
            "throttle": {"/a/GET": {"rateLimit": 0.5, "burstLimit": 2}},
        }
    ],
    "throttle": {"rateLimit": 5.0, "burstLimit": 10},
    "quota": {"limit": 9, "offset": 0, "period": "MONTH"},
    "keys": [
        {"id": "k1", "name": "shop-nonprod-acme", "enabled": True},
        {"id": "k2", "name": "ACME", "enabled": True},
    ],
}
MODEL = {
    "id": "m1",
    "name": "Pet",
    "contentType": "application/json",
    "schema": '{"properties": {"a": {"$ref": "#/definitions/x"}, "b": {"$ref": "https://apigateway'
    '.amazonaws.com/restapis/a1b2c3/models/Tag"}}, "definitions": {"x": {"type": "string"}}}',
}
TAG = {"id": "m2", "name": "Tag", "contentType": "application/json", "schema": '{"maxLength": 9}'}
VALIDATORS = [
    {"id": "v0", "name": "unused", "validateRequestBody": True, "validateRequestParameters": False},
    {"id": "v1", "name": "all", "validateRequestBody": True, "validateRequestParameters": False},
]


def adopted(gateway: FakeGateway) -> dict[str, str]:
    found = taken(gateway)
    _, blueprint = written_again(found.draft)
    resolved = resolve(blueprint, environment_of(), all_stages=False, schemas=found.draft.files)
    blocks = adoptions_of(resolved, resolved.apis[0], read_api(gateway), found.places)
    return {each.address: each.import_id for each in blocks}


def test_a_user_pool_opens_the_route_that_it_opened():
    gateway = FakeGateway()
    gateway.get |= {
        "authorizationType": "COGNITO_USER_POOLS",
        "authorizerId": "z2",
        "authorizationScopes": ["pets/read", "pets/write"],
    }
    blueprint = drafted(gateway).blueprint
    assert blueprint["authorizers"] == {"customers": {"user_pools": [POOL_ARN]}}
    assert blueprint["apis"]["prices"]["routes"]["GET /a"] == {
        "lambda_arn": ARN,
        "auth": "cognito",
        "authorizer": "customers",
        "scopes": ["pets/read", "pets/write"],
    }
    assert adopted(gateway)["aws_api_gateway_authorizer.prices_customers"] == "a1b2c3/z2"


def test_plans_keep_their_keys_by_name_and_lose_the_names_that_gateprint_puts_before_them():
    gateway = FakeGateway(plans=[PLAN])
    gateway.get["apiKeyRequired"] = True
    blueprint = drafted(gateway).blueprint
    assert blueprint["plans"] == {
        "partners": {
            "description": "Partners.",
            "stages": "all",
            "throttle": {"rate": 5, "burst": 10},
            "quota": {"requests": 9, "per": "month"},
            "routes": {"GET /a": {"rate": 0.5, "burst": 2}},
            "keys": ["acme", "acme-2"],
        }
    }
    found = adopted(gateway)
    assert {
        address: found[address] for address in found if "plan" in address or "key" in address
    } == {
        "aws_api_gateway_api_key.acme": "k1",
        "aws_api_gateway_api_key.acme-2": "k2",
        "aws_api_gateway_usage_plan.partners": "p1",
        "aws_api_gateway_usage_plan_key.partners_acme": "p1/k1",
        "aws_api_gateway_usage_plan_key.partners_acme-2": "p1/k2",
    }


def test_a_plan_that_opens_nothing_stays_as_it_is():
    draft = drafted(FakeGateway(plans=[PLAN]))
    assert "plans" not in draft.blueprint
    assert "left as it is: the plan partners, since no route asks for an API key" in draft.remarks


OTHER_PLANS: dict[str, tuple[dict[str, Any], str]] = {
    "of other APIs": (
        {"apiStages": [*PLAN["apiStages"], {"apiId": "other", "stage": "x"}]},
        "opens other APIs too",
    ),
    "without keys": ({"keys": []}, "has no keys"),
    "with a key that is off": (
        {"keys": [{"id": "k", "name": "acme", "enabled": False}]},
        "has the key acme, which is switched off",
    ),
    "with an offset": ({"quota": {"limit": 9, "offset": 1, "period": "DAY"}}, "has a first period"),
    "of the marketplace": ({"productCode": "x"}, "is of the AWS Marketplace"),
    "with a rate alone": ({"throttle": {"rateLimit": 5.0}}, "has a rate without a burst"),
}


@pytest.mark.parametrize("what", OTHER_PLANS)
def test_a_plan_that_no_blueprint_can_say_is_refused_by_name(what: str):
    changes, said = OTHER_PLANS[what]
    gateway = FakeGateway(plans=[{**PLAN, **changes}])
    found = rejected(drafted, gateway)
    assert f"the usage plan shop-nonprod-partners {said}" in found[0].problem


def test_models_and_validators_become_a_file_and_are_taken_over():
    gateway = FakeGateway(known_models=[MODEL, TAG], known_validators=VALIDATORS)
    gateway.get |= {
        "requestValidatorId": "v1",
        "requestModels": {"application/json": "Pet"},
        "requestParameters": {
            "method.request.querystring.page": False,
            "method.request.header.X-Trace": True,
            "method.request.path.id": True,
        },
    }
    methods = {"POST": gateway.get}
    gateway.resources = lambda: [  # type: ignore[method-assign]
        {"id": "r0", "path": "/"},
        {"id": "r1", "path": "/a", "resourceMethods": methods},
    ]
    draft = drafted(gateway)
    route = draft.blueprint["apis"]["prices"]["routes"]["POST /a"]
    assert route["request"] == {
        "body": "schemas/shop/Pet.json",
        "headers": {"X-Trace": "optional"},
        "query": {"page": "optional"},
    }
    assert json.loads(draft.files["schemas/shop/Pet.json"]) == {
        "properties": {"a": {"$ref": "#/definitions/x"}, "b": {"$ref": "#/definitions/Tag"}},
        "definitions": {"x": {"type": "string"}, "Tag": {"maxLength": 9}},
    }
    found = adopted(gateway)
    assert found["aws_api_gateway_model.prices_Pet"] == "a1b2c3/Pet"
    assert found["aws_api_gateway_request_validator.prices_body"] == "a1b2c3/v1"


def test_a_methods_own_limit_is_the_routes_throttle():
    gateway = FakeGateway()
    limits = {"throttlingRateLimit": 0.5, "throttlingBurstLimit": 3}
    gateway.stage["methodSettings"] = {"a/GET": limits}
    route = drafted(gateway).blueprint["apis"]["prices"]["routes"]["GET /a"]
    assert route["throttle"] == {"rate": 0.5, "burst": 3}
    where = "aws_api_gateway_method_settings.prices_live_get_a"
    assert adopted(gateway)[where] == "a1b2c3/live/a/GET"


def test_a_methods_own_log_level_is_refused():
    gateway = FakeGateway()
    limits = {"throttlingRateLimit": 0.5, "throttlingBurstLimit": 3, "loggingLevel": "INFO"}
    gateway.stage["methodSettings"] = {"~1a/GET": limits}
    assert "settings of its own for ~1a/GET" in rejected(drafted, gateway)[0].problem


def test_domains_stay_whose_they_are_and_their_base_paths_are_taken_over():
    paths = {"pets": "/pets", "(none)": "/"}
    mappings = [
        {"domainName": "api.example.com", "basePath": each, "stage": "live"} for each in paths
    ]
    gateway = FakeGateway(mappings=mappings)
    gateway.about["disableExecuteApiEndpoint"] = True
    blueprint = drafted(gateway).blueprint
    assert blueprint["domains"] == {
        "api.example.com": {
            "existing": True,
            "base_paths": {each: {"stage": "live"} for each in paths.values()},
        }
    }
    assert blueprint["apis"]["prices"]["default_endpoint"] is False
    found = adopted(gateway)
    front = "aws_api_gateway_base_path_mapping.api--dexample--dcom"
    assert (found[front], found[f"{front}_pets"]) == ("api.example.com/", "api.example.com/pets")


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"domainName": "*.example.com", "stage": "live"}, "no domain that a blueprint can name"),
        ({"domainName": "a.example.com", "basePath": "a/b", "stage": "live"}, "no base path"),
        ({"domainName": "a.example.com", "basePath": "a"}, "callers name the stage in the path"),
        ({"domainName": "a.example.com", "stage": "old"}, "there is no stage old"),
    ],
)
def test_a_base_path_that_no_blueprint_can_say_is_refused(mapping: dict[str, Any], said: str):
    assert said in rejected(drafted, FakeGateway(mappings=[mapping]))[0].problem


def test_a_policy_counts_as_far_as_it_names_this_api():
    def policy(api: str) -> str:
        resource = f"arn:aws:execute-api:us-east-2:123456789012:{api}/*"
        said = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": resource}
        condition = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
        statement = {"Effect": "Deny", **said, "Condition": condition}
        # As API Gateway shows it: escaped once more.
        return json.dumps(json.dumps({"Statement": [statement]}))[1:-1]

    gateway = FakeGateway()
    gateway.about["policy"] = policy("a1b2c3")
    api = drafted(gateway).blueprint["apis"]["prices"]
    assert api["only_from"] == {"source_ips": ["203.0.113.0/24"]}
    gateway.about["policy"] = policy("z9y8x7")
    assert "something else than this API" in rejected(drafted, gateway)[0].problem
