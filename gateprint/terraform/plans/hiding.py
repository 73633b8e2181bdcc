"""Replaces values by "(sensitive)" and remembers the secrets among them; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

MASK = "(sensitive)"

_SHORTEST_SECRET = 6


class Hider:
    """Hides values; `secrets` are the texts that it hid because they may be secrets."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    @property
    def secrets(self) -> frozenset[str]:
        """The texts of 6 and more characters that were hidden; shorter ones occur by chance."""
        return frozenset(self._secrets)

    def hide(self, value: Any) -> str:
        """Return the mask in the place of a secret."""
        self._remember(value)
        return MASK

    def value(self, value: Any, marks: Any) -> Any:
        """Return a value without what its tree of marks calls sensitive.

        Where the tree does not fit the value, all of the value is hidden.
        """
        if marks is True:
            return self.hide(value)
        if marks is False or marks is None or value is None:
            return value
        if isinstance(value, Mapping) and isinstance(marks, Mapping):
            return {name: self.value(each, marks.get(name)) for name, each in value.items()}
        if isinstance(value, list) and isinstance(marks, list):
            return self._elements(value, marks)
        return self.hide(value)

    def known(self, found: Any, sections: Mapping[str, Callable[[Hider, Any], Any]]) -> Any:
        """Return an object with each part as its section says; a part without one is hidden."""
        if not isinstance(found, Mapping):
            return self.hide(found)
        return {
            name: sections[name](self, each) if name in sections else self.hide(each)
            for name, each in found.items()
        }

    def plain(self, value: Any) -> Any:
        """Return a text, number or truth value of Terraform's own; hide anything else."""
        return value if value is None or isinstance(value, str | int | float) else self.hide(value)

    def names(self, value: Any) -> Any:
        """Return names, addresses, paths and types: plain values in any nesting."""
        if isinstance(value, list):
            return [self.names(each) for each in value]
        if isinstance(value, Mapping):
            return {name: self.names(each) for name, each in value.items()}
        return self.plain(value)

    def flags(self, value: Any) -> Any:
        """Return a tree of truth values; hide what is none."""
        if isinstance(value, list):
            return [self.flags(each) for each in value]
        if isinstance(value, Mapping):
            return {name: self.flags(each) for name, each in value.items()}
        return value if value is None or isinstance(value, bool) else self.hide(value)

    def _elements(self, value: list[Any], marks: list[Any]) -> Any:
        if marks and len(marks) != len(value):
            return self.hide(value)
        padded = marks or [False] * len(value)
        return [self.value(each, mark) for each, mark in zip(value, padded, strict=True)]

    def _remember(self, value: Any) -> None:
        if isinstance(value, str) and len(value) >= _SHORTEST_SECRET:
            self._secrets.add(value)
        elif isinstance(value, Mapping):
            for each in value.values():
                self._remember(each)
        elif isinstance(value, list):
            for each in value:
                self._remember(each)
