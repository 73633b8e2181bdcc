"""A document for readers → the same with some of its routes alone, and what they use; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from gateprint.openapi import words

_METHODS = {stands: method for method, stands in words.OPERATIONS.items()}
_COMPONENTS = "#/components/schemas/"


def with_routes(document: Mapping[str, Any], routes: Collection[str]) -> dict[str, Any]:
    """Return the document with the operations of `routes`, `METHOD /path`, without preflights.

    Schemas that no operation names go too: they tell of routes that are not here.
    """
    paths = {path: _item(path, item, routes) for path, item in document["paths"].items()}
    kept = {path: item for path, item in paths.items() if item}
    components = dict(document["components"])
    used = set(_references(kept))
    schemas = {name: each for name, each in components.get("schemas", {}).items() if name in used}
    components.pop("schemas", None)
    if schemas:
        components = {"schemas": schemas, **components}
    return {**document, "paths": kept, "components": components}


def _item(path: str, item: Mapping[str, Any], routes: Collection[str]) -> dict[str, Any]:
    return {
        name: each for name, each in item.items() if f"{_METHODS.get(name, '')} {path}" in routes
    }


def _references(data: Any) -> list[str]:
    """Return the names of the schemas that something refers to."""
    if isinstance(data, Mapping):
        found = str(data.get("$ref", ""))
        own = [found.removeprefix(_COMPONENTS).partition("/")[0]] if _COMPONENTS in found else []
        return own + [name for each in data.values() for name in _references(each)]
    return [name for each in data for name in _references(each)] if isinstance(data, list) else []
