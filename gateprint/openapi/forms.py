"""Schemas of bodies in others' descriptions → files that a blueprint names, of draft 4; pure.

OpenAPI 3.0.3, "Schema Object", and JSON Schema 2020-12 say some things in other words than draft 4,
and some that it has no word for. What is left then is refused as in an author's own file.
"""

from __future__ import annotations

import json
import re
from typing import Any

from gateprint.errors import InputRejected
from gateprint.model.body_schema import plain, read_schema
from gateprint.model.document import Document, KeyPath
from gateprint.model.requests import model_name
from gateprint.openapi.reading import Node

# Beside a blueprint of the same name, so that two imports have files of their own.
_FOLDER = "schemas"
_MAPS = {"properties", "patternProperties", "dependencies"}
_LISTS = {"allOf", "anyOf", "oneOf", "items"}
_SCHEMAS = {"items", "not", "additionalProperties", "additionalItems"}
_SAME = {"allOf", "anyOf", "oneOf"}
# These describe; or they name what references lead to, which is moved.
_LEFT = {
    *("example", "examples", "externalDocs", "xml", "deprecated", "discriminator", "$comment"),
    *("readOnly", "writeOnly", "nullable", "definitions", "$defs", "$schema", "const"),
}
# API Gateway does not support them, and no draft asks for them to be checked.
_FORMATS = {"int32", "int64", "decimal"}
_MOST_VALUES = 20_000
_DEEPEST = 40
_LONGEST_STEM = 48
_OF_AWS = {"empty", "error"}


class Forms:
    """Gives each schema a file, once, and each file a model's name of its own."""

    def __init__(self, document: Document, blueprint: str) -> None:
        self._document, self._folder = document, f"{_FOLDER}/{blueprint}"
        self._files: dict[KeyPath, str] = {}
        self._models: set[str] = set(_OF_AWS)
        self.texts: dict[str, str] = {}

    def file_of(self, schema: Node, called: str) -> str:
        """Return the file of a schema; one that has no name of its own is named `called`.

        Raises:
            InputRejected: draft 4, or API Gateway, cannot say what it says.
        """
        target = schema.followed().path
        if target not in self._files:
            text = json.dumps(_Form(self._document, target).whole(), indent=2, ensure_ascii=False)
            read_schema(called, text)
            name = self._named(str(target[-1]) if target != schema.path else called)
            self._files[target] = name
            self.texts[name] = f"{text}\n"
        return self._files[target]

    def _named(self, wanted: str) -> str:
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", wanted).strip("-_")[:_LONGEST_STEM] or "body"
        if model_name(f"{self._folder}/{stem}.json").lower() in _OF_AWS:
            stem = f"{stem}-body"
        found, number = stem, 1
        while (model := model_name(f"{self._folder}/{found}.json").lower()) in self._models:
            number += 1
            found = f"{stem}-{number}"
        self._models.add(model)
        return f"{self._folder}/{found}.json"


class _Form:
    """One schema with all that it refers to, which becomes its definitions."""

    def __init__(self, document: Document, start: KeyPath) -> None:
        self._document, self._start = document, start
        self._names: dict[KeyPath, str] = {}
        self._left = _MOST_VALUES

    def whole(self) -> Any:
        """Return the schema.

        Raises:
            InputRejected: it is no schema, or too large for one.
        """
        found = self._schema(self._start, (self._start,))
        if not isinstance(found, dict):
            raise self._no(self._start, "it is no schema")
        definitions: dict[str, Any] = {}
        while missing := [path for path, name in self._names.items() if name not in definitions]:
            for path in missing:
                definitions[self._names[path]] = self._schema(path, (path,))
        return {**found, "definitions": definitions} if definitions else found

    def _no(self, path: KeyPath, problem: str) -> InputRejected:
        node = Node(self._document, path)
        return InputRejected([node.refuse(problem, "make it smaller, or say it otherwise")])

    def _schema(self, path: KeyPath, inside: tuple[KeyPath, ...]) -> Any:
        self._left -= 1
        if self._left < 0 or len(inside) > _DEEPEST:
            raise self._no(self._start, "it is larger than a model of API Gateway can be")
        data = self._document.get(*path)
        if not isinstance(data, dict):
            return plain(data)
        if isinstance(data.get("$ref"), str):
            return self._reference(path)
        found = {
            name: self._part(name, (*path, name), inside)
            for name in data
            if name not in _LEFT and not name.startswith("x-")
        }
        return self._adapted(found, path)

    def _part(self, name: str, path: KeyPath, inside: tuple[KeyPath, ...]) -> Any:
        data = self._document.get(*path)
        if name in _MAPS and isinstance(data, dict):
            return {str(each): self._schema((*path, each), inside) for each in data}
        if name in _LISTS and isinstance(data, list):
            parts = range(len(data))
            return [self._listed((*path, each), inside, is_same=name in _SAME) for each in parts]
        return self._schema(path, inside) if name in _SCHEMAS else plain(data)

    def _listed(self, path: KeyPath, inside: tuple[KeyPath, ...], *, is_same: bool) -> Any:
        """Return one of several; API Gateway takes no reference where all are of one value."""
        target = Node(self._document, path).followed().path
        if is_same and target != path and target not in inside:
            return self._schema(target, (*inside, target))
        return self._schema(path, inside)

    def _reference(self, path: KeyPath) -> dict[str, Any]:
        target = Node(self._document, path).followed().path
        if target == self._start:
            return {"$ref": "#"}
        if target not in self._names:
            name = re.sub(r"[/~%]", "-", str(target[-1])) or "schema"
            taken = set(self._names.values())
            while name in taken:
                name += "-"
            self._names[target] = name
        # In 3.1 what stands beside a reference counts; a reader of the file is told that.
        beside = {
            name: plain(value)
            for name, value in self._document.get(*path).items()
            if name != "$ref" and self._counts_beside(name)
        }
        return {"$ref": f"#/definitions/{self._names[target]}", **beside}

    def _counts_beside(self, name: str) -> bool:
        is_new = (self._document.text("openapi") or "").startswith("3.1")
        return is_new and name not in _LEFT | {"title", "description", "default"}

    def _adapted(self, found: dict[str, Any], path: KeyPath) -> dict[str, Any]:
        """Say in draft 4's words what it has words for."""
        said = self._document.get(*path)
        if "const" in said:
            found["enum"] = [plain(said["const"])]
        if plain(said.get("nullable")) is True and isinstance(found.get("type"), str):
            found["type"] = [found["type"], "null"]
        if found.get("format") in _FORMATS:
            del found["format"]
        for name in ("title", "description"):
            if "*/" in str(found.get(name, "")):
                del found[name]
        _close("exclusiveMinimum", "minimum", 1, found)
        _close("exclusiveMaximum", "maximum", -1, found)
        self._without_read_only(found, path)
        return found

    def _without_read_only(self, found: dict[str, Any], path: KeyPath) -> None:
        """Take what answers alone have out of `required` (OpenAPI 3.0.3, `readOnly`)."""
        names = found.get("required")
        if not isinstance(names, list):
            return
        inner = Node(self._document, (*path, "properties"))
        left = [
            each
            for each in names
            if not (isinstance(each, str) and inner.text(each, "readOnly") == "true")
        ]
        found["required"] = left
        if not left:
            del found["required"]


def _close(name: str, bound: str, step: int, found: dict[str, Any]) -> None:
    """Say a bound that is not reached as the whole number next to it, where numbers are whole."""
    said = found.get(name)
    if said is False:
        del found[name]
        return
    limit = found.get(bound) if said is True else said
    if found.get("type") != "integer" or isinstance(limit, bool) or not isinstance(limit, int):
        return
    others = [found[bound]] if said is not True and isinstance(found.get(bound), int) else []
    found[bound] = (max if step > 0 else min)([limit + step, *others])
    del found[name]
