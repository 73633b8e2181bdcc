"""The field types: for each, what it accepts and what it refuses."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gateprint.model import fields, kinds, routes, words
from gateprint.model.source import read
from gateprint.model.written import role, stage

FULLWIDTH = "\uff11\uff12\uff13"
CYRILLIC_A = "\u0430"

TYPES: dict[str, Any] = {
    "name": fields.Name,
    "stage": fields.StageName,
    "function": fields.FunctionName,
    "role": fields.RoleName,
    "provider": fields.ProviderName,
    "region": fields.Region,
    "account": fields.Account,
    "origin": fields.Origin,
    "endpoint": fields.Endpoint,
    "boolean": kinds.Boolean,
    "description": fields.Description,
    "role description": fields.RoleDescription,
    "route": routes.RouteKey,
    "claim": role.Claim,
    "attribute": role.SamlKey,
    "stages": role.AllOrStages,
    "cache size": stage.CacheSize,
    "whole number": Annotated[int, kinds.integer(0, 128)],
    "number": Annotated[float, kinds.number(0, 1000)],
    "duration": Annotated[int, kinds.duration("1s", "1h")],
}


def convert(kind: str, written: str) -> Any:
    """Read `written` as YAML and validate it as this type."""
    return TypeAdapter(TYPES[kind]).validate_python(read("a.yaml", written).data)


ACCEPTED: dict[str, list[tuple[str, Any]]] = {
    "name": [("pets", "pets"), ("a", "a"), ("a1-b", "a1-b"), ("a" * 32, "a" * 32), ("on", "on")],
    "stage": [("prod", "prod"), ("v1_x-Y", "v1_x-Y"), ("1", "1"), ("NO", "NO"), ("s" * 128,) * 2],
    "function": [("get_pet", "get_pet"), ("f" * 40, "f" * 40)],
    "role": [("Pets+=.@-_", "Pets+=.@-_"), ("r" * 64, "r" * 64)],
    "provider": [("auth0", "auth0"), ("Acme.AD-1_x", "Acme.AD-1_x")],
    "region": [(each, each) for each in ("us-east-2", "cn-north-1", "us-gov-west-1", "me-south-1")],
    "account": [('"123456789012"', "123456789012"), ("'012345678901'", "012345678901")],
    "origin": [
        ('"*"', "*"),
        ("https://shop.example.com", "https://shop.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ('"https://[::1]:8443"', "https://[::1]:8443"),
    ],
    "endpoint": [
        ("http://127.0.0.1:4599", "http://127.0.0.1:4599"),
        ("http://127.9.8.7:1/", "http://127.9.8.7:1"),
        ("http://localhost:4599", "http://localhost:4599"),
        ('"http://[::1]:4599"', "http://[::1]:4599"),
    ],
    "boolean": [("true", True), ("false", False)],
    "description": [
        ("The shop", "The shop"),
        ("größer 🐕", "größer 🐕"),
        ('"${a} %{b}"', "${a} %{b}"),
    ],
    "role description": [("Liest Größen", "Liest Größen"), ("~", "~")],
    "route": [
        ("GET /", "GET /"),
        ("ANY /pets/{proxy+}", "ANY /pets/{proxy+}"),
        ("HEAD /v1.0/a_b-c,d:e/{pet.id}", "HEAD /v1.0/a_b-c,d:e/{pet.id}"),
    ],
    "claim": [("staff", "staff"), ('"Größe $ {"', "Größe $ {"), ("0123", "0123")],
    "attribute": [("edupersonaffiliation",) * 2, ("sub", "sub"), ("commonName", "commonName")],
    "stages": [("all", None), ("[dev]", ["dev"]), ("[NO, 1.10]", ["NO", "1.10"])],
    "cache size": [("0.5", "0.5"), ("118", "118")],
    "whole number": [("0", 0), ("128", 128), ('"7"', 7)],
    "number": [("0", 0.0), ("1000", 1000.0), ("0.25", 0.25)],
    "duration": [("1s", 1), ("10m", 600), ("1h", 3600), ("060m", 3600)],
}

REFUSED: dict[str, list[str]] = {
    "name": ["Pets", "1pet", "-a", "a_b", "a" * 33, "a b", '""', '"pets\\n"', "a" + FULLWIDTH],
    "stage": ["'*'", "T*", "a/b", "a" * 129, '""', '"prod\\n"', "1.10", CYRILLIC_A, FULLWIDTH],
    "function": ["get-pet", "Get", "1a", "f" * 41, '"get_pet\\n"', "get_" + CYRILLIC_A],
    "role": ["a,b", "a/b", "r*", "1a", "r" * 65, CYRILLIC_A + "dmin", '"pets\\n"', "a:b", "${a}"],
    "provider": ["a/b", "a,b", "1a", '"*"', '"auth0\\n"'],
    "region": [
        "ohio",
        "us-east-22",
        "us-iso-east-1",
        "us-isob-east-1",
        "eu-isoe-west-1",
        "us-east-２",
    ],
    "account": [
        "123456789012",
        '"12345678901"',
        '"1234567890123"',
        '"1234_5678_90"',
        f'"{FULLWIDTH * 4}"',
        '"123456789012\\n"',
        "'*'",
    ],
    "origin": [
        "null",
        "https://shop.example.com/",
        "https://*.example.com",
        "https://user@example.com",
        "HTTPS://shop.example.com",
        "ftp://shop.example.com",
        "https://shop.example.com:0",
        "https://shop.exаmple.com",
        '"https://a\' + x"',
        '"https://shop.example.com\\n"',
        "https://-shop.example.com",
        "integration.response.header.X",
    ],
    "endpoint": [
        "http://127.0.0.1",
        "https://127.0.0.1:4599",
        "http://127.0.0.1.example.com:4599",
        "http://127.0.0.1:4599@example.com",
        "http://10.0.0.1:4599",
        "http://0.0.0.0:4599",
        "http://127.0.0.256:4599",
        "http://127.0.0.1:04599",
        "http://localhost:4599/x",
        '"http://localhost:4599\\n"',
    ],
    "boolean": ["no", "on", "True", '"true"', "1", "~", "[]"],
    "description": [
        '""',
        '"  "',
        '"a\\nb"',
        '"\\x1b[31m"',
        '"a\\x85"',
        '"\\u2028"',
        "x" * 1025,
        "[]",
    ],
    "role description": ["a – b", "日本", '"a\\u00a0b"', '"a\\nb"', "x" * 1001],
    "route": [
        "get /pets",
        "FOO /pets",
        "OPTIONS /pets",
        "GET/pets",
        "GET  /pets",
        "GET pets",
        "GET /pets/",
        "GET //pets",
        "GET /./pets",
        "GET /../pets",
        "GET /%2e%2e",
        "GET /pets;x",
        "'GET /pets\\x'",
        "GET /pets/*",
        "GET /pets?",
        "GET /${a}",
        "'GET /x{id}'",
        "'GET /{id}x'",
        "'GET /{}'",
        "'GET /{a+}/b'",
        "'GET /{a}/{a}'",
        "GET /OPTIONS",
        "GET /pеts",
        '"GET /pets\\n"',
        "'* /pets'",
    ],
    "claim": ['"${saml:sub}"', "st*", "st?ff", "персонал", '""', '"a\\nb"', "x" * 257],
    "attribute": ["eduPersonAffiliation", "aud", "iss", "department", "[]"],
    "stages": ["dev", "[]", "{}", "'ALL'", "[[dev]]", '[""]'],
    "cache size": ["0.50", "1", "", "0.5GB"],
    "whole number": [
        "-1",
        "129",
        "01",
        "1e2",
        "1.0",
        "0x10",
        "1_0",
        "+1",
        "１",
        "1１",
        '"1\\n"',
        "true",
        "~",
    ],
    "number": ["-1", "1000.1", "1e2", ".5", "1.", "01", "inf", "nan", "１"],
    "duration": [
        "10",
        "10 m",
        "10d",
        "1h30m",
        "0s",
        "61m",
        "2h",
        "-1s",
        "1.5h",
        "１s",
        '"1s\\n"',
        "[]",
    ],
}


def pairs(table: dict[str, list[Any]]) -> list[Any]:
    return [
        pytest.param(kind, case, id=f"{kind}: {str(case)[:40]}")
        for kind, cases in table.items()
        for case in cases
    ]


@pytest.mark.parametrize(("kind", "case"), pairs(ACCEPTED))
def test_a_good_value_is_converted(kind: str, case: tuple[str, Any]) -> None:
    written, expected = case
    found = convert(kind, written)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(("kind", "case"), pairs(REFUSED))
def test_a_bad_value_is_refused_with_a_remedy(kind: str, case: str) -> None:
    with pytest.raises(ValidationError) as caught:
        convert(kind, case)
    assert all(each["ctx"]["remedy"] for each in caught.value.errors())


def test_every_type_has_good_and_bad_values() -> None:
    assert TYPES.keys() == ACCEPTED.keys() == REFUSED.keys()


@pytest.mark.parametrize(
    ("word", "accepted", "remedy"),
    [
        ("regionl", ["edge", "regional"], "did you mean regional?"),
        ("x", ["edge", "regional"], "use one of edge, regional"),
        ("x", ["edge"], "use edge"),
        ("x", [], "remove it: nothing is accepted here"),
    ],
)
def test_a_suggestion_names_what_is_close_or_all(
    word: str, accepted: list[str], remedy: str
) -> None:
    assert words.suggest(word, accepted) == remedy


def test_a_letter_that_only_looks_latin_is_named() -> None:
    with pytest.raises(ValidationError, match="CYRILLIC SMALL LETTER A"):
        convert("role", CYRILLIC_A + "dmin")
