"""The access matrix: all grants beside all routes, per stage; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gateprint.access.grants import grants_of
from gateprint.access.identities import IdentityRoute, identity_routes
from gateprint.access.keys import KeyRoute, key_routes
from gateprint.access.overreach import Reached, reached_routes
from gateprint.access.pinned import PinnedStage, pinned_stages
from gateprint.model.resolved import ResolvedBlueprint, Retired
from gateprint.model.restriction import Restriction


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """Whether one role may call one route on one stage.

    What an accepted overreach reaches is allowed: IAM would let the role call it.
    """

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


@dataclass(frozen=True, slots=True, order=True)
class TokenRoute:
    """A route that takes tokens: whose, and the scopes that one needs.

    With `jwt` it needs all of them, with `cognito` at least one.
    """

    blueprint: str
    api: str
    stage: str
    route: str
    authorizer: str
    scopes: tuple[str, ...]
    auth: str = "jwt"


@dataclass(frozen=True, slots=True, order=True)
class RestrictedApi:
    """An API that is not reached from everywhere: from where alone, all of what is given."""

    blueprint: str
    api: str
    source_ips: tuple[str, ...] = ()
    vpcs: tuple[str, ...] = ()
    vpc_endpoints: tuple[str, ...] = ()
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """All that one blueprint says about access in one environment.

    `rows` has one row for every role × stage × route, in the blueprint's order. `public`, `tokens`
    and `reached` set apart what no grant explains; `keys` are routes that need an API key as well;
    `restricted` says from where alone any of it holds, and `pinned` which stages serve releases.
    Where it is `retired`, there is none of it.
    """

    blueprint: str
    environment: str
    rows: tuple[Row, ...]
    public: tuple[PublicRoute, ...]
    reached: tuple[Reached, ...]
    retired: Retired | None = None
    tokens: tuple[TokenRoute, ...] = ()
    keys: tuple[KeyRoute, ...] = ()
    restricted: tuple[RestrictedApi, ...] = ()
    identities: tuple[IdentityRoute, ...] = ()
    pinned: tuple[PinnedStage, ...] = ()


def access_of(blueprint: ResolvedBlueprint) -> Access:
    """Return who may call what, and what is open to everybody or reached without a grant."""
    return Access(
        blueprint.name,
        blueprint.environment.name,
        matrix(blueprint),
        public_routes(blueprint),
        reached_routes(blueprint),
        blueprint.retired,
        token_routes(blueprint),
        key_routes(blueprint),
        restricted_apis(blueprint),
        identity_routes(blueprint),
        pinned_stages(blueprint),
    )


def matrix(blueprint: ResolvedBlueprint) -> tuple[Row, ...]:
    """Return one row for every role × stage × route, in the blueprint's order."""
    return tuple(_rows(blueprint))


def public_routes(blueprint: ResolvedBlueprint) -> tuple[PublicRoute, ...]:
    """Return the routes that everybody may call, per stage."""
    return tuple(
        PublicRoute(blueprint.name, api.name, stage.name, route.key, route.public or "")
        for stage in blueprint.stages
        for api, route in blueprint.routes_on(stage)
        if route.auth == "none"
    )


def token_routes(blueprint: ResolvedBlueprint) -> tuple[TokenRoute, ...]:
    """Return the routes that take tokens, per stage. No role may call one: nobody signs there."""
    return tuple(
        TokenRoute(
            blueprint.name,
            api.name,
            stage.name,
            route.key,
            route.authorizer,
            route.scopes,
            route.auth,
        )
        for stage in blueprint.stages
        for api, route in blueprint.routes_on(stage)
        if route.authorizer is not None
    )


def restricted_apis(blueprint: ResolvedBlueprint) -> tuple[RestrictedApi, ...]:
    """Return the APIs whose callers must come from somewhere, whatever they are granted."""
    return tuple(
        RestrictedApi(
            blueprint.name,
            api.name,
            only.source_ips,
            only.vpcs,
            api.vpc_endpoints,
            only.organization,
        )
        for api in blueprint.apis
        if api.has_policy
        for only in [api.only_from or Restriction()]
    )


def _rows(blueprint: ResolvedBlueprint) -> Iterator[Row]:
    accepted = {
        (each.role, each.api, each.stage, each.route)
        for each in reached_routes(blueprint)
        if not each.is_denied
    }
    for role in blueprint.roles:
        granted = grants_of(role)
        for stage in blueprint.stages:
            for api, route in blueprint.routes_on(stage):
                place = (api.name, stage.name, route.key)
                is_open = route.auth == "none" or (role.name, *place) in accepted
                decision: Literal["allow", "deny"] = (
                    "allow" if is_open or place in granted else "deny"
                )
                yield Row(blueprint.name, *place, route.auth, role.name, decision)
