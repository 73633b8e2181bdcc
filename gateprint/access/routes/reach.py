"""Which routes of an API a policy for another one reaches, decided on all requests; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from gateprint.access.iam import language
from gateprint.access.routes import templates
from gateprint.access.routes.pattern import is_reaching
from gateprint.access.routes.routing import preference
from gateprint.model.resolved import Api
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
    return other in _reached(granted, [other])


def declared(api: Api) -> tuple[str, ...]:
    """Return what an API answers: its routes, and the preflights that come with CORS."""
    routes = dict.fromkeys(route.key for route in api.routes)
    preflights = {f"OPTIONS {route.path}": None for route in api.routes if api.cors}
    return tuple(routes | preflights)


@lru_cache(maxsize=65_536)
def preferred(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Return the routes that API Gateway prefers to a route for some of its requests."""
    of = templates.answered(key)
    return tuple(
        each
        for each in keys
        if preference(each) < preference(key)
        and language.find(of, allows=[templates.answered(each)]) is not None
    )


def is_exact(key: str) -> bool:
    """Tell whether the route is one request alone, for which API Gateway prefers no other route."""
    return "{" not in key and not key.startswith("ANY ")


def _reached(granted: str, signed: Sequence[str]) -> Iterator[str]:
    if is_exact(granted):
        return
    matched = [key for key in signed if key != granted and is_reaching(granted, key)]
    for other in matched:
        better = [key for key in (granted, *matched) if preference(key) < preference(other)]
        if not better or _is_left(granted, other, better):
            yield other


def _is_left(granted: str, other: str, better: Sequence[str]) -> bool:
    """Tell whether a request is matched for which API Gateway prefers no other of these routes."""
    found = language.find(
        templates.answered(other),
        allows=[templates.granted(granted)],
        apart_from=[templates.answered(key) for key in better],
    )
    return found is not None


def _reached_by_slash(granted: str, signed: Sequence[str]) -> Iterator[str]:
    method, path = split_route(granted)
    if granted == "ANY /":
        # `*/` fits whatever ends with a slash.
        yield from (other for other in signed if not other.endswith(" /"))
    front, _, last = path.rpartition("/")
    if not last.startswith("{") or not front:
        return
    for other in signed:
        if other not in (granted, f"{method} /") and is_reaching(f"{method} {front}", other):
            yield other
