"""Finds the level that a field belongs to, for fields that stand on another one; pure.

What belongs where is read from the models, so a new field is known here at once.
"""

from __future__ import annotations

import typing
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain

from gateprint.model.document import Document, KeyPath
from gateprint.model.routes import is_route
from gateprint.model.shapes import (
    AnyModel,
    called,
    fields_of,
    homes_of,
    inner_of,
    models_at,
    models_in,
    type_at,
    unwrap,
)
from gateprint.model.words import closest

# Nobody reads more; what else is misplaced counts as unknown.
_MOST = 100


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
        self._mappings: list[tuple[KeyPath, list[AnyModel]]] | None = None

    def with_room(self, document: Document, root: AnyModel, name: str) -> list[AnyModel]:
        """Return the models with a field of this name of which the file has one without it."""
        if self._mappings is None:
            paths = dict.fromkeys(path[:-1] for path in document.keys)
            self._mappings = [(path, models_at(root, path)) for path in paths]
        free = [models for path, models in self._mappings if (*path, name) not in document.keys]
        return [each for each in homes_of(root)[name] if any(each in models for models in free)]

    def add(self, one: Misplaced) -> None:
        """Take what stands on the wrong level; what is below it only follows from that."""
        self.found.append(one)
        self.silence(one.path)
        self.excuse(one.path[0], one.path[-1])

    def excuse(self, section: str | int, name: str | int) -> None:
        """Say nothing of a field of this name that is missing in the section, or is the section."""
        self._homeless.add((section, name))

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
        if len(levels.found) >= _MOST:
            break
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
            if not self._is_stray(name) and not (is_swallowed and self._is_wrong_entry(name)):
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
        if not self._entries:
            return False  # Names of texts, such as tags: any name may be one.
        path = (*self._parent, name)
        if path not in self._wrong and path not in self._empty:
            return False
        if name not in self._fields_of_entries and not self._above_entries(name):
            return False
        return self._fields_of_entries.isdisjoint(self._document.mapping(*path))

    def _is_wrong_entry(self, name: str) -> bool:
        return not self._models and (*self._parent, name) in self._wrong

    def _place(self, name: str, above: str | None) -> tuple[str, str] | None:
        """Return the problem and the remedy, or None where the name is unknown altogether."""
        if self._is_empty(above) and self._takes_more(above or ""):
            problem = f'"{above}" has no value, and "{name}" is not indented further'
            return problem, f'indent it below "{above}"'
        if self._entries:
            return self._beside_entries(name, above)
        if is_route(name):
            return self._outside_routes()
        if name not in homes_of(self._root):
            return None
        return self._above(name) or self._below(name) or self._elsewhere(name)

    def _takes_more(self, name: str) -> bool:
        kind = type_at(self._root, (*self._parent, name))
        return any(typing.get_origin(each) in {dict, list} for each in unwrap(kind)) or bool(
            models_in(kind)
        )

    def _beside_entries(self, name: str, above: str | None) -> tuple[str, str]:
        what = called(self._entries[0])
        if name not in self._fields_of_entries and (place := self._above_entries(name)):
            return place
        if above is None:
            problem = f'"{name}" is a field of {what}, whose name is missing'
            return problem, "write the name above it, and indent it below"
        return f'"{name}" is a field of {what}, and stands beside one', f'indent it below "{above}"'

    def _outside_routes(self) -> tuple[str, str] | None:
        problem = "a route stands outside routes"
        self._levels.excuse(self._parent[0] if self._parent else "", "routes")
        if "routes" in self._document.mapping(*self._parent):
            return problem, "indent it below routes"
        if "routes" in self._fields:
            return problem, "write routes: above it, and indent it below"
        if found := self._holder("routes"):
            return problem, f'write routes: above it, indented like "{found[1]}"'
        return None

    def _above_entries(self, name: str) -> tuple[str, str] | None:
        found = self._holder(name)
        if found is None:
            return None
        problem = f'"{name}" is a field of {found[0]}, and stands below "{found[1]}"'
        return problem, f'indent it like "{found[1]}"'

    def _above(self, name: str) -> tuple[str, str] | None:
        found = self._holder(name)
        return (self._of(name, found[0]), f'indent it like "{found[1]}"') if found else None

    def _holder(self, name: str) -> tuple[str, str | int] | None:
        """Return the nearest level above that lacks this field, and the key there that holds us."""
        if name not in homes_of(self._root):
            return None
        for end in range(len(self._parent) - 1, -1, -1):
            models = models_at(self._root, self._parent[:end])
            is_there = name in self._document.mapping(*self._parent[:end])
            if name in fields_of(models) and not is_there:
                return called(models[0]), self._parent[end]
        return None

    def _below(self, name: str) -> tuple[str, str] | None:
        meant = closest(name, self._fields)
        if meant is not None and meant not in self._document.mapping(*self._parent):
            return None  # A letter is missing; `api` is one of a plan, and `apis` is needed here.
        for other, inner in chain.from_iterable(map(inner_of, self._models)):
            if inner in homes_of(self._root)[name]:
                self._levels.excuse(self._parent[0] if self._parent else other, other)
                is_one = inner in models_at(self._root, (*self._parent, other))
                remedy = f"write it below {other}" if is_one else f"write it in an entry of {other}"
                return self._of(name, called(inner)), remedy
        return None

    def _elsewhere(self, name: str) -> tuple[str, str] | None:
        if closest(name, self._fields):
            return None
        homes = self._levels.with_room(self._document, self._root, name)
        if not homes:
            return None  # Nothing of this file could take it: the name says nothing.
        there = " or ".join(map(called, homes))
        return self._of(name, there), f"move it to {there}"

    def _of(self, name: str, there: str) -> str:
        return f'"{name}" is a field of {there}, not of {called(self._models[0])}'
