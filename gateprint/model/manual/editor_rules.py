"""What fields of one entry say together (`rules`), as JSON Schema for editors; pure."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_BACKENDS = ("function", "lambda_arn", "http", "mock")
_ANYBODY = '"*" lets everybody read: write it alone, or the exact origins'
_OF_ISSUER = ("issuer", "audience", "algorithms", "jwks", "cache", "leeway")
_OWN = ("certificate", "endpoint", "tls", "mutual_tls")
_TRUST = ("identity_provider", "description", "max_session", "assumed_by_gateway", "when")


def _when(condition: Schema, consequence: Schema) -> Schema:
    return {"if": condition, "then": consequence}


def _has(**values: Any) -> Schema:
    """Return the condition that fields are given, and have these values."""
    properties = {name: {"const": value} for name, value in values.items()}
    return {"required": list(values), "properties": properties}


def _without(*names: str, message: str) -> Schema:
    return {"properties": dict.fromkeys(names, False), "errorMessage": message}


def _with(name: str, message: str) -> Schema:
    return {"required": [name], "errorMessage": message}


def _one_of(names: tuple[str, ...], message: str) -> list[Schema]:
    """Return the rules that exactly one of the fields is given."""
    first = {"anyOf": [_with(name, message) for name in names]}
    pairs = [(name, names[index + 1 :]) for index, name in enumerate(names[:-1])]
    others = [_when({"required": [name]}, _without(*rest, message=message)) for name, rest in pairs]
    return [first, *others]


RULES: dict[str, list[Schema]] = {
    "Route": [
        *_one_of(_BACKENDS, "a route has one backend: function, lambda_arn, http or mock"),
        _when(_has(auth="none"), _with("public", "auth: none needs public: <the reason>")),
        {
            "if": _has(auth="none"),
            "else": _without("public", message="public is for auth: none alone"),
        },
        {
            "if": {"anyOf": [_has(auth="jwt"), _has(auth="cognito")]},
            "else": _without(
                "authorizer", "scopes", message="authorizer and scopes are for tokens alone"
            ),
        },
        _when(
            {"required": ["auth"], "properties": {"auth": {"enum": ["jwt", "none"]}}},
            _without("identity_token", message="identity_token is for auth: iam alone"),
        ),
        _when(
            {"required": ["identity_token"]},
            _with("function", "identity_token is verified in a function"),
        ),
    ],
    "Authorizer": [
        {
            "if": {"required": ["user_pools"]},
            "then": _without(*_OF_ISSUER, message="user_pools stand without what an issuer has"),
            "else": {
                **_with("issuer", "add issuer and audience, or user_pools"),
                "required": ["issuer", "audience"],
            },
        }
    ],
    "Api": [
        {
            "if": _has(endpoint="private"),
            "then": {
                "anyOf": [
                    {
                        **_with("vpc_endpoints", "endpoint: private needs vpc_endpoints"),
                        "properties": {"vpc_endpoints": {"minItems": 1}},
                    },
                    {
                        "required": ["only_from"],
                        "properties": {
                            "only_from": {
                                "required": ["vpcs"],
                                "properties": {"vpcs": {"minItems": 1}},
                            }
                        },
                    },
                ]
            },
            "else": _when(
                {"required": ["vpc_endpoints"], "properties": {"vpc_endpoints": {"minItems": 1}}},
                _without("vpc_endpoints", message="vpc_endpoints are for endpoint: private alone"),
            ),
        },
        {
            "if": _has(endpoint="private"),
            "else": {
                "properties": {
                    "only_from": _without("vpcs", message="vpcs are for endpoint: private alone")
                }
            },
        },
    ],
    "Stage": [
        _when({"required": ["canary"]}, _with("release", "a canary needs the stage's release")),
    ],
    "Cors": [
        _when(
            {"properties": {"origins": {"type": "array", "contains": {"const": "*"}}}},
            {"properties": {"origins": {"items": {"const": "*", "errorMessage": _ANYBODY}}}},
        )
    ],
    "Role": [
        {
            "if": _has(existing=True),
            "then": _without(*_TRUST, message="existing: true keeps the role's own trust policy"),
            "else": _with("identity_provider", "add identity_provider, or existing: true"),
        }
    ],
    "Domain": [
        {
            "if": _has(existing=True),
            "then": _without(*_OWN, message="existing: true keeps the domain as it is"),
            "else": _with("certificate", "add certificate, or existing: true"),
        },
        _when(
            _has(endpoint="edge"), _without("mutual_tls", message="mutual TLS is regional alone")
        ),
    ],
    "Environment": [
        {
            "if": {"required": ["endpoint"]},
            "else": {
                "properties": {
                    "tokens": {"const": "issuer"},
                    "identity_providers": {
                        "additionalProperties": _with("metadata", "add metadata: a file in config/")
                    },
                }
            },
        }
    ],
    "State": [
        *_one_of(("bucket", "hcp"), "the state has one place: bucket, or hcp"),
        _when(
            {"required": ["hcp"]},
            _without("region", "prefix", "kms_key", message="hcp keeps the state by itself"),
        ),
    ],
}
