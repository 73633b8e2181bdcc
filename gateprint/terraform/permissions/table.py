"""Which IAM actions each generated resource type needs; reads its own data, actions.json."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

Purpose = Literal["plan", "apply", "drift"]
Condition = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Need:
    """Actions on the ARNs that `on` names.

    In a condition a value that begins with `@` stands for ARNs, too.
    """

    on: str
    read: tuple[str, ...]
    write: tuple[str, ...]
    condition: Condition

    def actions(self, purpose: Purpose) -> tuple[str, ...]:
        """Return what is needed to refresh, and for an apply what changes something."""
        return (*self.read, *self.write) if purpose == "apply" else self.read


@functools.cache
def needs_by_type() -> Mapping[str, tuple[Need, ...]]:
    """Return what the AWS provider needs, by resource type."""
    text = files(__package__).joinpath("actions.json").read_text(encoding="utf-8")
    types: Mapping[str, Any] = json.loads(text)["types"]
    return MappingProxyType({name: tuple(map(_need, each)) for name, each in types.items()})


def _need(given: Mapping[str, Any]) -> Need:
    return Need(
        given["on"], tuple(given["read"]), tuple(given["write"]), given.get("condition", {})
    )
