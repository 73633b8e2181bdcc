"""Names of routes and path parameters as identifiers: always valid, never the same twice; pure.

A route's name is made of its method and path alone: `GET /pets/{id}` is `get_pets_by_id` in Python
and `getPetsById` in JavaScript. Where two would be the same, the later one gets a number.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from gateprint.model.resolved import Route

Words = Sequence[str]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# Arguments of every generated method, and what Python keeps for itself.
PYTHON_RESERVED = frozenset(
    {
        *keyword.kwlist,
        *keyword.softkwlist,
        *("self", "method", "body", "query", "headers", "content_type"),
        *("timeout_seconds", "retry_non_idempotent"),
    }
)
# What every JavaScript object has already: a value given under such a name could be missed.
JAVASCRIPT_RESERVED = frozenset(
    {"constructor", "hasOwnProperty", "prototype", "then", "toString", "valueOf"}
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)


def words_of(text: str) -> list[str]:
    """Return the words of a name, in small letters: of `petId-2` pet, id and 2."""
    return [each.lower() for each in _WORD.findall(text)]


def snake(words: Words) -> str:
    """Return words as Python's functions are written."""
    return "_".join(words)


def camel(words: Words) -> str:
    """Return words as JavaScript's functions are written."""
    return "".join(each if not index else each.capitalize() for index, each in enumerate(words))


def pascal(words: Words) -> str:
    """Return words as classes are written."""
    return "".join(each.capitalize() for each in words)


def route_names(routes: Iterable[Route], style: Callable[[Words], str]) -> Mapping[str, str]:
    """Return the names of an API's routes, by their keys; the first ones keep theirs."""
    named: dict[str, str] = {}
    for route in routes:
        named[route.key] = _free(style(_words_of_route(route)), named.values())
    return named


def parameter_names(
    names: Iterable[str], style: Callable[[str], str], reserved: Collection[str]
) -> tuple[str, ...]:
    """Return an identifier for each parameter of one path."""
    found: list[str] = []
    for name in names:
        wanted = style(name)
        found.append(_free(f"{wanted}_" if wanted in reserved else wanted, found))
    return tuple(found)


def python_parameter(name: str) -> str:
    """Return a parameter's name for Python; an underscore in front would be mangled in a class."""
    return _after_a_letter(snake(words_of(name)))


def javascript_parameter(name: str) -> str:
    """Return a parameter's name for JavaScript: its own, if that is an identifier."""
    return name if _PLAIN.fullmatch(name) else _after_a_letter(camel(words_of(name)))


def _after_a_letter(name: str) -> str:
    return name if name[:1].isalpha() else f"p{name}"


def _words_of_route(route: Route) -> list[str]:
    parts = [route.method.lower()]
    for segment in route.segments:
        inner = words_of(segment)
        parts += ["by", *inner] if segment.startswith("{") else inner
    return parts if route.segments else [*parts, "root"]


def _free(wanted: str, taken: Iterable[str]) -> str:
    used, name, number = set(taken), wanted, 1
    while name in used:
        number += 1
        name = f"{wanted}{number}"
    return name
