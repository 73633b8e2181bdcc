"""API Gateway's patch operations on plain data; pure.

https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Document = MutableMapping[str, Any]
Converter = Callable[[str], Any]


class PatchRejected(Exception):
    """A patch operation that AWS would refuse; the message is AWS's."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One change: `verb` is add, replace or remove; `path` holds the unescaped names."""

    verb: str
    path: tuple[str, ...]
    value: str | None

    @classmethod
    def parse(cls, raw: Mapping[str, str]) -> Operation:
        """Read `{"op", "path", "value"}`, whose path is a JSON pointer (RFC 6901)."""
        names = tuple(_unescape(name) for name in raw["path"].removeprefix("/").split("/"))
        return cls(raw["op"], names, raw.get("value"))


@dataclass(frozen=True, slots=True)
class Shape:
    """What may be patched: AWS's field names and the attributes that hold them.

    `lists` and `converters` are keyed by path, `"endpointConfiguration/types"`; a converter also
    serves everything below its path. Values without a converter stay strings.
    """

    attributes: Mapping[str, str]
    lists: frozenset[str] = frozenset()
    converters: Mapping[str, Converter] = field(default_factory=dict)

    def patch(self, thing: object, operations: Iterable[Operation]) -> None:
        """Apply all operations to the attributes of `thing`, or none: raises PatchRejected."""
        before = {name: getattr(thing, held, None) for name, held in self.attributes.items()}
        for name, value in patched(before, operations, self).items():
            setattr(thing, self.attributes[name], value)

    def convert(self, path: tuple[str, ...], value: str | None) -> Any:
        """Give a value its type: by its own path, else by the field that it is below."""
        converter = self.converters.get("/".join(path)) or self.converters.get(path[0], str)
        return None if value is None else converter(value)


def patched(document: Document, operations: Iterable[Operation], shape: Shape) -> Document:
    """Return a patched copy; the original is left alone, whatever happens."""
    result = copy.deepcopy(document)
    for operation in operations:
        _require_known(operation, shape)
        _apply(result, operation, shape)
    return result


def boolean(text: str) -> bool:
    """Read AWS's "true" and "false"."""
    return text.lower() == "true"


def optional_integer(text: str) -> int | None:
    """Read a number that the empty text unsets."""
    return int(text) if text else None


def _require_known(operation: Operation, shape: Shape) -> None:
    if operation.path[0] not in shape.attributes:
        allowed = ", ".join(f"/{name}" for name in sorted(shape.attributes))
        place = "/" + "/".join(operation.path)
        message = f"Invalid patch path '{place}' specified for op '{operation.verb}'."
        raise PatchRejected(f"{message} Must be one of: [{allowed}]")


def _apply(document: Document, operation: Operation, shape: Shape) -> None:
    *parents, last = operation.path
    if "/".join(operation.path) in shape.lists:
        _change_items(_list_at(document, operation.path), operation.verb, operation.value)
    elif "/".join(parents) in shape.lists:
        _change_item_at(_list_at(document, tuple(parents)), last, operation)
    else:
        _change_value(_mapping_at(document, parents), last, operation, shape)


def _change_value(parent: Document, name: str, operation: Operation, shape: Shape) -> None:
    if operation.verb == "remove":
        parent[name] = None
        if len(operation.path) > 1:
            del parent[name]
    else:
        parent[name] = shape.convert(operation.path, operation.value)


def _change_item_at(items: list[Any], place: str, operation: Operation) -> None:
    """Change the item that a path names, by its text (`image~1png`) or its index (`types/0`)."""
    if operation.verb != "replace":
        _change_items(items, operation.verb, place)
    elif place.isdigit():
        items[int(place) : int(place) + 1] = [operation.value]
    else:
        items[:] = [operation.value if item == place else item for item in items]


def _change_items(items: list[Any], verb: str, item: str | None) -> None:
    if verb == "remove":
        items[:] = [kept for kept in items if kept != item]
    elif verb == "replace":
        items[:] = [item]
    elif item not in items:
        items.append(item)


def _list_at(document: Document, path: tuple[str, ...]) -> list[Any]:
    parent = _mapping_at(document, path[:-1])
    parent[path[-1]] = list(parent.get(path[-1]) or [])
    return parent[path[-1]]  # type: ignore[no-any-return]


def _mapping_at(document: Document, path: Iterable[str]) -> Document:
    for name in path:
        if document.get(name) is None:
            document[name] = {}
        document = document[name]
    return document


def _unescape(name: str) -> str:
    return name.replace("~1", "/").replace("~0", "~")
