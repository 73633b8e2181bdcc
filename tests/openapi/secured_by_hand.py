"""A REST API with a user pool, keys, checks and a policy, made by hand through boto3."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.openapi.made_by_hand import FUNCTION, URI, ByHand

PET = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"$ref": "#/definitions/name"}},
    "definitions": {"name": {"type": "string", "minLength": 1}},
}
NETWORK = "203.0.113.0/24"
DOMAIN = "pets.example.com"
__all__ = ["DOMAIN", "FUNCTION", "NETWORK", "PET", "SHOP", "Secured", "make_secured"]

_DENIED = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
    "Condition": {"NotIpAddress": {"aws:SourceIp": [NETWORK]}},
}
SHOP: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/pets": {
            "post": {
                "security": [{"login": ["write:pets"], "key": []}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                    },
                },
            }
        }
    },
    "components": {
        "schemas": {"Pet": {"type": "object", "required": ["name"], "example": {"name": "Tom"}}},
        "securitySchemes": {
            "login": {
                "type": "openIdConnect",
                "openIdConnectUrl": "https://login.example.com/.well-known/openid-configuration",
            },
            "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
        },
    },
    "x-amazon-apigateway-request-validator": "all",
    "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True}},
    "x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": [_DENIED]},
}


@dataclass(frozen=True, slots=True)
class Secured:
    """The API and the ids of what stands around it."""

    api: str
    pool: str
    plan: str
    key: str
    key_value: str


def make_secured(clients: Callable[[str], Any]) -> Secured:
    """Make it: `GET /pets` for users, `POST /pets` with a key and a body, `GET /health` for all."""
    gateway = clients("apigateway")
    _function(clients)
    pool = clients("cognito-idp").create_user_pool(PoolName="customers")["UserPool"]["Arn"]
    api = ByHand(gateway, "Pets (by hand)")
    for path in ("/pets", "/health"):
        api.path(path)
    for verb, path in (("GET", "/pets"), ("POST", "/pets"), ("GET", "/health")):
        api.method(verb, path, "NONE", type="AWS_PROXY", uri=URI, integrationHttpMethod="POST")
    _pool(api, pool)
    _checks(api)
    statement = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    condition = {"NotIpAddress": {"aws:SourceIp": [NETWORK]}}
    denied = {"Effect": "Deny", **statement, "Condition": condition}
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}, denied]}
    operations = [{"op": "replace", "path": "/policy", "value": json.dumps(policy)}]
    gateway.update_rest_api(restApiId=api.id, patchOperations=operations)
    api.stage("live")
    plan, key = _plan(gateway, api.id)
    gateway.create_domain_name(
        domainName=DOMAIN,
        regionalCertificateArn="arn:aws:acm:us-east-2:000000000000:certificate/1",
        endpointConfiguration={"types": ["REGIONAL"]},
    )
    gateway.create_base_path_mapping(
        domainName=DOMAIN, basePath="pets", restApiId=api.id, stage="live"
    )
    return Secured(api.id, pool, plan, key["id"], key["value"])


def _function(clients: Callable[[str], Any]) -> None:
    """Make the function: nobody gets a permission for one that is not there."""
    trust = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **trust}]}
    role = clients("iam").create_role(
        RoleName="prices", AssumeRolePolicyDocument=json.dumps(document)
    )
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return {'statusCode': 200}\n")
    clients("lambda").create_function(
        FunctionName=FUNCTION.rpartition(":")[2],
        Role=role["Role"]["Arn"],
        Runtime="python3.12",
        Handler="app.handler",
        Code={"ZipFile": code.getvalue()},
    )


def _pool(api: ByHand, pool: str) -> None:
    made = api.client.create_authorizer(
        restApiId=api.id,
        name="Customers",
        type="COGNITO_USER_POOLS",
        providerARNs=[pool],
        identitySource="method.request.header.Authorization",
    )
    _patch(
        api,
        "GET",
        "/pets",
        [
            ("replace", "/authorizationType", "COGNITO_USER_POOLS"),
            ("replace", "/authorizerId", made["id"]),
            ("add", "/authorizationScopes", "pets/read"),
        ],
    )


def _checks(api: ByHand) -> None:
    api.client.create_model(
        restApiId=api.id, name="Pet", contentType="application/json", schema=json.dumps(PET)
    )
    made = api.client.create_request_validator(
        restApiId=api.id,
        name="Everything",
        validateRequestBody=True,
        validateRequestParameters=True,
    )
    named = {"restApiId": api.id, "resourceId": api.ids["/pets"], "httpMethod": "POST"}
    api.client.delete_method(**named)
    api.client.put_method(
        **named,
        authorizationType="NONE",
        apiKeyRequired=True,
        requestValidatorId=made["id"],
        requestModels={"application/json": "Pet"},
        requestParameters={
            "method.request.querystring.source": True,
            "method.request.header.X-Trace": False,
        },
    )
    api.client.put_integration(**named, type="AWS_PROXY", uri=URI, integrationHttpMethod="POST")


def _patch(api: ByHand, verb: str, path: str, changes: list[tuple[str, str, str]]) -> None:
    api.client.update_method(
        restApiId=api.id,
        resourceId=api.ids[path],
        httpMethod=verb,
        patchOperations=[{"op": op, "path": where, "value": value} for op, where, value in changes],
    )


def _plan(gateway: Any, api: str) -> tuple[str, Any]:
    key = gateway.create_api_key(name="ACME Corp.", enabled=True)
    plan = gateway.create_usage_plan(
        name="Partners",
        apiStages=[{"apiId": api, "stage": "live"}],
        throttle={"rateLimit": 5.0, "burstLimit": 10},
        quota={"limit": 1000, "period": "DAY"},
    )
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    return str(plan["id"]), key
