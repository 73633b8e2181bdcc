"""What releases serve, as their deployments in a state remember it; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateprint.access.proof.applied import Resource
from gateprint.model.naming import (
    LATEST,
    RELEASE,
    RELEASE_FUNCTIONS,
    RELEASE_ROUTES,
    RELEASE_VARIABLE,
)
from gateprint.model.resolved import (
    Api,
    Canary,
    MockBackend,
    ResolvedBlueprint,
    Route,
    Stage,
)
from gateprint.review.planned import attribute, text
from gateprint.terraform.plans.plan import TerraformPlan

DEPLOYMENT = "aws_api_gateway_deployment"
_AUTH = {"AWS_IAM": "iam", "NONE": "none", "CUSTOM": "jwt"}
_LEAVING = frozenset({"delete", "replace", "forget"})


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a REST API: authorization by route, and the functions that it calls."""

    api_id: str
    name: str
    routes: Mapping[str, str]
    functions: frozenset[str]


def read_release(values: Any) -> Release | None:
    """Return the release that a deployment is; None where it is that of a stage."""
    triggers = attribute(values, "triggers")
    name = text(triggers, RELEASE)
    if not name:
        return None
    functions = frozenset(text(triggers, RELEASE_FUNCTIONS).split())
    return Release(
        text(values, "rest_api_id"), name, _routes(text(triggers, RELEASE_ROUTES)), functions
    )


def _routes(written: str) -> dict[str, str]:
    try:
        found = json.loads(written)
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def with_releases_before(
    blueprint: ResolvedBlueprint, resources: Sequence[Resource]
) -> ResolvedBlueprint:
    """Return a blueprint whose stages name the releases of a state, and serve their routes."""
    known = _known(blueprint, resources)
    stages = {
        text(each.values, "stage_name"): each.values
        for each in resources
        if each.type == "aws_api_gateway_stage"
    }
    found = tuple(_as_deployed(each, stages.get(each.name)) for each in blueprint.stages)
    return _serving(replace(blueprint, stages=found), known)


def with_releases_after(
    blueprint: ResolvedBlueprint, resources: Sequence[Resource], plan: TerraformPlan
) -> ResolvedBlueprint:
    """Return a blueprint whose stages serve what their releases remember, where they stay."""
    leaving = {each.address for each in plan.changes if each.action in _LEAVING}
    staying = [each for each in resources if each.address not in leaving]
    return _serving(blueprint, _known(blueprint, staying))


def release_of(values: Any) -> str | None:
    """Return the release that a stage's values name; None where it follows the blueprint."""
    found = text(attribute(values, "variables"), RELEASE_VARIABLE)
    return None if found in {"", LATEST} else found


def canary_of(values: Any) -> Canary | None:
    """Return the canary in a stage's values."""
    for each in attribute(values, "canary_settings") or ():
        release = text(attribute(each, "stage_variable_overrides"), RELEASE_VARIABLE)
        percent = attribute(each, "percent_traffic")
        return Canary(float(percent or 0), None if release in {"", LATEST} else release)
    return None


def _as_deployed(stage: Stage, values: Mapping[str, Any] | None) -> Stage:
    return replace(stage, release=release_of(values), canary=canary_of(values))


def _known(
    blueprint: ResolvedBlueprint, resources: Iterable[Resource]
) -> dict[tuple[str, str], Release]:
    """Return the releases that there are, by API and name."""
    listed = list(resources)
    names = {
        text(each.values, "id"): text(each.values, "name").removeprefix(f"{blueprint.stack}-")
        for each in listed
        if each.type == "aws_api_gateway_rest_api"
    }
    found = (read_release(each.values) for each in listed if each.type == DEPLOYMENT)
    return {(names.get(each.api_id, ""), each.name): each for each in found if each is not None}


def _serving(
    blueprint: ResolvedBlueprint, known: Mapping[tuple[str, str], Release]
) -> ResolvedBlueprint:
    if not known:
        return blueprint
    stages = (
        replace(stage, serves=dict(_served(blueprint.apis, stage, known)))
        for stage in blueprint.stages
    )
    return replace(blueprint, stages=tuple(stages))


def _served(
    apis: Iterable[Api], stage: Stage, known: Mapping[tuple[str, str], Release]
) -> Iterator[tuple[str, tuple[Route, ...]]]:
    """Yield what is known of each API: all that the stage's callers and its canary's may get."""
    names = [stage.release, *([stage.canary.release] if stage.canary else [])]
    for api in apis:
        found = [known.get((api.name, each or "")) for each in names]
        if any(each is not None for each in found):
            yield api.name, _merged([_routes_of(api, each) for each in found])


def _routes_of(api: Api, release: Release | None) -> tuple[Route, ...]:
    """Return a release's routes; those of the API where there is none, or it is not there yet."""
    if release is None:
        return api.routes
    return tuple(_route(api, release, key) for key in sorted(release.routes))


def _merged(found: Sequence[tuple[Route, ...]]) -> tuple[Route, ...]:
    """Return all routes; the most open one of those that are the same but for who is let in."""
    merged: dict[str, Route] = {}
    for each in (route for routes in found for route in routes):
        if each.key not in merged or each.auth == "none":
            merged[each.key] = each
    return tuple(merged.values())


def _route(api: Api, release: Release, key: str) -> Route:
    """Return a route as the release has it; where the blueprint has the same, that one."""
    kind, _, authorizer = release.routes[key].partition(" ")
    auth = _AUTH.get(kind, kind.lower())
    for each in api.routes:
        if (each.key, each.auth, each.authorizer or "") == (key, auth, authorizer):
            return each
    method, _, path = key.partition(" ")
    public = f"in release {release.name}" if auth == "none" else None
    return Route(method, path, MockBackend(200, ""), auth, public, authorizer=authorizer or None)
