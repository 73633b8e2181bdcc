"""No document crashes the import: it becomes a blueprint, or is rejected with places."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gateprint.errors import InputRejected
from gateprint.openapi.foreign import Others
from gateprint.openapi.schemes import Issuers
from tests.openapi.written import INTEGRATION, SIGV4, described, exported, imported, written_again

PETS = """\
blueprint: 1
name: pets
stages: {dev: {environment: nonprod}}
apis:
  pets:
    description: Pets.
    binary_types: [image/png]
    cors: {origins: ["https://a.example.com", "https://b.example.com"]}
    routes:
      GET /pets: {function: list_pets, auth: none, public: for all}
      ANY /files/{rest+}: {http: "https://example.com/{rest}"}
      POST /pets: {mock: {status: 200, body: "$5 #1"}}
functions:
  list_pets: {source: pets, handler: app.list_pets, proxy: false}
"""
MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {
        "default": {
            "statusCode": "200",
            "responseParameters": {"method.response.header.Access-Control-Allow-Origin": "'*'"},
            "responseTemplates": {"application/json": "{}"},
        }
    },
}
FOREIGN = {
    **described(),
    "servers": [{"url": "https://{host}/v1", "variables": {"host": {"default": "example.com"}}}],
    "paths": {
        "/pets/{id}": {
            "servers": [{"url": "/v1"}],
            "get": {"summary": "A pet.", "security": [{"key": []}, {}], INTEGRATION: MOCK},
            "options": {INTEGRATION: MOCK},
        },
        "/pets": {"$ref": "#/components/pathItems/pets"},
    },
    "components": {
        "securitySchemes": {"sigv4": SIGV4, "key": {"type": "apiKey"}},
        "pathItems": {"pets": {"post": {"security": [{"sigv4": []}]}}},
    },
    "x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {"responseParameters": {}}},
    "x-amazon-apigateway-binary-media-types": ["image/png"],
}
POOL = "arn:aws:cognito-idp:us-east-2:123456789012:userpool/us-east-2_a1B2c3D4e"
DENIED = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
    "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}},
}
SECURED = {
    **described(),
    "x-amazon-apigateway-request-validator": "all",
    "x-amazon-apigateway-request-validators": {
        "all": {"validateRequestBody": True, "validateRequestParameters": True}
    },
    "x-amazon-apigateway-policy": {"Statement": [DENIED]},
    "paths": {
        "/pets": {
            "parameters": [{"name": "page", "in": "query", "required": True}],
            "post": {
                "security": [{"login": ["a"], "key": []}],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/P"}}},
                },
            },
            "get": {"security": [{"pool": ["pets/read"]}]},
        }
    },
    "components": {
        "schemas": {
            "P": {"required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/Q"}}},
            "Q": {"anyOf": [{"$ref": "#/components/schemas/P"}, {"const": 1}]},
        },
        "securitySchemes": {
            "login": {
                "type": "openIdConnect",
                "openIdConnectUrl": "https://a.example.com/.well-known/openid-configuration",
            },
            "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            "pool": {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": {
                    "type": "cognito_user_pools",
                    "providerARNs": [POOL],
                },
            },
        },
    },
}
TOLD = Others(Issuers("https://a.example.com/", ("pets",)), has_checks=True)
DOCUMENTS = [
    FOREIGN,
    SECURED,
    exported(PETS),
    {"swagger": "2.0", "host": "a.b", "basePath": "/", "paths": {}},
]
ODD = st.recursive(
    st.sampled_from(
        [None, True, 0, -1, 1.5, "", "x", "/", "{", "{}", "#/", "#/paths", "${x}", "$ref"]
    )
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["$ref", "a", "type", "get", "default"]), inner, max_size=2
        )
    ),
    max_leaves=4,
)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    held = enumerate(data) if isinstance(data, list) else ()
    for key, value in data.items() if isinstance(data, dict) else held:
        yield from places(value, (*path, key))


PLACES = [(index, each) for index, whole in enumerate(DOCUMENTS) for each in places(whole) if each]


def changed(place: tuple[int, tuple[Any, ...]], odd: Any) -> Any:
    index, path = place
    document = copy.deepcopy(DOCUMENTS[index])
    holder = document
    for each in path[:-1]:
        holder = holder[each]
    holder[path[-1]] = odd
    return document


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PLACES), ODD, st.booleans())
@example((0, ("paths", "/pets/{id}")), ["x"], True)
def test_what_stands_anywhere_is_understood_or_refused(place, odd, is_partial):
    text = json.dumps(changed(place, odd))
    with suppress(InputRejected):
        written_again(imported(text, is_partial=is_partial, others=TOLD))
