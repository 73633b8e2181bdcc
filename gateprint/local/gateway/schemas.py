"""Models of an API as JSON schemas; pure.

API Gateway developer guide, "Data models for REST APIs": JSON schema draft 4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.exceptions import SchemaError

from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.snapshot import Schema

_ALWAYS_THERE = {"Empty": "{}", "Error": '{"type": "object"}'}


def read_schema(name: str, models: Mapping[str, Mapping[str, Any]]) -> Schema:
    """Return the schema of a model.

    Raises:
        NotServed: there is no such model, it is no schema, or refers to others.
    """
    text = models[name].get("schema") if name in models else _ALWAYS_THERE.get(name)
    if text is None:
        raise NotServed(f"there is no model {name}")
    try:
        schema = json.loads(text)
        Draft4Validator.check_schema(schema)
        for each in _patterns(schema):
            re.compile(each)
    except (ValueError, RecursionError, SchemaError, re.error) as problem:
        raise NotServed(f"model {name}: {problem}") from problem
    if any(not reference.startswith("#") for reference in _references(schema)):
        raise NotServed(f"model {name} refers to other models, which is not served")
    return Draft4Validator(schema)


def _patterns(schema: Any) -> Iterator[str]:
    """Yield what may be a pattern: one that Python does not know would fail with each request."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for each in schema.values():
            yield from _patterns(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _patterns(each)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for each in schema.values():
            yield from _references(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _references(each)
