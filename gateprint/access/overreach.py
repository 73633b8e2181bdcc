"""Finds the routes that IAM would allow although nobody granted them; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from gateprint.access.grants import grants_of
from gateprint.access.routes.reach import reach_of, reaches
from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.resolved import ResolvedBlueprint, Role, Route
from gateprint.model.words import listed


@dataclass(frozen=True, slots=True)
class Overreach:
    """One granted route of a grant, and the ungranted routes of the same API that it reaches."""

    role: str
    grant: int
    route: str
    stage: str
    swallowed: tuple[Route, ...]


def overreaches(blueprint: ResolvedBlueprint, role: Role) -> Iterator[Overreach]:
    """Yield every overreach of a role, per granted route and stage."""
    granted = grants_of(role)
    apis = {api.name: api for api in blueprint.apis}
    for index, grant in enumerate(role.grants):
        reached = reach_of(tuple((route.key, route.auth) for route in apis[grant.api].routes))
        for key in grant.routes:
            for stage in grant.stages if reached[key] else ():
                swallowed = [
                    each for each in reached[key] if (grant.api, stage, each) not in granted
                ]
                if swallowed:
                    routes = tuple(apis[grant.api].route(each) for each in swallowed)
                    yield Overreach(role.name, index, key, stage, routes)


def denied_routes(blueprint: ResolvedBlueprint, role: Role) -> tuple[tuple[str, str, Route], ...]:
    """Return (API, stage, route) of everything that `overreach: deny` closes for a role."""
    found = {
        (grant.api, each.stage, route)
        for each in overreaches(blueprint, role)
        if (grant := role.grants[each.grant]).overreach == "deny"
        for route in each.swallowed
    }
    return tuple(sorted(found, key=lambda one: (one[0], one[1], one[2].key)))


@dataclass(frozen=True, slots=True, order=True)
class Reached:
    """A route that a role was not granted, but that IAM reaches from routes that it was, `by`.

    `reason` says why that is accepted; it is empty where an explicit Deny closes the route.
    """

    blueprint: str
    api: str
    stage: str
    route: str
    role: str
    by: tuple[str, ...]
    is_denied: bool
    reason: str


def reached_routes(blueprint: ResolvedBlueprint) -> tuple[Reached, ...]:
    """Return what overreach opens or closes, in the order of roles; a Deny wins over a reason."""
    return tuple(each for role in blueprint.roles for each in reached_by(blueprint, role))


def reached_by(blueprint: ResolvedBlueprint, role: Role) -> list[Reached]:
    """Return what the overreach of one role opens or closes."""
    by: dict[tuple[str, str, str], list[Overreach]] = defaultdict(list)
    decided = (each for each in overreaches(blueprint, role) if role.grants[each.grant].overreach)
    for each in decided:
        for route in each.swallowed:
            by[role.grants[each.grant].api, each.stage, route.key].append(each)
    return [_reached_by(blueprint, role, place, found) for place, found in by.items()]


def _reached_by(
    blueprint: ResolvedBlueprint, role: Role, place: tuple[str, str, str], found: list[Overreach]
) -> Reached:
    decisions = list(dict.fromkeys(role.grants[each.grant].overreach or "" for each in found))
    routes = tuple(dict.fromkeys(each.route for each in found))
    is_denied = "deny" in decisions
    reason = "" if is_denied else "; ".join(decisions)
    return Reached(blueprint.name, *place, role.name, routes, is_denied, reason)


def check_overreach(document: Document, blueprint: ResolvedBlueprint) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every overreach that the blueprint does not decide about."""
    for role in blueprint.roles:
        undecided: dict[int, list[Overreach]] = defaultdict(list)
        for each in overreaches(blueprint, role):
            if role.grants[each.grant].overreach is None:
                undecided[each.grant].append(each)
        # One decision cures a whole grant.
        yield from (_undecided(document, role, found) for found in undecided.values())
        yield from _harmful_denials(document, blueprint, role)


def _undecided(document: Document, role: Role, found: list[Overreach]) -> Diagnostic:
    reached: dict[str, set[str]] = defaultdict(set)
    for each in found:
        reached[each.route] |= {route.key for route in each.swallowed}
    said = [f'"{key}" reaches {listed(sorted(others))}' for key, others in reached.items()]
    problem = f"{listed(said)} too, which {role.name} was not granted"
    remedy = (
        "grant it as well, rename its path, or add to the grant overreach: deny "
        'or overreach: "accepted because …"'
    )
    return document.reject(_place(document, found[0]), "overreach", problem, remedy)


def _place(document: Document, found: Overreach) -> KeyPath:
    grant: KeyPath = ("roles", found.role, "allow", found.grant)
    written = document.data["roles"][found.role]["allow"][found.grant]["routes"]
    if isinstance(written, list):
        return (*grant, "routes", written.index(found.route))
    return (*grant, "routes")


def _harmful_denials(
    document: Document, blueprint: ResolvedBlueprint, role: Role
) -> Iterator[Diagnostic]:
    """An explicit Deny wins over every Allow, so it must not match what the role was granted."""
    for api_name, stage, denied in denied_routes(blueprint, role):
        for name, on, key in sorted(grants_of(role)):
            if (name, on) == (api_name, stage) and reaches(denied.key, key):
                problem = f'denying "{denied.key}" would take away "{key}" from {role.name}'
                remedy = (
                    f'grant "{denied.key}" as well, or write overreach: "accepted because …" here'
                )
                path = _place_of_denial(blueprint, role, (api_name, stage, denied))
                yield document.reject(path, "overreach-deny", problem, remedy)


def _place_of_denial(
    blueprint: ResolvedBlueprint, role: Role, denied: tuple[str, str, Route]
) -> KeyPath:
    """Return where the grant stands that denies this (API, stage, route)."""
    api, stage, route = denied
    index = next(
        each.grant
        for each in overreaches(blueprint, role)
        if (grant := role.grants[each.grant]).overreach == "deny"
        and (grant.api, each.stage) == (api, stage)
        and route in each.swallowed
    )
    return ("roles", role.name, "allow", index, "overreach")
