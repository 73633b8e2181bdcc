"""Which routes of an API a policy for another one reaches, decided on all requests; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from gateprint.access import language, templates
from gateprint.access.pattern import is_reaching
from gateprint.access.routing import preference
from gateprint.model.routes import split_route

# (route as the blueprint writes it, auth)
Routes = tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def reach_of(routes: Routes) -> Mapping[str, tuple[str, ...]]:
    """Return for each route of an API the other signed routes that a policy for it reaches.

    A stage does not matter: it is the same text in both. So all roles share the answer.
    """
    signed = [key for key, auth in routes if auth == "iam"]
    return {key: tuple(_reached(key, signed)) for key, _ in routes}


@lru_cache(maxsize=256)
def slash_reach_of(routes: Routes) -> Mapping[str, tuple[str, ...]]:
    """Return for each route the other signed ones that it reaches by a slash at their end alone.

    `GET/pets/*` fits `GET/pets/`, which API Gateway takes for `GET /pets`.
    """
    signed = [key for key, auth in routes if auth == "iam"]
    return {key: tuple(_reached_by_slash(key, signed)) for key, _ in routes}


def reaches(granted: str, other: str) -> bool:
    """Tell whether a policy for one route matches requests that API Gateway gives to another."""
    return not is_exact(granted) and granted != other and other in _reached(granted, [other])


def is_exact(key: str) -> bool:
    """Tell whether the route is one request alone, for which API Gateway prefers no other route."""
    return "{" not in key and not key.startswith("ANY ")


def _reached(granted: str, signed: Sequence[str]) -> Iterator[str]:
    if is_exact(granted):
        return
    matched = [key for key in signed if key != granted and is_reaching(granted, key)]
    for other in matched:
        preferred = [key for key in (granted, *matched) if preference(key) < preference(other)]
        if not preferred or _is_left(granted, other, preferred):
            yield other


def _is_left(granted: str, other: str, preferred: Sequence[str]) -> bool:
    """Tell whether a request is matched for which API Gateway prefers no other of these routes."""
    found = language.find(
        templates.answered(other),
        allows=[templates.granted(granted)],
        apart_from=[templates.answered(key) for key in preferred],
    )
    return found is not None


def _reached_by_slash(granted: str, signed: Sequence[str]) -> Iterator[str]:
    method, path = split_route(granted)
    front, _, last = path.rpartition("/")
    if not last.startswith("{") or not front:
        return
    for other in signed:
        if other not in (granted, f"{method} /") and is_reaching(f"{method} {front}", other):
            yield other
