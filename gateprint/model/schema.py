"""Validates a document against a pydantic model and locates every problem; pure."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from gateprint.errors import Diagnostic, InputRejected
from gateprint.model.fields import suggest
from gateprint.model.source import Document, KeyPath, empty_values, walk


class Model(BaseModel):
    """The base of everything that a user may write: closed, and frozen once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T", bound=Model)
_MAPPING = ("a mapping", "write name: value, each on its own line below it")
_EXPECTED = {
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "list_type": ("a list", "write a list, such as [one, two]"),
    "string_type": ("text", "write text"),
}


def validate(document: Document, model: type[T]) -> T:
    """Return the document as `model`.

    Raises:
        InputRejected: with every problem of the document, each at its place.
    """
    if document.data is None:
        remedy = f"begin it with {next(iter(model.model_fields))}: …"
        raise InputRejected([document.reject((), "empty-file", "the file says nothing", remedy)])
    empty = set(empty_values(document.data))
    diagnostics = [*_tokens(document), *(_empty(document, path) for path in empty)]
    try:
        value = model.model_validate(document.data)
    except ValidationError as error:
        # What is empty is of no type either; that is one problem.
        found = [each for each in error.errors() if each["loc"] not in empty]
        diagnostics += [_diagnose(document, model, each) for each in found]
        raise InputRejected(diagnostics) from None
    if diagnostics:
        raise InputRejected(diagnostics)
    return value


def _empty(document: Document, path: KeyPath) -> Diagnostic:
    """An optional field without a value would count as absent, and nobody would notice."""
    problem = f'"{path[-1]}" has no value' if isinstance(path[-1], str) else "the item is empty"
    where = document.locate(path, key=True)
    return Diagnostic(where, "empty-value", problem, "write its value, or remove it")


def _tokens(document: Document) -> Iterator[Diagnostic]:
    for path, text, is_key in walk(document.data):
        if "TfToken[" in text:
            where = document.locate(path, key=is_key)
            problem = "TfToken[ is how CDKTF marks its own values"
            yield Diagnostic(where, "terraform-token", problem, "write something else here")


def _diagnose(document: Document, model: type[Model], error: ErrorDetails) -> Diagnostic:
    path, is_key = _path_of(error)
    if error["type"] == "extra_forbidden":
        name = str(path[-1])
        accepted = _fields_at(model, path[:-1])
        problem = f'unknown field "{name}"'
        where = document.locate(path, key=True)
        return Diagnostic(where, "unknown-field", problem, suggest(name, accepted))
    if error["type"] == "missing":
        problem, remedy = f'"{path[-1]}" is missing', f"add {path[-1]}: …"
        return Diagnostic(document.locate(path[:-1], key=True), "missing-field", problem, remedy)
    code, problem, remedy = _explain(error)
    # What is wrong with a whole mapping or list is shown at its name.
    is_key = is_key or isinstance(error["input"], dict | list)
    return Diagnostic(document.locate(path, key=is_key), code, problem, remedy)


def _path_of(error: ErrorDetails) -> tuple[KeyPath, bool]:
    loc = error["loc"]
    is_key = bool(loc) and loc[-1] == "[key]"
    return (loc[:-1] if is_key else loc), is_key


def _explain(error: ErrorDetails) -> tuple[str, str, str]:
    context = error.get("ctx", {})
    if "remedy" in context:
        return error["type"], context["problem"], context["remedy"]
    if error["type"] in _EXPECTED:
        what, remedy = _EXPECTED[error["type"]]
        return "wrong-type", f"expected {what}, found {_kind(error['input'])}", remedy
    if error["type"] == "literal_error":
        accepted = re.findall(r"'([^']*)'", str(context["expected"]))
        problem = f"{_kind(error['input'])} is not accepted"
        return "unknown-value", problem, suggest(str(error["input"]), accepted)
    if error["type"] == "too_short":
        return "wrong-size", "this is empty", "give at least one entry"
    most = context.get("max_length")
    return "wrong-size", f"there are more than {most} entries", f"give at most {most}"


def _kind(value: object) -> str:
    names = {dict: "a mapping", list: "a list", type(None): "nothing"}
    return names.get(type(value), f'"{value}"')


def _fields_at(model: type[BaseModel], path: KeyPath) -> tuple[str, ...]:
    annotation: Any = model
    for step in path:
        annotation = _step(annotation, step)
    found = _models_in(annotation)
    return tuple(name for each in found for name in _names(each))


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield info.alias or name


def _step(annotation: Any, step: str | int) -> Any:
    for model in _models_in(annotation):
        for name, info in model.model_fields.items():
            if (info.alias or name) == step:
                return info.annotation
    for each in _unwrap(annotation):
        if typing.get_origin(each) in {dict, Mapping, list, tuple}:
            return typing.get_args(each)[-1]
    return None


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    return [
        each
        for each in _unwrap(annotation)
        if isinstance(each, type) and issubclass(each, BaseModel)
    ]


def _unwrap(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        yield from _unwrap(typing.get_args(annotation)[0])
    elif origin in {typing.Union, types.UnionType}:
        for each in typing.get_args(annotation):
            yield from _unwrap(each)
    else:
        yield annotation
