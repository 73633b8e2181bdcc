"""Reads `x-gateprint`, which an exported document has and nobody else's; pure.

What it holds is untrusted, as the rest of the document: the blueprint that is made from it is
validated like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.errors import InputRejected
from gateprint.model.naming import function_name
from gateprint.openapi import words
from gateprint.openapi.extension import plain
from gateprint.openapi.reading import Node


@dataclass(frozen=True, slots=True)
class Own:
    """The extension of a document; empty where it has none."""

    api: str = ""
    environment: str = ""
    blueprint: Mapping[str, Any] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Tell whether the document was exported from a blueprint."""
        return bool(self.blueprint)

    @property
    def name(self) -> str:
        """Return the blueprint's name."""
        return str(self.blueprint.get("name", ""))

    @property
    def api_fields(self) -> Mapping[str, Any]:
        """Return the fields of the API that stand in the extension alone."""
        found = dict(_mapping(_mapping(self.blueprint.get("apis")).get(self.api)))
        return {name: value for name, value in found.items() if name != "cors"}

    @property
    def cors(self) -> Mapping[str, Any]:
        """Return `cors` as the blueprint has it."""
        api = _mapping(_mapping(self.blueprint.get("apis")).get(self.api))
        return _mapping(api.get("cors"))

    @property
    def functions(self) -> Mapping[str, str]:
        """Return the names in AWS of the blueprint's functions, by name."""
        names = _mapping(self.blueprint.get("functions"))
        return {each: function_name(self.name, self.environment, each) for each in names}

    @property
    def mapped(self) -> frozenset[str]:
        """Return the functions for which API Gateway maps both ways."""
        functions = _mapping(self.blueprint.get("functions"))
        return frozenset(
            name for name, each in functions.items() if _mapping(each).get("proxy") is False
        )

    def ordered(self, keys: Iterable[str]) -> list[str]:
        """Return routes in the blueprint's order, what is new behind them."""
        places = {key: place for place, key in enumerate(self.order)}
        return sorted(keys, key=lambda key: places.get(key, len(places)))


def own_of(whole: Node) -> Own:
    """Return what the extension says.

    Raises:
        InputRejected: it is there, and is not what an export writes.
    """
    said = whole.mapping(words.OWN)
    if words.OWN not in whole.mapping():
        return Own()
    api, blueprint = whole.text(words.OWN, "api"), plain(said.get("blueprint"))
    order = said.get("order")
    is_known = api and isinstance(blueprint, dict) and api in _mapping(blueprint.get("apis"))
    if not is_known or not isinstance(order, list | None):
        problem = f"{words.OWN} is not what gateprint export writes"
        raise InputRejected([whole.at(words.OWN).refuse(problem, "remove it, or export again")])
    environment = whole.text(words.OWN, "environment") or ""
    return Own(str(api), environment, blueprint, tuple(str(each) for each in order or ()))


def _mapping(data: Any) -> Mapping[str, Any]:
    return data if isinstance(data, dict) else {}
