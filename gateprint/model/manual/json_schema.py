"""The JSON Schema of both formats, for editors; pure.

It comes from the models; `editor` adds what only editors want.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, NoDefault
from pydantic_core import core_schema

from gateprint.model.blueprint import Blueprint
from gateprint.model.environment import Environment
from gateprint.model.manual.docstrings import Said, paragraphs_of, said_by
from gateprint.model.manual.editor import Schema, dress, is_duration
from gateprint.model.schema import Model

MODELS: dict[str, type[Model]] = {"blueprint": Blueprint, "environment": Environment}

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_UNITS = (("h", 3600), ("m", 60), ("s", 1))


def json_schema(kind: str) -> Schema:
    """Return the JSON Schema (2020-12) of `blueprint` or `environment`, for editors.

    It accepts whatever gateprint accepts, and refuses much of what gateprint refuses.
    """
    return for_editors(plain_schema(kind))


def plain_schema(kind: str) -> Schema:
    """Return the format's fields, values, defaults and descriptions as JSON Schema."""
    return schema_of(MODELS[kind])


def schema_of(model: type[Model]) -> Schema:
    """Return a model's fields, values, defaults and descriptions as JSON Schema."""
    return model.model_json_schema(schema_generator=_Generator)


def for_editors(plain: Schema) -> Schema:
    """Return a JSON Schema with what editors want besides."""
    return {"$schema": _DIALECT, **dress(plain)}


class _Generator(GenerateJsonSchema):
    """pydantic's generator, without titles and nulls, and with what the docstrings say."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Leave titles out: they repeat the name."""
        del schema
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """Leave null out: who does not want a field leaves it out."""
        return self.generate_inner(schema["schema"])

    def get_default_value(self, schema: core_schema.WithDefaultSchema) -> Any:
        """Return the default, if there is one besides the field's absence."""
        default = super().get_default_value(schema)
        return NoDefault if default is None else default

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        """Say the default as a user would write it."""
        found = super().default_schema(schema)
        if "default" in found:
            found["default"] = _as_written(found["default"], found)
        return found

    def dict_schema(self, schema: core_schema.DictSchema) -> Schema:
        """Say what keys may be: an editor proposes them, and no other is accepted."""
        keys = self.generate_inner(schema["keys_schema"])
        values = self.generate_inner(schema["values_schema"])
        found = {"type": "object", "propertyNames": keys, "additionalProperties": values}
        self.update_with_validations(found, schema, self.ValidationsMapping.object)
        return found

    def model_schema(self, schema: core_schema.ModelSchema) -> Schema:
        """Describe the model and its fields."""
        model = schema["cls"]
        found = super().model_schema(schema)
        found.pop("title", None)
        found["description"] = paragraphs_of(model)[0]
        for name, said in said_by(model).items():
            _describe(found["properties"][name], said)
        return found


def code(value: Any) -> str:
    """Return a value as it stands in YAML, as Markdown."""
    # Digits without quotes would be a number.
    is_plain = isinstance(value, str) and not value.isdigit()
    return f"`{value if is_plain else json.dumps(value)}`"


def default_of(field: Schema, said: Said) -> str:
    """Return a field's default as Markdown; empty where there is none."""
    if said.default or "default" not in field:
        return said.default
    return code(field["default"])


def _as_written(default: Any, field: Schema) -> Any:
    """Return a default as it stands in a file: `10m` for 600 seconds, 30 for the text "30"."""
    if isinstance(default, int) and is_duration(field):
        units = _UNITS if default else _UNITS[-1:]
        unit, seconds = next(each for each in units if default % each[1] == 0)
        return f"{default // seconds}{unit}"
    numbers = {str(each): each for each in field.get("enum", ())}
    return numbers.get(default, default) if isinstance(default, str) else default


def _describe(field: Schema, said: Said) -> None:
    field["description"] = "\n\n".join(_paragraphs(field, said))
    if said.key and "propertyNames" in field:
        field["propertyNames"]["description"] = said.key


def _paragraphs(field: Schema, said: Said) -> Iterator[str]:
    """Yield what the field means, its default and its home in AWS: editors show no more."""
    yield said.meaning
    if default := default_of(field, said):
        yield f"Default: {default}"
    if said.in_aws:
        yield f"In AWS: {said.in_aws}"
