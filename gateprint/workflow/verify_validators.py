"""Which checks of requests an exported API has: parameters that must be there, and bodies; pure.

API Gateway developer guide, "x-amazon-apigateway-request-validator objects": the validator of an
operation, or else that of the API, says what is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_VALIDATOR = "x-amazon-apigateway-request-validator"
_PLACES = {"query", "header"}


def checks_of(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an operation checks, as fields of `Served`."""
    name = operation.get(_VALIDATOR, document.get(_VALIDATOR))
    validator = document.get(f"{_VALIDATOR}s", {}).get(name, {})
    is_strict = validator.get("validateRequestParameters") is True
    required = (
        f"the {each['in']} {each['name']}"
        for each in operation.get("parameters", [])
        if each.get("required") is True and each.get("in") in _PLACES
    )
    return {
        "checks_body": validator.get("validateRequestBody") is True,
        "required": tuple(required) if is_strict else (),
    }
