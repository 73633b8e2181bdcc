"""What is checked of requests in the embedded cloud: bodies of every type, deep and odd ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateprint.local.gateway.faults import NotServed
from tests.local.data_plane.made import (
    JSON,
    Cloud,
    call,
    custom,
    method,
    proxy,
    snapshot,
    text,
)

VALIDATOR = {"id": "v", "validateRequestBody": True}
INVALID = (400, '{"message":"Invalid request body"}')
TREE = {"type": "object", "properties": {"left": {"$ref": "#"}}, "additionalProperties": False}


def cloud(schema: Any, key: str = "$default", **more: Any) -> Cloud:
    models = [{"name": "Pet", "schema": json.dumps(schema)}]
    checked = method(proxy(), requestValidatorId="v", requestModels={key: "Pet"})
    return Cloud(snapshot({"POST /pets": checked}, validators=[VALIDATOR], models=models, **more))


def sent(to: Cloud, body: bytes, kind: str | None) -> tuple[int, str]:
    headers = () if kind is None else (("Content-Type", kind),)
    return text(call(to, "/pets", "POST", body=body, headers=headers))


@pytest.mark.parametrize("kind", [None, "", JSON, "text/plain", "image/png", "a/b; charset=x", "{"])
def test_a_model_for_every_type_is_one_whatever_the_body_calls_itself(kind: str | None) -> None:
    where = cloud(TREE, binaryMediaTypes=["image/png"])
    assert sent(where, b'{"right": 1}', kind) == INVALID
    assert where.events == []
    assert sent(where, b'{"left": {}}', kind)[0] == 200


def test_a_model_for_json_alone_is_gone_around_as_in_aws() -> None:
    where = cloud(TREE, JSON)
    assert sent(where, b'{"right": 1}', JSON) == INVALID
    assert sent(where, b'{"right": 1}', "text/plain")[0] == 200


def test_a_body_as_deep_as_a_model_that_goes_on_in_itself_is_refused() -> None:
    for depth in (400, 900, 5_000):
        body = b'{"left":' * depth + b"{}" + b"}" * depth
        assert sent(cloud(TREE), body, JSON)[0] in {200, 400}
    assert sent(cloud(TREE), body, JSON) == INVALID


ODD_BODIES = [
    b"\xff\xfe",
    b"NaN",
    b'{"left": {"left": NaN}}',
    b'{"a":1}{"a":2}',
    b"\xef\xbb\xbf{}",
    b"'a'",
]


@pytest.mark.parametrize("body", ODD_BODIES)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    assert sent(cloud(TREE), body, JSON) == INVALID


def test_a_pattern_that_is_not_known_here_is_not_served() -> None:
    with pytest.raises(NotServed, match="model Pet"):
        cloud({"properties": {"a": {"pattern": r"\p{L}"}}})


def test_a_mapped_function_takes_json_alone_and_no_binary_body() -> None:
    integration = custom("$input.json('$')", {"statusCode": "200"}, passthroughBehavior="NEVER")
    api = snapshot({"POST /pets": method(integration)}, binaryMediaTypes=["image/png"])
    refused = (415, '{"message":"Unsupported Media Type"}')
    where = Cloud(api)
    assert sent(where, b"\x89PNG", "image/png") == refused
    assert where.events == []
