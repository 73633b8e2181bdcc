"""The keywords of a body's schema: those that API Gateway knows, and how they may be used; pure.

API Gateway refuses keywords that draft 4 does not have ("Unsupported keyword(s)"), and says of
some others that it does not support them (developer guide, "Amazon API Gateway important notes").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.patterns import why_not
from gateprint.model.words import shortened, suggest

_SCHEMAS = ("additionalItems", "additionalProperties", "not", "items")
_MAPS = ("definitions", "properties", "patternProperties", "dependencies")
_LISTS = ("allOf", "anyOf", "oneOf", "items")
_PLAIN = (
    *("$schema", "$ref", "title", "description", "default", "type", "format", "enum"),
    *("multipleOf", "maximum", "minimum"),
    *("maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems"),
    *("maxProperties", "minProperties", "required"),
)
_KNOWN = frozenset({*_SCHEMAS, *_MAPS, *_LISTS, *_PLAIN})
# Why each is refused that draft 4 or OpenAPI has.
_REFUSED: Mapping[str, str] = {
    "exclusiveMinimum": "API Gateway does not support it: write the next number under minimum",
    "exclusiveMaximum": "API Gateway may not support it: write the last number under maximum",
    "id": "it changes where references lead: remove it",
    "nullable": "API Gateway does not support it: write type: [..., 'null']",
    "discriminator": "API Gateway does not support it: remove it",
    "example": "API Gateway does not support it: remove it",
    "readOnly": "API Gateway does not support it: remove it",
    "const": "draft 4 does not have it: write enum with one value",
    "$defs": "draft 4 does not have it: write definitions",
    "$id": "draft 4 does not have it: remove it",
    "examples": "draft 4 does not have it: remove it",
}
_FORMATS = {"int32", "int64", "decimal"}
_DRAFT = re.compile(r"https?://json-schema\.org/draft-04/schema#?")
_REFERENCE = re.compile(r"#|#/definitions/([^/~%]+)")
# What applies to the same value, and would go on for ever in a circle.
_SAME = ("allOf", "anyOf", "oneOf")
# Beside a reference draft 4 passes over everything; these check nothing.
_SAID = {"$ref", "title", "description", "definitions", "$schema"}


def check_keywords(document: Document) -> Iterator[Diagnostic]:
    """Yield what the schema in a document says and API Gateway does not do."""
    for path, schema in _subschemas(document.data, ()):
        for name in schema:
            yield from _check_name(document, (*path, name))
        yield from _check_reference(document, path, schema)
        yield from _check_patterns(document, path, schema)
        yield from _check_texts(document, path, schema)
    yield from _check_circles(document)


def _subschemas(schema: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """Yield a schema and all schemas in it; what is of a wrong type is for the draft to refuse."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for name in _SCHEMAS:
        yield from _subschemas(schema.get(name), (*path, name))
    for name in _MAPS:
        inner = schema.get(name)
        for key, each in inner.items() if isinstance(inner, dict) else ():
            yield from _subschemas(each, (*path, name, key))
    for name in _LISTS:
        inner = schema.get(name)
        for index, each in enumerate(inner if isinstance(inner, list) else ()):
            yield from _subschemas(each, (*path, name, index))


def _check_name(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    name = str(path[-1])
    if name in _REFUSED:
        problem, _, remedy = _REFUSED[name].partition(": ")
        yield _no(document, path, f'"{name}": {problem}', remedy, key=True)
    elif name not in _KNOWN:
        problem = f'"{shortened(name)}" is no keyword that API Gateway knows'
        yield _no(document, path, problem, suggest(name, sorted(_KNOWN)), key=True)


def _check_reference(
    document: Document, path: KeyPath, schema: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    if "$ref" not in schema:
        return
    written = document.text(*path, "$ref") or ""
    found, where = _REFERENCE.fullmatch(written), (*path, "$ref")
    if found is None or (found[1] and found[1] not in document.mapping("definitions")):
        problem = f'"{shortened(written)}" does not lead to a definition of this file'
        remedy = "write #/definitions/<name>, with definitions at the top of the file"
        yield _no(document, where, problem, remedy)
    elif len(path) > 1 and path[-2] in _SAME:
        problem = f"API Gateway does not take references in {path[-2]}"
        yield _no(document, where, problem, "write the schema itself there")
    for name in schema:
        if name not in _SAID:
            problem = f'beside $ref "{name}" checks nothing'
            yield _no(document, (*path, name), problem, "move it to what $ref names", key=True)


def _check_patterns(
    document: Document, path: KeyPath, schema: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    pattern = document.text(*path, "pattern")
    if pattern is not None and (reason := why_not(pattern)):
        yield _no(document, (*path, "pattern"), f"the pattern {reason}", "write a simpler one")
    inner = schema.get("patternProperties")
    for each in inner if isinstance(inner, dict) else ():
        if reason := why_not(each):
            where = (*path, "patternProperties", each)
            problem = f"the pattern {reason}"
            yield _no(document, where, problem, "write a simpler one", key=True)


def _check_texts(
    document: Document, path: KeyPath, schema: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    draft = document.text(*path, "$schema")
    if draft is not None and not _DRAFT.fullmatch(draft):
        problem = "API Gateway takes schemas of draft 4 alone"
        remedy = "write http://json-schema.org/draft-04/schema#, and what that draft has"
        yield _no(document, (*path, "$schema"), problem, remedy)
    kind = document.text(*path, "format")
    if kind in _FORMATS:
        problem = f'API Gateway does not support the format "{kind}"'
        yield _no(document, (*path, "format"), problem, "write minimum and maximum")
    for name in ("title", "description"):
        # API Gateway API reference, CreateModel: it ends comments in generated code.
        if "*/" in (document.text(*path, name) or ""):
            problem = f"the {name} holds */, which ends a comment in generated code"
            yield _no(document, (*path, name), problem, "write it otherwise")
    del schema


def _check_circles(document: Document) -> Iterator[Diagnostic]:
    """Yield each definition that leads to itself before any part of the value is entered."""
    for name in document.mapping("definitions"):
        path: KeyPath = ("definitions", name)
        if _is_round(document, path, path, set()):
            problem = f'"{name}" is defined by itself'
            yield _no(document, path, problem, "let it go through properties or items", key=True)
    if _is_round(document, (), (), set()):
        yield _no(document, (), "the schema is defined by itself", "remove the reference")


def _is_round(document: Document, start: KeyPath, path: KeyPath, seen: set[KeyPath]) -> bool:
    for each in _next(document, path):
        if each == start or (each not in seen and _is_round(document, start, each, seen | {each})):
            return True
    return False


def _next(document: Document, path: KeyPath) -> Iterator[KeyPath]:
    """Yield the schemas that the same value has to meet."""
    found = _REFERENCE.fullmatch(document.text(*path, "$ref") or "")
    if found is not None:
        yield ("definitions", found[1]) if found[1] else ()
    for name in _SAME:
        for index in range(len(document.sequence(*path, name))):
            yield (*path, name, index)
    yield from ((*path, "not"),) if document.mapping(*path, "not") else ()
    for name in document.mapping(*path, "dependencies"):
        yield (*path, "dependencies", name)


def _no(
    document: Document, path: KeyPath, problem: str, remedy: str, *, key: bool = False
) -> Diagnostic:
    return document.reject(path, "wrong-schema", problem, remedy, key=key)
