"""What the models accept at a path: which fields, of which model; pure."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel

from gateprint.model.document import KeyPath

AnyModel = type[BaseModel]


@cache
def called(model: AnyModel) -> str:
    """Return what a model is called in a sentence: `a stage`, `the blueprint`, `cors`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower().replace("api", "API")
    if words in {"blueprint", "environment", "state"}:
        return f"the {words}"
    if words in {"cors", "throttle", "cache", "mock", "hcp", "quotas", "access log", "mutual tls"}:
        return words.replace(" ", "_")
    return f"{'an' if words[0] in 'aeioAEIO' else 'a'} {words}"


def required_of(model: AnyModel) -> list[str]:
    """Return the names of the fields that must be given."""
    return [name for name, info in model.model_fields.items() if info.is_required()]


def fields_of(models: Iterable[AnyModel]) -> tuple[str, ...]:
    """Return the names of all fields of these models."""
    return tuple(info.alias or name for each in models for name, info in each.model_fields.items())


def fields_at(root: AnyModel, path: KeyPath) -> tuple[str, ...]:
    """Return the names of the fields that are accepted at `path`."""
    return fields_of(models_at(root, path))


def models_at(root: AnyModel, path: KeyPath) -> list[AnyModel]:
    """Return the models of what stands at `path`; none where it is a mapping of names."""
    return models_in(type_at(root, path))


def type_at(root: AnyModel, path: KeyPath) -> Any:
    """Return the type of what stands at `path`."""
    annotation: Any = root
    for each in path:
        annotation = _step(annotation, each)
    return annotation


def _step(annotation: Any, name: str | int) -> Any:
    for model in models_in(annotation):
        for each, info in model.model_fields.items():
            if (info.alias or each) == name:
                return info.annotation
    for each in unwrap(annotation):
        if typing.get_origin(each) in {dict, Mapping, list, tuple}:
            return typing.get_args(each)[-1]
    return None


@cache
def inner_of(model: AnyModel) -> tuple[tuple[str, AnyModel], ...]:
    """Return (field, model) for the models that fields hold, alone or in lists and mappings."""
    return tuple(
        (info.alias or name, inner)
        for name, info in model.model_fields.items()
        for kind in (info.annotation, *(_step(each, 0) for each in unwrap(info.annotation)))
        for inner in models_in(kind)
    )


@cache
def homes_of(root: AnyModel) -> Mapping[str, tuple[AnyModel, ...]]:
    """Return for every name of a field the models, from the root down, that have it."""
    reachable = [root]
    for model in reachable:
        reachable += [each for _, each in inner_of(model) if each not in reachable]
    found: dict[str, tuple[AnyModel, ...]] = {}
    for model in reachable:
        found |= {name: (*found.get(name, ()), model) for name in fields_of([model])}
    return found


def models_in(annotation: Any) -> list[AnyModel]:
    """Return the models that a type stands for: `Cors | None` → Cors."""
    return [
        each
        for each in unwrap(annotation)
        if isinstance(each, type) and issubclass(each, BaseModel)
    ]


def unwrap(annotation: Any) -> Iterator[Any]:
    """Yield the types of a union, without what is annotated to them."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        yield from unwrap(typing.get_args(annotation)[0])
    elif origin in {typing.Union, types.UnionType}:
        for each in typing.get_args(annotation):
            yield from unwrap(each)
    else:
        yield annotation
