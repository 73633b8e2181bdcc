"""Which route of an API answers a request, as API Gateway chooses it; pure.

After the API Gateway developer guide, "Set up a proxy resource": a literal segment is preferred to
a parameter, a parameter to the rest of the path, and a method of its own to ANY.
"""

from __future__ import annotations

from functools import lru_cache

from gateprint.model.resolved import Api, Route
from gateprint.model.routes import split_route


def route_of(api: Api, method: str, path: str) -> Route | None:
    """Return the route that answers `METHOD /path`, or None where none does.

    The path begins with a slash; one slash at its end makes no difference.
    """
    segments = tuple(path[1:].removesuffix("/").split("/")) if path != "/" else ()
    found = [
        route
        for route in api.routes
        if route.method in {method, "ANY"} and _is_answering(route.segments, segments)
    ]
    return min(found, key=lambda route: preference(route.key), default=None)


def _is_answering(template: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    if template and template[-1].endswith("+}"):
        front = len(template) - 1
        is_long_enough = len(segments) > front and any(segments[front:])
        return is_long_enough and _is_fitting(template[:-1], segments[:front])
    return len(template) == len(segments) and _is_fitting(template, segments)


def _is_fitting(template: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    pairs = zip(template, segments, strict=True)
    return all(bool(found) if each.startswith("{") else each == found for each, found in pairs)


@lru_cache(maxsize=32_768)
def preference(key: str) -> tuple[tuple[int, ...], bool]:
    """Return how general a route is: of those that fit a request, the least general answers."""
    method, path = split_route(key)
    return tuple(_generality(each) for each in path[1:].split("/")), method == "ANY"


def _generality(segment: str) -> int:
    if not segment.startswith("{"):
        return 0
    return 2 if segment.endswith("+}") else 1
