"""Models, validators and what methods ask of requests in an account → OpenAPI's words; pure.

API Gateway API reference, Model, RequestValidator and Method.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_COMPONENTS = "#/components/schemas/"
_OTHER_MODEL = re.compile(r"https://apigateway\.amazonaws\.com/restapis/[^/]+/models/([^/]+)")
_PLACES = {"querystring": "query", "header": "header"}

Things = Sequence[Mapping[str, Any]]


def schemas_of(models: Things) -> dict[str, Any]:
    """Return models as schemas by name; what is no JSON is none."""
    found = {}
    for each in models:
        try:
            schema = json.loads(str(each.get("schema") or "{}"))
        except (ValueError, RecursionError):
            continue
        found[str(each["name"])] = _moved(schema, str(each["name"]))
    return found


def _moved(schema: Any, name: str) -> Any:
    """Return a schema whose references lead to where it stands in a description."""
    if isinstance(schema, list):
        return [_moved(each, name) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {key: _moved(each, name) for key, each in schema.items()}
    reference = found.get("$ref")
    if isinstance(reference, str):
        other = _OTHER_MODEL.match(reference)
        rest = reference[other.end() :] if other else reference.removeprefix("#")
        found["$ref"] = f"{_COMPONENTS}{other[1] if other else name}{rest}"
    return found


def validators_of(validators: Things) -> dict[str, Any]:
    """Return validators by id, which methods name them by."""
    return {
        str(each["id"]): {
            "validateRequestBody": bool(each.get("validateRequestBody")),
            "validateRequestParameters": bool(each.get("validateRequestParameters")),
        }
        for each in validators
    }


def request_words(method: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a method with a validator asks of requests; without one nothing is checked."""
    if not method.get("requestValidatorId"):
        return {}
    parameters = [
        {"name": name, "in": _PLACES[place], "required": bool(is_required)}
        for written, is_required in sorted((method.get("requestParameters") or {}).items())
        for place, _, name in [written.removeprefix("method.request.").partition(".")]
        if place in _PLACES
    ]
    content = {
        kind: {"schema": {"$ref": f"{_COMPONENTS}{model}"}}
        for kind, model in sorted((method.get("requestModels") or {}).items())
    }
    return {
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": {"required": True, "content": content}} if content else {}),
    }
