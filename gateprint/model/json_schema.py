"""The JSON Schema of both formats, for editors; pure."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from gateprint.model.blueprint import Blueprint
from gateprint.model.environment import Environment

MODELS: dict[str, type[BaseModel]] = {"blueprint": Blueprint, "environment": Environment}


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `blueprint` or `environment`."""
    schema = _closed(MODELS[kind].model_json_schema(mode="validation"))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _closed(schema: Any) -> Any:
    """Return the schema with its mappings closed: pydantic lets keys pass that fit no pattern."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if "patternProperties" in schema else {}
    return {**{key: _closed(value) for key, value in schema.items()}, **closed}
