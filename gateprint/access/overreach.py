"""Finds the routes that IAM would allow although nobody granted them; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateprint.access import pattern
from gateprint.access.arn import request_pattern
from gateprint.access.matrix import grants_of, ungranted
from gateprint.errors import Diagnostic
from gateprint.model.resolved import Api, Grant, ResolvedBlueprint, Role, Route
from gateprint.model.source import Document, KeyPath


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
    others = list(ungranted(blueprint, role))
    for index, grant in enumerate(role.grants):
        api = _api(blueprint, grant)
        for key in grant.routes:
            for stage in grant.stages:
                near = [route for name, on, route in others if (name, on) == (api.name, stage)]
                swallowed = tuple(each for each in near if _reaches(api.route(key), each, stage))
                if swallowed:
                    yield Overreach(role.name, index, key, stage, swallowed)


def _api(blueprint: ResolvedBlueprint, grant: Grant) -> Api:
    return next(each for each in blueprint.apis if each.name == grant.api)


def _reaches(granted: Route, other: Route, stage: str) -> bool:
    if _is_exact(granted):
        return False
    allowed = pattern.of_policy(request_pattern(stage, granted.method, granted.path))
    return pattern.is_overlapping(allowed, pattern.of_route(stage, other.method, other.path))


def denied_routes(blueprint: ResolvedBlueprint, role: Role) -> tuple[tuple[str, str, Route], ...]:
    """Return (API, stage, route) of everything that `overreach: deny` closes for a role."""
    found = {
        (grant.api, each.stage, route)
        for each in overreaches(blueprint, role)
        if (grant := role.grants[each.grant]).overreach == "deny"
        for route in each.swallowed
    }
    return tuple(sorted(found, key=lambda one: (one[0], one[1], one[2].key)))


def check_overreach(document: Document, blueprint: ResolvedBlueprint) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every overreach that the blueprint does not decide about."""
    for role in blueprint.roles:
        for each in overreaches(blueprint, role):
            if role.grants[each.grant].overreach is None:
                yield _undecided(document, role, each)
        yield from _harmful_denials(document, blueprint, role)


def _undecided(document: Document, role: Role, found: Overreach) -> Diagnostic:
    swallowed = ", ".join(sorted(route.key for route in found.swallowed))
    problem = f'"{found.route}" reaches {swallowed} too, which {role.name} was not granted'
    remedy = (
        "grant it as well, rename its path, or add to the grant overreach: deny "
        'or overreach: "accepted because …"'
    )
    return document.reject(_place(document, found), "overreach", problem, remedy)


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
        api = next(each for each in blueprint.apis if each.name == api_name)
        for name, on, key in sorted(grants_of(role)):
            if (name, on) == (api_name, stage) and _reaches(denied, api.route(key), stage):
                problem = f'denying "{denied.key}" would take away "{key}" from {role.name}'
                remedy = (
                    f'grant "{denied.key}" as well, or write overreach: "accepted because …" here'
                )
                path = _place_of_denial(blueprint, role, (api_name, stage, denied))
                yield document.reject(path, "overreach-deny", problem, remedy)


def _is_exact(route: Route) -> bool:
    """Tell whether the route is one request alone, for which API Gateway prefers no other route."""
    return "{" not in route.path and route.method != "ANY"


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
