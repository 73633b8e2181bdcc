"""Schemas of bodies: what is read from JSON and YAML, and what is refused by name."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from jsonschema import Draft4Validator

from gateprint.errors import InputRejected
from gateprint.model.body_schema import DRAFT, read_schema
from gateprint.model.patterns import LONGEST, why_not
from gateprint.model.requests import model_name

READ: dict[str, tuple[str, Any]] = {
    "JSON": ('{"type": "object", "required": ["a"]}', {"type": "object", "required": ["a"]}),
    "YAML": ("type: object\nrequired: [a]\n", {"type": "object", "required": ["a"]}),
    "words and numbers": (
        'enum: [yes, true, null, 1, -1.5, 1e3, "1", "true", 1.10, 010]',
        {"enum": ["yes", True, None, 1, -1.5, 1000.0, "1", "true", 1.1, "010"]},
    ),
    "escapes of JSON": (r'{"title": "a\/b \ud83d\ude00"}', {"title": "a/b \U0001f600"}),
    "tabs of JSON": ('{\n\t"title": "x"\n}', {"title": "x"}),
    "signs of Terraform": ('{"title": "${x} %{y}"}', {"title": "${x} %{y}"}),
    "its draft, which says nothing more": (
        f'{{"$schema": "{DRAFT}", "type": "null"}}',
        {"type": "null"},
    ),
    "a tree": (
        '{"properties": {"left": {"$ref": "#"}}}',
        {"properties": {"left": {"$ref": "#"}}},
    ),
    "a property with the name of a keyword": (
        '{"properties": {"const": {}, "$ref": {"type": "string"}}}',
        {"properties": {"const": {}, "$ref": {"type": "string"}}},
    ),
}


@pytest.mark.parametrize(("text", "expected"), READ.values(), ids=READ)
def test_a_schema_is_read(text: str, expected: Any) -> None:
    assert json.loads(read_schema("schemas/pet.json", text)) == expected


def test_white_space_and_comments_change_nothing_and_the_order_stays() -> None:
    text = "# a comment\ntype:   object\ntitle: x\n"
    assert read_schema("a.yaml", text) == '{"type":"object","title":"x"}'


def deep(levels: int) -> str:
    return '{"not":' * levels + "{}" + "}" * levels


REFUSED = {
    "no mapping": "[]",
    "nothing": "",
    "too deep": deep(45),
    "too many values": json.dumps({"enum": list(range(20_001))}),
    "an alias": "definitions: {a: &a {type: string}}\nproperties: {b: *a}",
    "a keyword of later drafts": '{"if": {}}',
    "a keyword twice": '{"type": "object", "type": "array"}',
    "a remote reference": '{"properties": {"a": {"$ref": "https://example.com/a.json"}}}',
    "a file": '{"items": {"$ref": "other.json#/definitions/a"}}',
    "another model": '{"items": {"$ref": "https://apigateway.amazonaws.com/restapis/a/models/b"}}',
    "a reference to nothing": '{"items": {"$ref": "#/definitions/a"}}',
    "a reference into a property": '{"properties": {"a": {}}, "items": {"$ref": "#/properties/a"}}',
    "a circle of one": '{"definitions": {"a": {"$ref": "#/definitions/a"}}}',
    "a circle of two": (
        '{"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}}'
    ),
    "a circle through not": '{"definitions": {"a": {"not": {"$ref": "#/definitions/a"}}}}',
    "a circle through dependencies": '{"dependencies": {"a": {"$ref": "#"}}}',
    "a circle of the whole": '{"$ref": "#"}',
    "a slow pattern": '{"pattern": "^(a+)+$"}',
    "a slow pattern of names": '{"patternProperties": {"^(a|a)*$": {}}}',
    "a number that is none": '{"minimum": 1e999}',
    "a maximum in quotes": '{"maximum": "7"}',
    "equal values": '{"enum": [1, 1]}',
    "a token of CDKTF": '{"title": "TfToken[1]"}',
    "a control character": '{"title": "\\u0007"}\x07',
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_no_schema_or_not_for_api_gateway_is_refused(text: str) -> None:
    with pytest.raises(InputRejected) as caught:
        read_schema("schemas/pet.json", text)
    assert all(each.location.path == "schemas/pet.json" for each in caught.value.diagnostics)


NAMES = {
    "schemas/pet.json": "Pet",
    "a/b/pet-update.v2.yaml": "PetUpdateV2",
    "x/PETS_of_all.json": "PETSOfAll",
    "x/1.json": "1",
}


def test_a_model_is_named_after_its_file() -> None:
    assert {file: model_name(file) for file in NAMES} == NAMES


FINE = [r"^[a-z]+$", r"^\d{4}-\d{2}-\d{2}$", r"^(?:cat|dog)$", r"^[(+*]+$", r"^(a{2}){3}$", r"\.\+"]
ODD = [
    *(r"(a+)+", r"(a*)*b", r"(a|aa)+", r"((a+)b)*", r"(a?){9,}", r"(.*){2,}", r"(x+x+)+y"),
    *(r"(?=a)", r"(?i)a", r"(a)\1", r"\p{L}", r"a\Z", r"(", r"[", "a" * (LONGEST + 1)),
]


@pytest.mark.parametrize("pattern", FINE)
def test_a_plain_pattern_is_taken(pattern: str) -> None:
    assert why_not(pattern) == ""


@pytest.mark.parametrize("pattern", ODD)
def test_a_pattern_that_may_be_slow_or_means_something_else_elsewhere_is_not(pattern: str) -> None:
    assert why_not(pattern)


def test_what_is_taken_is_quick_for_long_texts() -> None:
    started = time.perf_counter()
    for pattern in FINE:
        assert not re.search(pattern, "a" * 20_000 + "!") or pattern
        Draft4Validator({"pattern": pattern}).is_valid("a" * 20_000 + "!")
    assert time.perf_counter() - started < 2
