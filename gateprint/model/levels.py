"""Finds the level that a field belongs to, for fields that stand on another one; pure.

What belongs where is read from the models, so a new field is known here at once.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel

from gateprint.model.document import Document, KeyPath
from gateprint.model.fields import closest
from gateprint.model.routes import is_route

AnyModel = type[BaseModel]


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A key that stands on the wrong level: why it does, and where to put it."""

    path: KeyPath
    problem: str
    remedy: str


class Levels:
    """What stands on the wrong level, and the paths of which nothing more is to be said."""

    def __init__(self) -> None:
        self.found: list[Misplaced] = []
        self._silent: set[KeyPath] = set()
        self._homeless: set[tuple[str | int, str | int]] = set()

    def add(self, one: Misplaced) -> None:
        """Take what stands on the wrong level; what is below it only follows from that."""
        self.found.append(one)
        self.silence(one.path)
        self._homeless.add((one.path[0], one.path[-1]))

    def silence(self, *paths: KeyPath) -> None:
        """Say nothing more of these paths, and of what is below them."""
        self._silent.update(paths)

    def covers(self, path: KeyPath) -> bool:
        """Tell whether all that is to be said of this path has been said."""
        return any(path[:end] in self._silent for end in range(1, len(path) + 1))

    def has_elsewhere(self, path: KeyPath) -> bool:
        """Tell whether the field that is missing at `path` stands on another level near it."""
        name = path[-1]
        return (path[0], name) in self._homeless or (name, name) in self._homeless

    def unsettle(self, document: Document, line: int) -> bool:
        """Tell whether something in the section of this line is misplaced.

        A section is a field of the whole file. What else is said of it may only follow.
        """
        if not self._homeless:
            return False
        sections = [name for name in document.mapping() if document.keys[name,].line < line]
        return any(section == sections[-1] for section, _ in self._homeless) if sections else False


def find_misplaced(
    document: Document, root: AnyModel, wrong: Collection[KeyPath], empty: Collection[KeyPath]
) -> Levels:
    """Return what stands on the wrong level.

    `wrong` are the paths that the model refuses, `empty` those that have no value.
    """
    levels = Levels()
    prefixes = frozenset(path[:end] for path in wrong for end in range(1, len(path) + 1))
    for parent in sorted({path[:-1] for path in prefixes}, key=len):
        if not levels.covers(parent):
            _Siblings(document, root, parent, prefixes, frozenset(empty), levels).examine()
    return levels


class _Siblings:
    """The keys of one mapping, of which at least one is wrong."""

    def __init__(
        self,
        document: Document,
        root: AnyModel,
        parent: KeyPath,
        wrong: frozenset[KeyPath],
        empty: frozenset[KeyPath],
        levels: Levels,
    ) -> None:
        self._document, self._root, self._parent = document, root, parent
        self._wrong, self._empty, self._levels = wrong, empty, levels
        self._models = models_at(root, parent)
        self._fields = frozenset(fields_of(self._models))
        # A mapping of names has no fields; its entries are all of one model.
        self._entries = [] if self._models else models_at(root, (*parent, ""))
        self._fields_of_entries = frozenset(fields_of(self._entries))

    def examine(self) -> None:
        above: str | None = None
        is_swallowed = False  # Whether the keys here are what a misplaced one should hold.
        for name in self._document.mapping(*self._parent):
            path = (*self._parent, name)
            if not self._is_stray(name):
                above, is_swallowed = name, False
            elif is_swallowed:
                self._levels.silence(path)
            elif place := self._place(name, above):
                self._levels.add(Misplaced(path, *place))
                is_swallowed = path in self._empty or self._is_empty(above) or is_route(name)
                if above is not None and self._is_empty(above):
                    self._levels.silence((*self._parent, above))

    def _is_empty(self, name: str | None) -> bool:
        return (*self._parent, name or "") in self._empty

    def _is_stray(self, name: str) -> bool:
        """Tell whether a key is no field here, or is a field where the name of an entry goes."""
        if self._models:
            return name not in self._fields
        path = (*self._parent, name)
        if name not in self._fields_of_entries or path not in self._wrong | self._empty:
            return False
        return self._fields_of_entries.isdisjoint(self._document.mapping(*path))

    def _place(self, name: str, above: str | None) -> tuple[str, str] | None:
        """Return the problem and the remedy, or None where the name is unknown altogether."""
        if self._is_empty(above) and self._takes_more(above or ""):
            problem = f'"{above}" has no value, and "{name}" is not indented further'
            return problem, f'indent it below "{above}"'
        if self._entries:
            return self._beside_entries(name, above)
        if is_route(name):
            return self._outside_routes()
        return self._above(name) or self._below(name) or self._elsewhere(name)

    def _takes_more(self, name: str) -> bool:
        kind = type_at(self._root, (*self._parent, name))
        return any(typing.get_origin(each) in {dict, list} for each in unwrap(kind)) or bool(
            models_in(kind)
        )

    def _beside_entries(self, name: str, above: str | None) -> tuple[str, str]:
        what = _a(self._entries[0])
        if above is None:
            problem = f'"{name}" is a field of {what}, whose name is missing'
            return problem, "write the name above it, and indent it below"
        return f'"{name}" is a field of {what}, and stands beside one', f'indent it below "{above}"'

    def _outside_routes(self) -> tuple[str, str] | None:
        if "routes" not in self._fields:
            return None
        remedy = "indent it below routes"
        if "routes" not in self._document.mapping(*self._parent):
            remedy = "write routes: above it, and indent it below"
        return "a route stands outside routes", remedy

    def _above(self, name: str) -> tuple[str, str] | None:
        for end in range(len(self._parent) - 1, -1, -1):
            models = models_at(self._root, self._parent[:end])
            is_there = name in self._document.mapping(*self._parent[:end])
            if name in fields_of(models) and not is_there:
                return self._of(name, _a(models[0])), f'indent it like "{self._parent[end]}"'
        return None

    def _below(self, name: str) -> tuple[str, str] | None:
        for other, inner in _inner(self._models):
            if name in fields_of([inner]):
                is_one = inner in models_at(self._root, (*self._parent, other))
                remedy = f"write it below {other}" if is_one else f"write it in an entry of {other}"
                return self._of(name, _a(inner)), remedy
        return None

    def _elsewhere(self, name: str) -> tuple[str, str] | None:
        if closest(name, self._fields):
            return None
        homes = [_a(each) for each in _reachable(self._root) if name in fields_of([each])]
        there = " or ".join(homes)
        return (self._of(name, there), f"move it to {there}") if homes else None

    def _of(self, name: str, there: str) -> str:
        return f'"{name}" is a field of {there}, not of {_a(self._models[0])}'


def _a(model: AnyModel) -> str:
    """Return what a model is called in a sentence: `a stage`, `the blueprint`, `cors`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower().replace("api", "API")
    if words in {"blueprint", "environment", "state"}:
        return f"the {words}"
    if words in {"cors", "throttle", "cache", "mock", "hcp", "quotas", "access log"}:
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


def _inner(models: Iterable[AnyModel]) -> Iterator[tuple[str, AnyModel]]:
    """Yield (field, model) for the models that fields hold, alone or in lists and mappings."""
    for model in models:
        for name, info in model.model_fields.items():
            kinds = [info.annotation, *(_step(each, 0) for each in unwrap(info.annotation))]
            for inner in (each for kind in kinds for each in models_in(kind)):
                yield info.alias or name, inner


def _reachable(root: AnyModel) -> list[AnyModel]:
    found = [root]
    for model in found:
        found += [each for _, each in _inner([model]) if each not in found]
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
