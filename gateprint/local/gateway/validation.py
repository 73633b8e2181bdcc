"""Request validation: parameters that must be there, and bodies that have a model; pure.

API Gateway developer guide, "Request validation for REST APIs in API Gateway".
"""

from __future__ import annotations

import json
from typing import Any

from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.snapshot import Schema

_ANY = "$default"


def validate(exchange: Exchange) -> None:
    """Raise a Fault where the request is not as its method declares it."""
    missing = [each for each in exchange.target.required if not _has(exchange, each)]
    if missing:
        names = ", ".join(each.partition(".")[2] for each in missing)
        message = f"Missing required request parameters: [{names}]"
        raise Fault("BAD_REQUEST_PARAMETERS", message)
    if exchange.target.checks_body:
        _validate_body(exchange)


def _has(exchange: Exchange, parameter: str) -> bool:
    where, _, name = parameter.partition(".")
    if where == "querystring":
        return any(exchange.query.get(name, ()))
    if where == "header":
        return bool(exchange.header(name))
    return bool(exchange.path_parameters.get(name))


def _validate_body(exchange: Exchange) -> None:
    schemas = exchange.target.schemas
    schema = schemas.get(exchange.media_type) or schemas.get(_ANY)
    if schema is None:
        return
    try:
        # RFC 8259, section 8.1: UTF-8, without a mark at its beginning.
        text = exchange.request.body.decode() or "null"
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Fault("BAD_REQUEST_BODY", reason="the body is not JSON") from None
    if not _is_valid(schema, document):
        raise Fault("BAD_REQUEST_BODY", reason="the body has not the form of the model")


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _is_valid(schema: Schema, document: Any) -> bool:
    try:
        return schema.is_valid(document)
    except RecursionError:  # A model that goes on in itself, and a body as deep as one can send.
        return False
