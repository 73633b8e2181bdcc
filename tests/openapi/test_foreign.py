"""Others' descriptions: tokens, keys, checks and places become fields, or are refused by name."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from gateprint.model.body_schema import read_schema
from gateprint.openapi.foreign import Others
from gateprint.openapi.importing import Draft
from gateprint.openapi.schemes import Issuers
from tests.model.made import rejected
from tests.openapi.written import ARN, described, imported, routes_of, written_again

VALIDATOR = "x-amazon-apigateway-request-validator"
POLICY = "x-amazon-apigateway-policy"
POOL = "arn:aws:cognito-idp:us-east-2:123456789012:userpool/us-east-2_a1B2c3D4e"
KEY = {"type": "apiKey", "name": "X-API-Key", "in": "header"}
OIDC = {
    "type": "openIdConnect",
    "openIdConnectUrl": "https://login.example.com/.well-known/openid-configuration",
}
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
HEADER = {"type": "apiKey", "name": "Authorization", "in": "header"}
COGNITO = {
    **HEADER,
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
}
HTTP_API = {
    "type": "oauth2",
    "x-amazon-apigateway-authorizer": {
        "type": "jwt",
        "jwtConfiguration": {"issuer": "https://a.example.com/", "audience": ["pets"]},
        "identitySource": "$request.header.Authorization",
    },
}
TOLD = Others(Issuers("https://acme.auth0.com/", ("https://pets.example.com",)))
AUTH0 = {"issuer": "https://acme.auth0.com/", "audience": ["https://pets.example.com"]}
DISCOVERED = {"issuer": "https://login.example.com", "audience": ["https://pets.example.com"]}


def secured(scheme: dict[str, Any], *asked: dict[str, Any]) -> dict[str, Any]:
    document = described(security=list(asked) or [{"other": []}])
    document["components"]["securitySchemes"] |= {"other": scheme, "key": KEY}
    return document


def by_token(**fields: Any) -> dict[str, Any]:
    return {"lambda_arn": ARN, "auth": "jwt", "authorizer": "other", **fields}


TOKENS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "OpenID Connect": (secured(OIDC), DISCOVERED, by_token()),
    "scopes": (
        secured(OIDC, {"other": ["a:b", "c"]}),
        DISCOVERED,
        by_token(scopes=["a:b", "c"]),
    ),
    "a bearer": (secured(BEARER), AUTH0, by_token()),
    "a bearer of any form": (secured({"type": "http", "scheme": "Bearer"}), AUTH0, by_token()),
    "OAuth": (secured({"type": "oauth2", "flows": {}}), AUTH0, by_token()),
    "Swagger's bearer": (secured(HEADER), AUTH0, by_token()),
    "a token and a key": (
        secured(BEARER, {"other": [], "key": []}),
        AUTH0,
        by_token(api_key=True),
    ),
    "two that say the same": (
        secured(BEARER, {"other": []}, {"other": []}),
        AUTH0,
        by_token(),
    ),
    "an HTTP API's": (
        secured(HTTP_API),
        {"issuer": "https://a.example.com/", "audience": ["pets"]},
        by_token(),
    ),
    "a user pool": (
        secured(COGNITO, {"other": ["pets/read", "pets/write"]}),
        {"user_pools": [POOL]},
        by_token(auth="cognito", scopes=["pets/read", "pets/write"]),
    ),
}


@pytest.mark.parametrize("what", TOKENS)
def test_tokens_are_asked_for_by_an_authorizer(what: str):
    document, authorizer, route = TOKENS[what]
    draft = imported(document, others=TOLD)
    assert draft.blueprint["authorizers"] == {"other": authorizer}
    assert draft.blueprint["apis"]["prices"]["routes"] == {"GET /prices": route}
    written_again(draft)


def test_the_command_line_knows_the_slash_at_an_issuers_end():
    told = Others(Issuers("https://login.example.com/", ("pets",)))
    draft = imported(secured(OIDC), others=told)
    assert draft.blueprint["authorizers"]["other"]["issuer"] == "https://login.example.com/"


UNTOLD: dict[str, tuple[dict[str, Any], Others, str]] = {
    "no issuer": (secured(BEARER), Others(), "does not say who issues its tokens"),
    "no audience": (secured(OIDC), Others(), "does not say for whom its tokens are"),
    "an opaque token": (
        secured({"type": "http", "scheme": "bearer"}),
        Others(),
        "checked by other (http), not by IAM",
    ),
    "another header": (secured({**HEADER, "name": "X-Token"}), TOLD, "checked by other (apiKey)"),
    "a query": (secured({**KEY, "in": "query"}), TOLD, "checked by other (apiKey)"),
    "Basic": (secured({"type": "http", "scheme": "basic"}), TOLD, "checked by other (http)"),
    "roles": (secured(BEARER, {"other": ["admin"]}), TOLD, "other asks for roles"),
    "one of two": (secured(BEARER, {"other": []}, {"sigv4": []}), TOLD, "checked by other (http)"),
    "two at once": (secured(BEARER, {"other": [], "sigv4": []}), TOLD, "checked by other (http)"),
    "a scope that is none": (secured(OIDC, {"other": ["a b"]}), TOLD, "its scopes are not what"),
    "an http address": (
        secured(OIDC),
        Others(Issuers("http://login.example.com/", ())),
        "does not say for whom",
    ),
    "no pool": (
        secured({**COGNITO, "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools"}}),
        TOLD,
        "names no user pools",
    ),
    "a pattern": (
        secured(
            {
                **COGNITO,
                "x-amazon-apigateway-authorizer": {
                    "type": "cognito_user_pools",
                    "providerARNs": [POOL],
                    "identityValidationExpression": "a.*",
                },
            }
        ),
        TOLD,
        "has identityValidationExpression",
    ),
    "a pool's other header": (secured({**COGNITO, "name": "X-T"}), TOLD, "not in the header Auth"),
    "one of an HTTP API's scopes": (
        secured(HTTP_API, {"other": ["a", "b"]}),
        TOLD,
        "of its scopes one is enough",
    ),
    "a function": (
        secured({**HEADER, "x-amazon-apigateway-authtype": "custom"}),
        TOLD,
        "checked by other (custom)",
    ),
    "a function of their own": (
        secured({**HEADER, "x-amazon-apigateway-authorizer": {"type": "request"}}),
        TOLD,
        "checked by other (apiKey)",
    ),
}


@pytest.mark.parametrize("what", UNTOLD)
def test_tokens_of_nobody_known_are_refused_by_name_and_stay_closed(what: str):
    document, told, said = UNTOLD[what]
    assert said in rejected(imported, document, others=told)[0].problem
    draft = imported(document, others=told, is_partial=True)
    assert draft.blueprint["apis"]["prices"]["routes"] == {"GET /prices": {"lambda_arn": ARN}}
    assert "authorizers" not in draft.blueprint
    written_again(draft)


def test_a_key_alone_is_a_public_route_to_decide_about_and_a_plan_to_name_keys_in():
    draft = imported(secured(OIDC, {"key": []}))
    route = draft.blueprint["apis"]["prices"]["routes"]["GET /prices"]
    assert (route["auth"], route["api_key"]) == ("none", True)
    assert "which is no authorization" in route["public"]
    assert draft.blueprint["plans"] == {"imported": {"stages": "all", "keys": ["imported"]}}
    assert any(each.startswith("plans: ") for each in draft.remarks)
    written_again(draft)


def test_a_key_beside_a_signature_is_asked_for_too():
    route = routes_of(secured(OIDC, {"sigv4": [], "key": []}))["GET /prices"]
    assert route == {"lambda_arn": ARN, "api_key": True}


PET: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "format": "int64", "readOnly": True, "example": 7},
        "name": {"type": "string", "nullable": True, "x-order": 1},
        "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        "mother": {"$ref": "#/components/schemas/Pet"},
        "tag": {"$ref": "#/components/schemas/Tag"},
        "kind": {"anyOf": [{"$ref": "#/components/schemas/Tag"}, {"type": "null"}]},
    },
}
WRITTEN = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": ["string", "null"]},
        "age": {"type": "integer", "minimum": 1},
        "mother": {"$ref": "#"},
        "tag": {"$ref": "#/definitions/Tag"},
        "kind": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "definitions": {"Tag": {"type": "string"}},
}
PARAMETERS = [
    {"name": "page", "in": "query"},
    {"name": "X-Trace", "in": "header", "required": True},
    {"name": "id", "in": "path", "required": True},
    {"name": "filter[a]", "in": "query"},
]


def posting(
    content: Any = None, validator: str | None = "all", body: Any = None, **schemas: Any
) -> dict[str, Any]:
    """Return a document whose one route takes a body."""
    reference = {"schema": {"$ref": "#/components/schemas/Pet"}}
    body = body or {"required": True, "content": content or {"application/json": reference}}
    document = described(requestBody=body, parameters=PARAMETERS)
    document["openapi"] = "3.0.3"
    document["paths"]["/prices"] = {"post": document["paths"]["/prices"]["get"]}
    document["components"]["schemas"] = {"Pet": PET, "Tag": {"type": "string"}, **schemas}
    document["x-amazon-apigateway-request-validators"] = {
        "all": {"validateRequestBody": True, "validateRequestParameters": True},
        "body": {"validateRequestBody": True},
        "parameters": {"validateRequestParameters": True},
    }
    return {**document, **({VALIDATOR: validator} if validator else {})}


def request(draft: Draft) -> Any:
    return draft.blueprint["apis"]["prices"]["routes"]["POST /prices"].get("request")


def test_a_body_becomes_a_file_of_draft_4():
    draft = imported(posting())
    assert request(draft) == {
        "body": "schemas/prices/Pet.json",
        "query": {"page": "optional"},
        "headers": {"X-Trace": "required"},
    }
    assert {file: json.loads(text) for file, text in draft.files.items()} == {
        "schemas/prices/Pet.json": WRITTEN
    }
    assert read_schema("x", draft.files["schemas/prices/Pet.json"])
    written_again(draft)


def test_what_a_validator_leaves_out_is_not_checked():
    found = {name: request(imported(posting(validator=name))) for name in ("body", "parameters")}
    assert found == {
        "body": {
            "body": "schemas/prices/Pet.json",
            "query": {"page": "optional"},
            "headers": {"X-Trace": "optional"},
        },
        "parameters": {"query": {"page": "optional"}, "headers": {"X-Trace": "required"}},
    }


def test_without_a_validator_nothing_is_checked_unless_it_is_wished():
    document = posting(validator=None)
    assert request(imported(document)) is None
    assert (
        request(imported(document, others=Others(has_checks=True)))["body"]
        == "schemas/prices/Pet.json"
    )


def test_two_bodies_have_two_models_whatever_they_are_called():
    document = posting(pet={"type": "string"})
    other = copy.deepcopy(document["paths"]["/prices"]["post"])
    reference = {"$ref": "#/components/schemas/pet"}
    other["requestBody"]["content"]["application/json"]["schema"] = reference
    document["paths"]["/other"] = {"put": other}
    assert set(imported(document).files) == {"schemas/prices/Pet.json", "schemas/prices/pet-2.json"}


def test_a_body_of_swagger_2_0_and_one_without_a_name():
    document = posting()
    operation = document["paths"]["/prices"]["post"]
    del operation["requestBody"], document["openapi"]
    body = {"name": "x", "in": "body", "schema": {"type": "object"}}
    operation["parameters"] = [body]
    assert request(imported({**document, "swagger": "2.0"})) == {
        "body": "schemas/prices/post-prices.json"
    }


def of(schema: Any) -> dict[str, Any]:
    return posting({"application/json": {"schema": schema}})


NO_FORM: dict[str, tuple[dict[str, Any], str]] = {
    "another type": (posting({"text/csv": {"schema": {"type": "string"}}}), "others than JSON"),
    "two types": (
        posting({each: {"schema": {}} for each in ("application/json", "application/xml")}),
        "of several types",
    ),
    "a keyword of later drafts": (of({"if": {"type": "string"}}), '"if" is no keyword'),
    "a bound between numbers": (
        of({"type": "number", "minimum": 0, "exclusiveMinimum": True}),
        "exclusiveMinimum",
    ),
    "a slow pattern": (of({"type": "string", "pattern": "(a+)+"}), "repeats what repeats"),
    "a circle": (
        of(
            {
                "allOf": [
                    {"$ref": "#/paths/~1prices/post/requestBody/content/application~1json/schema"}
                ]
            }
        ),
        "the form of its body cannot be checked",
    ),
    "no schema": (of("x"), "it is no schema"),
    "a reference to nothing": (of({"$ref": "#/x"}), "leads nowhere"),
}


@pytest.mark.parametrize("what", NO_FORM)
def test_a_body_that_cannot_be_checked_is_refused_or_where_it_was_wished_remarked(what: str):
    document, said = NO_FORM[what]
    (problem,) = rejected(imported, document)
    assert problem.problem.startswith("POST /prices: the form of its body cannot be checked: ")
    assert said in problem.problem
    del document[VALIDATOR]
    draft = imported(document, others=Others(has_checks=True))
    assert "body" not in request(draft)
    assert any(said in each for each in draft.remarks)


def test_a_schema_that_grows_with_each_reference_is_refused_in_time():
    grown: dict[str, Any] = {
        f"s{each}": {"allOf": [{"$ref": f"#/components/schemas/s{each + 1}"}] * 2}
        for each in range(30)
    }
    document = posting(s30={"type": "string"}, **grown)
    post = document["paths"]["/prices"]["post"]
    post["requestBody"]["content"]["application/json"]["schema"]["$ref"] = "#/components/schemas/s0"
    assert "larger than a model" in rejected(imported, document)[0].problem


def test_a_required_parameter_that_no_blueprint_can_name_is_refused():
    document = posting()
    document["paths"]["/prices"]["post"]["parameters"][3]["required"] = True
    assert "the parameter filter[a]" in rejected(imported, document)[0].problem


ALL = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
DENY: dict[str, Any] = {
    **ALL,
    "Effect": "Deny",
    "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.7"}},
}
ALLOW = {**ALL, "Effect": "Allow"}
NETWORK = {"source_ips": ["203.0.113.7/32"]}


def guarded(*statements: dict[str, Any], is_public: bool = False) -> dict[str, Any]:
    document = described(**({"security": []} if is_public else {}))
    return {**document, POLICY: {"Version": "2012-10-17", "Statement": list(statements)}}


GUARDS: dict[str, tuple[dict[str, Any], Any]] = {
    "addresses, of signed routes": (guarded(DENY), NETWORK),
    "addresses, of public routes": (guarded(ALLOW, DENY, is_public=True), NETWORK),
    "as gateprint writes it": (
        guarded(
            {**ALLOW, "Resource": ["arn:aws:execute-api:us-east-2:1:abc/dev/GET/prices"]},
            {**DENY, "Resource": "arn:aws:execute-api:us-east-2:1:abc/*"},
            is_public=True,
        ),
        NETWORK,
    ),
    "an organization": (
        guarded(
            {
                **DENY,
                "Principal": {"AWS": "*"},
                "Action": ["execute-api:Invoke"],
                "Resource": ["arn:aws:execute-api:us-east-2:1:*/*/*/*"],
                "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}},
            }
        ),
        {"organization": "o-exampleorgid"},
    ),
    "nothing but an Allow": (guarded(ALLOW, is_public=True), None),
}


@pytest.mark.parametrize("what", GUARDS)
def test_a_policy_of_where_callers_come_from_is_only_from(what: str):
    document, expected = GUARDS[what]
    for written in (document, {**document, POLICY: json.dumps(document[POLICY])}):
        draft = imported(written)
        assert draft.blueprint["apis"]["prices"].get("only_from") == expected
        written_again(draft)


UNGUARDED: dict[str, tuple[dict[str, Any], str]] = {
    "an Allow of signed routes": (guarded(ALLOW, DENY), "nobody decides about but the policy"),
    "public routes without an Allow": (guarded(DENY, is_public=True), "allows other routes"),
    "another route": (
        guarded({**ALLOW, "Resource": "execute-api:/dev/GET/other"}, is_public=True),
        "allows other routes",
    ),
    "a condition of an Allow": (
        guarded({**ALLOW, "Condition": DENY["Condition"]}, is_public=True),
        "allows on conditions",
    ),
    "principals": (guarded({**ALLOW, "Principal": {"AWS": "1"}}), "names principals"),
    "another action": (guarded({**DENY, "Action": "execute-api:*"}), "other actions"),
    "a part of the API": (guarded({**DENY, "Resource": "execute-api:/dev/*"}), "denies a part"),
    "something else": (guarded({**DENY, "Resource": "arn:aws:s3:::a"}), "something else"),
    "all but some principals": (
        guarded({**{k: v for k, v in DENY.items() if k != "Principal"}, "NotPrincipal": "*"}),
        "written in a way of its own",
    ),
    "another operator": (
        guarded({**DENY, "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.7"}}}),
        "denies in a way",
    ),
    "two conditions": (
        guarded({**DENY, "Condition": {**DENY["Condition"], "Bool": {"aws:x": "true"}}}),
        "denies in a way",
    ),
    "only who signs": (
        guarded(
            {**DENY, "Condition": {**DENY["Condition"], "Null": {"aws:PrincipalArn": "false"}}}
        ),
        "denies some callers alone",
    ),
    "addresses within a VPC": (
        guarded({**DENY, "Condition": {"NotIpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}}),
        "addresses that AWS does not see",
    ),
    "an endpoint": (
        guarded({**DENY, "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-12345678"}}}),
        "other VPC endpoints",
    ),
    "an API of others": (
        {**described(), POLICY: '"{"'},
        "written in a way of its own",
    ),
}


@pytest.mark.parametrize("what", UNGUARDED)
def test_a_policy_that_says_anything_else_is_refused_by_name(what: str):
    document, said = UNGUARDED[what]
    (problem,) = rejected(imported, document)
    assert problem.problem.startswith("the API has a resource policy of its own: ")
    assert said in problem.problem
