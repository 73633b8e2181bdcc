"""Reads the JSON Schema of a body, in JSON or YAML, and refuses what API Gateway cannot; pure.

JSON Schema draft 4 (draft-zyp-json-schema-04, draft-fge-json-schema-validation-00); API Gateway
developer guide, "Data models for REST APIs" and "Amazon API Gateway important notes".
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from gateprint.errors import Diagnostic, InputRejected
from gateprint.model.document import Document, KeyPath, Scalar
from gateprint.model.json_text import as_yaml, is_json
from gateprint.model.schema import check_texts
from gateprint.model.schema_keywords import check_keywords
from gateprint.model.source import Limits, read

# API Gateway API reference, CreateModel: "The maximum size of the model is 400 KB."
LARGEST_BYTES = 400 * 1000
DRAFT = "http://json-schema.org/draft-04/schema#"
LIMITS = Limits(size=LARGEST_BYTES, depth=40, values=20_000)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,17})?([eE][+-]?\d{1,3})?", re.ASCII)
_WORDS = {"true": True, "false": False, "null": None}


def read_schema(path: str, text: str) -> str:
    """Return the schema of a file as compact JSON, its keys in the file's order.

    It is without `$schema`, which can say nothing but draft 4.

    Raises:
        InputRejected: it is no JSON or YAML, no schema of draft 4, or has in it what API Gateway
            does not do.
    """
    document = read(path, as_yaml(text) if is_json(text) else text, LIMITS)
    if not isinstance(document.data, dict):
        problem = "a schema is a mapping"
        raise InputRejected([document.reject((), "wrong-schema", problem, "begin with type: …")])
    schema = plain(document.data)
    found = [*check_texts(document), *check_keywords(document)]
    found = found or list(_check_form(document, schema))
    if found:
        raise InputRejected(found)
    schema.pop("$schema", None)
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def plain(data: Any) -> Any:
    """Return data of a document as JSON has it: what is not quoted may be a number or a word."""
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(each) for each in data]
    return _scalar(data) if isinstance(data, Scalar) and not data.quoted else _text(data)


def _text(data: Any) -> Any:
    return str(data) if isinstance(data, str) else data


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return str(text)
    if re.fullmatch(r"-?\d+", text, re.ASCII):
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else str(text)


def _check_form(document: Document, schema: Any) -> Iterator[Diagnostic]:
    """Yield where the schema is not of the form that draft 4 says of itself."""
    # Here, since few blueprints have a schema, and it takes time to load.
    from jsonschema import Draft4Validator  # noqa: PLC0415

    for error in Draft4Validator(Draft4Validator.META_SCHEMA).iter_errors(schema):
        path: KeyPath = tuple(error.absolute_path)
        named = next((str(each) for each in reversed(path) if isinstance(each, str)), "it")
        problem = f'"{named}" has not the form that draft 4 of JSON Schema gives it'
        yield document.reject(path, "wrong-schema", problem, "mend it as the draft says")
