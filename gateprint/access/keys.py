"""Which routes need an API key beside what else they ask for, and whose plans have one; pure."""

from __future__ import annotations

from dataclasses import dataclass

from gateprint.model.resolved import Api, ResolvedBlueprint


@dataclass(frozen=True, slots=True, order=True)
class KeyRoute:
    """A route that needs an API key as well, and the plans whose keys open it on the stage."""

    blueprint: str
    api: str
    stage: str
    route: str
    plans: tuple[str, ...]


def key_routes(blueprint: ResolvedBlueprint) -> tuple[KeyRoute, ...]:
    """Return the routes that need a key, per stage. It changes nothing about who is allowed."""
    return tuple(
        KeyRoute(
            blueprint.name,
            api.name,
            stage.name,
            route.key,
            plans_of(blueprint, api, stage.name),
        )
        for stage in blueprint.stages
        for api, route in blueprint.routes()
        if route.needs_key
    )


def plans_of(blueprint: ResolvedBlueprint, api: Api, stage: str) -> tuple[str, ...]:
    """Return the plans whose keys open an API on a stage."""
    return tuple(
        each.name for each in blueprint.plans if each.api == api.name and stage in each.stages
    )
