"""What routes check of requests, in OpenAPI's words and API Gateway's, and back; pure.

A body's schema is of draft 4, and says so; its references lead to `#/definitions/…` in its file,
and here to the same place below `components/schemas`. API Gateway developer guide,
"x-amazon-apigateway-request-validators object".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.model.body_schema import DRAFT, plain
from gateprint.model.resolved import Api, Request
from gateprint.model.written.request import SCHEMA_FILE
from gateprint.openapi import words
from gateprint.openapi.reading import Node

VALIDATOR = "x-amazon-apigateway-request-validator"
VALIDATORS = "x-amazon-apigateway-request-validators"
_JSON = "application/json"
_PLACES = {"querystring": "query", "header": "header"}
_FIELDS = {"query": "query", "header": "headers"}
_COMPONENTS = "#/components/schemas/"


def schemas_of(api: Api, version: str) -> dict[str, Any]:
    """Return the models of an API as schemas, by name."""
    bodies = [each.request.body for each in api.routes if each.request and each.request.body]
    # OpenAPI 3.0 has no word for the dialect of a schema.
    dialect = {} if version == "3.0" else {"$schema": DRAFT}
    return {
        each.model: {**dialect, **_moved(json.loads(each.schema_json), "#", _place(each.model))}
        for each in sorted(bodies, key=lambda one: one.model)
    }


def _place(model: str) -> str:
    return f"{_COMPONENTS}{model}"


def _moved(schema: Any, old: str, new: str) -> Any:
    """Return a schema whose references lead below another place."""
    if isinstance(schema, list):
        return [_moved(each, old, new) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {name: _moved(each, old, new) for name, each in schema.items()}
    reference = found.get("$ref")
    if isinstance(reference, str) and re.match(rf"{re.escape(old)}(/|$)", reference):
        found["$ref"] = f"{new}{reference.removeprefix(old)}"
    return found


def validators_of(api: Api) -> dict[str, Any]:
    """Return the validators that routes use, by name."""
    named = {each.request.validator for each in api.routes if each.request} - {""}
    return {
        name: {
            "validateRequestBody": name != "parameters",
            "validateRequestParameters": name != "body",
        }
        for name in sorted(named)
    }


def request_parameters(request: Request | None) -> list[dict[str, Any]]:
    """Return what an operation says of parameters beside those of its path."""
    return [
        {
            "name": each.name,
            "in": _PLACES[each.place],
            "required": each.is_required,
            "schema": {"type": "string"},
        }
        for each in (request.parameters if request else ())
    ]


def request_words(request: Request | None) -> dict[str, Any]:
    """Return what an operation says of its body and of who checks."""
    if request is None:
        return {}
    found: dict[str, Any] = {}
    if request.body is not None:
        content = {_JSON: {"schema": {"$ref": _place(request.body.model)}}}
        found["requestBody"] = {"required": True, "content": content}
    return found | ({VALIDATOR: request.validator} if request.validator else {})


def request_of(operation: Node) -> dict[str, Any]:
    """Return the field `request` of a route that was exported; empty where there is none."""
    said = operation.mapping(words.OWN).get("request")
    found: dict[str, Any] = {}
    if isinstance(said, Mapping) and "body" in said and "requestBody" in operation.mapping():
        found["body"] = str(said["body"])
    for place, name, presence in _declared(operation):
        found.setdefault(place, {})[name] = presence
    return {"request": found} if found or isinstance(said, Mapping) else {}


def _declared(operation: Node) -> Iterator[tuple[str, str, str]]:
    data = operation.at("parameters").data
    for index in range(len(data) if isinstance(data, list) else 0):
        each = operation.at("parameters", index)
        field = _FIELDS.get(each.text("in") or "")
        if field is not None:
            is_required = each.text("required") == "true"
            yield field, str(each.text("name")), "required" if is_required else "optional"


def body_file(operation: Node) -> tuple[str, str] | None:
    """Return the file of a body's schema and its text; None where there is none to be written.

    Where a document names a file that no blueprint may name, that is the blueprint's to refuse.
    """
    said = operation.mapping(words.OWN).get("request")
    file = str(said.get("body", "")) if isinstance(said, Mapping) else ""
    if "requestBody" not in operation.mapping() or not re.fullmatch(SCHEMA_FILE, file, re.ASCII):
        return None
    content = operation.at("requestBody", "content", _JSON)
    written = operation.document.get(*content.path, "schema", "$ref")
    schema = content.at("schema").data
    moved = _moved(plain(schema), str(written), "#") if isinstance(written, str) else plain(schema)
    if isinstance(moved, dict) and moved.get("$schema") == DRAFT:
        del moved["$schema"]
    return file, json.dumps(moved, indent=2, ensure_ascii=False) + "\n"
