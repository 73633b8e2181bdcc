"""The access matrix: all grants beside all routes, per stage; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from gateprint.model.resolved import Grant, ResolvedBlueprint, Role


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """Whether one role may call one route on one stage."""

    blueprint: str
    api: str
    stage: str
    route: str
    auth: str
    role: str
    decision: Literal["allow", "deny"]


@dataclass(frozen=True, slots=True, order=True)
class PublicRoute:
    """A route on which no caller is checked, and the reason that the blueprint gives."""

    blueprint: str
    api: str
    stage: str
    route: str
    reason: str


def matrix(blueprint: ResolvedBlueprint) -> tuple[Row, ...]:
    """Return one row for every role × stage × route, in the blueprint's order."""
    return tuple(_rows(blueprint))


def public_routes(blueprint: ResolvedBlueprint) -> tuple[PublicRoute, ...]:
    """Return the routes that everybody may call, per stage."""
    return tuple(
        PublicRoute(blueprint.name, api.name, stage.name, route.key, route.public or "")
        for stage in blueprint.stages
        for api, route in blueprint.routes()
        if route.auth == "none"
    )


def _rows(blueprint: ResolvedBlueprint) -> Iterator[Row]:
    for role in blueprint.roles:
        granted = grants_of(role)
        for stage in blueprint.stages:
            for api, route in blueprint.routes():
                is_granted = (api.name, stage.name, route.key) in granted
                decision: Literal["allow", "deny"] = (
                    "allow" if is_granted or route.auth == "none" else "deny"
                )
                yield Row(
                    blueprint.name, api.name, stage.name, route.key, route.auth, role.name, decision
                )


def grants_of(role: Role) -> frozenset[tuple[str, str, str]]:
    """Return (API, stage, route) of everything that the blueprint grants to the role."""
    return _granted(role.grants)


@lru_cache(maxsize=64)
def _granted(grants: tuple[Grant, ...]) -> frozenset[tuple[str, str, str]]:
    """Many roles are granted the same, all routes above all; so the answer is kept."""
    return frozenset(
        (grant.api, stage, route)
        for grant in grants
        for stage in grant.stages
        for route in grant.routes
    )
