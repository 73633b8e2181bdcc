"""The JSON Schema of both formats, for editors; pure."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from gateprint.model.blueprint import Blueprint
from gateprint.model.environment import Environment

MODELS: dict[str, type[BaseModel]] = {"blueprint": Blueprint, "environment": Environment}


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `blueprint` or `environment`."""
    schema = MODELS[kind].model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
