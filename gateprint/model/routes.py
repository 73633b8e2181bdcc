"""Routes as blueprints write them, `METHOD /path`: read, and checked; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from gateprint.model.kinds import refusal
from gateprint.model.resolved import METHODS
from gateprint.model.words import shortened

LONGEST = 2_000
_SEGMENT = re.compile(r"[A-Za-z0-9_.,:-]+", re.ASCII)
_PARAMETER = re.compile(r"\{[A-Za-z0-9_.-]+\+?\}", re.ASCII)


def _route_key(value: object) -> str:
    text = str(value)
    if len(text) > LONGEST:
        problem = f'"{shortened(text)}" has {len(text):,} characters'
        raise refusal("wrong-path", problem, "shorten it: AWS takes ARNs of 1,600 bytes")
    method, space, path = text.partition(" ")
    if method == "OPTIONS":
        problem = "an OPTIONS route cannot be declared"
        raise refusal("wrong-route", problem, "remove it: OPTIONS is generated from cors")
    if (meant := _meant(text)) not in {None, text}:
        raise refusal("wrong-route", f'"{text}" is not METHOD /path', f"did you mean {meant}?")
    if not space or method not in METHODS:
        remedy = f"write METHOD /path with one of {', '.join(METHODS)}"
        raise refusal("wrong-route", f'"{text}" does not begin with a method', remedy)
    _check_path(path)
    return text


def _meant(text: str) -> str | None:
    """Return the route that differs from a text in spaces and the case of its method alone."""
    found = re.fullmatch(r" *([A-Za-z]+) *(/\S*) *", text)
    return f"{found[1].upper()} {found[2]}" if found and found[1].upper() in METHODS else None


def _check_path(path: str) -> None:
    if path == "/":
        return
    if not path.startswith("/") or path.endswith("/"):
        remedy = "begin with / and do not end with it"
        raise refusal("wrong-path", f'"{path}" is not a path', remedy)
    segments = path[1:].split("/")
    for index, segment in enumerate(segments):
        _check_segment(segment, is_last=index == len(segments) - 1)
    _check_parameters(segments)


def _check_segment(segment: str, *, is_last: bool) -> None:
    if _PARAMETER.fullmatch(segment):
        if segment.endswith("+}") and not is_last:
            remedy = "make it the last segment"
            raise refusal("wrong-path", f"{segment} takes the rest of the path", remedy)
        return
    if segment.startswith(":"):
        problem = f'"{segment}" is how other tools write a parameter'
        raise refusal("wrong-path", problem, f"write {{{segment[1:]}}}")
    if segment == "OPTIONS":
        remedy = "rename the segment: a policy on preflights would match it"
        raise refusal("wrong-path", "a path segment cannot be OPTIONS", remedy)
    if not segment:
        raise refusal("wrong-path", "two slashes follow each other", "remove one of them")
    if segment in {".", ".."} or not _SEGMENT.fullmatch(segment):
        remedy = "use letters, digits and _ - . , : in a segment, or a whole segment {name}"
        raise refusal("wrong-path", f'"{segment}" is not a path segment', remedy)


def _check_parameters(segments: list[str]) -> None:
    seen: set[str] = set()
    for name in (each.strip("{+}") for each in segments if each.startswith("{")):
        if name in seen:
            remedy = "give each parameter its own name"
            raise refusal("wrong-path", f"{{{name}}} stands twice in the path", remedy)
        seen.add(name)


_ROUTE_PATTERN = rf"^({'|'.join(METHODS)}) /\S*$"
RouteKey = Annotated[
    str,
    BeforeValidator(_route_key),
    WithJsonSchema({"type": "string", "pattern": _ROUTE_PATTERN, "examples": ["GET /pets"]}),
]


@lru_cache(maxsize=32_768)
def is_route(key: str) -> bool:
    """Tell whether a key is a route that API Gateway takes."""
    try:
        _route_key(key)
    except PydanticCustomError:
        return False
    return True


def split_route(key: str) -> tuple[str, str]:
    """Return method and path of `METHOD /path`."""
    method, _, path = key.partition(" ")
    return method, path
