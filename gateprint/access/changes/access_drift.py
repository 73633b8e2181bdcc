"""A change of access that was made outside of Terraform, as a value; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from gateprint.errors import DifferenceKind

Kind = Literal[DifferenceKind, "deployment", "network", "session", "certificate"]

_IN_ORDER: tuple[Kind, ...] = (
    "auth",
    "network",
    "resource-policy",
    "allowed",
    "beyond",
    "action",
    "denied",
    "certificate",
    "trust",
    "session",
    "stage",
    "deployment",
    "retired",
    "unknown",
)


@dataclass(frozen=True, slots=True)
class AccessDrift:
    """One change of access, in a sentence without a capital and a full stop.

    `kind` is that of the proof's difference; `unknown` is what cannot be decided. Role, API,
    stages and routes are empty where it is not about them.
    """

    kind: Kind
    sentence: str
    role: str = ""
    api: str = ""
    stages: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


def in_order(found: Iterable[AccessDrift]) -> tuple[AccessDrift, ...]:
    """Return what was found, the gravest first."""
    return tuple(sorted(found, key=lambda each: (_IN_ORDER.index(each.kind), each.sentence)))
