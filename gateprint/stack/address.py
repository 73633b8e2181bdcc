"""Terraform addresses: readable, one to one with what they name, and the same for ever; pure.

An address is a contract: a changed one replaces infrastructure. So it depends on nothing but the
thing's own name, and two names never share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Characters of names and paths that Terraform's identifiers do not have, or that we use ourselves.
_ESCAPES = {
    "_": "--u",
    ".": "--d",
    ",": "--c",
    ":": "--n",
    "+": "--p",
    "=": "--e",
    "@": "--a",
    "-": "--h",
}
# What is left in the identifier of a resource server: `/`, `~` and other signs.
_ODD = re.compile(r"[^A-Za-z0-9_-]")
_INNER_HYPHEN = re.compile(r"(?<=[A-Za-z0-9])-(?=[A-Za-z0-9])")


def part(name: str) -> str:
    """Return a name as a part of an address: letters, digits and single inner hyphens stay."""
    pieces = _INNER_HYPHEN.split(name)
    return "-".join("".join(_ESCAPES.get(each, each) for each in piece) for piece in pieces)


def of(name: str) -> str:
    """Return the address of something with a name of its own, in which `_` may stay."""
    return "_".join(part(each) for each in name.split("_"))


def joined(*names: str) -> str:
    """Return the address of something that several names identify together."""
    return "_".join(part(each) for each in names)


def resource_server(pool: str, identifier: str) -> str:
    """Return the address of a pool's resource server, whose identifier may be any ASCII text."""
    plain = part(identifier)
    return f"{part(pool)}_{_ODD.sub(lambda found: f'--x{ord(found[0]):02x}', plain)}"


def path_resource(api: str, segments: Iterable[str]) -> str:
    """Return the address of a path resource: `pets_pets__id` is `/pets/{id}` of the API pets.

    `__` introduces a path parameter, `___` one that takes the rest of the path.
    """
    return "_".join([part(api), *(_segment(each) for each in segments)])


def method(api: str, verb: str, segments: Iterable[str]) -> str:
    """Return the address of a method: `pets_get_pets__id` is `GET /pets/{id}` of the API pets."""
    return "_".join([part(api), verb.lower(), *(_segment(each) for each in segments)])


def _segment(segment: str) -> str:
    if segment.endswith("+}"):
        return f"__{part(segment[1:-2])}"
    if segment.startswith("{"):
        return f"_{part(segment[1:-1])}"
    return part(segment)
