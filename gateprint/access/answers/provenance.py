"""Where in a blueprint a decision comes from, and what is granted nearest to a denial; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateprint.access.answers.answer import Ruling
from gateprint.access.answers.question import Call
from gateprint.access.arn import request_pattern
from gateprint.access.grants import grants_of
from gateprint.access.iam import glob
from gateprint.access.overreach import overreaches
from gateprint.access.restriction import SAID_BY
from gateprint.access.routes.routing import route_of
from gateprint.errors import Location
from gateprint.model.document import Document, KeyPath
from gateprint.model.resolved import Api, Grant, ResolvedBlueprint, Role
from gateprint.model.routes import split_route
from gateprint.model.words import listed


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a stage of an API, as the blueprint has them."""

    blueprint: ResolvedBlueprint
    api: Api
    stage: str
    call: Call

    def is_fitting(self, key: str) -> bool:
        """Tell whether IAM reads the request into a grant of the route."""
        method, path = split_route(key)
        pattern = glob.split(request_pattern(self.stage, method, path), has_variables=False)
        text = f"{self.stage}/{self.call.method}{self.call.path}"
        return glob.is_matching(glob.without_variables(pattern), text)


def place_of(
    document: Document, asked: Asked, role: Role | None, ruling: Ruling
) -> Location | None:
    """Return the line that the decision comes from; None where it comes from no line."""
    path = _path(document, asked, role, ruling)
    return document.locate(path, key=path[-1] == "cors") if path else None


def _path(document: Document, asked: Asked, role: Role | None, ruling: Ruling) -> KeyPath | None:
    api: KeyPath = ("apis", asked.api.name)
    route, cited = ruling.route, ruling.cited
    if cited is not None and cited.effect == "Deny" and cited.sid in SAID_BY:
        return (*api, *SAID_BY[cited.sid])
    if ruling.public is not None and route is not None:
        return (
            (*api, "cors") if route.method == "OPTIONS" else (*api, "routes", route.key, "public")
        )
    if cited is None or role is None:
        return None
    if cited.effect == "Deny":
        return _denial(asked, role)
    return _grant(document, asked, role, route.key if route else None)


def _grant(document: Document, asked: Asked, role: Role, answering: str | None) -> KeyPath | None:
    """Return the granted route that IAM reads the request into, the answering one above all."""
    found = [
        (key != answering, index, key)
        for index, grant in _grants(asked, role)
        for key in grant.routes
        if asked.is_fitting(key)
    ]
    if not found:
        return None
    _, index, key = min(found)
    path: KeyPath = ("roles", role.name, "allow", index, "routes")
    routes = [str(each) for each in document.sequence(*path)]
    return (*path, routes.index(key)) if key in routes else path


def _grants(asked: Asked, role: Role) -> Iterator[tuple[int, Grant]]:
    for index, grant in enumerate(role.grants):
        if grant.api == asked.api.name and asked.stage in grant.stages:
            yield index, grant


def _denial(asked: Asked, role: Role) -> KeyPath | None:
    for each in overreaches(asked.blueprint, role):
        grant = role.grants[each.grant]
        is_here = (grant.api, each.stage, grant.overreach) == (asked.api.name, asked.stage, "deny")
        if is_here and any(asked.is_fitting(route.key) for route in each.swallowed):
            return ("roles", role.name, "allow", each.grant, "overreach")
    return None


def nearest(asked: Asked, role: Role | None, ruling: Ruling) -> str:
    """Return in a sentence what is granted that is nearest to what is not."""
    if role is None:
        return f"{asked.blueprint.name} grants it nothing"
    granted = [(stage, key) for api, stage, key in grants_of(role) if api == asked.api.name]
    if not granted:
        return f"it is granted nothing of {asked.api.name}"
    route = ruling.route.key if ruling.route else None
    stages = [each.name for each in asked.blueprint.stages if (each.name, route) in granted]
    if stages:
        return f"it is granted {route} on {listed(stages)}, not on {asked.stage}"
    return _beside(asked, sorted(key for stage, key in granted if stage == asked.stage))


def _beside(asked: Asked, keys: list[str]) -> str:
    """Say what is granted on the same stage."""
    if not keys:
        return f"it is granted nothing of {asked.api.name} on {asked.stage}"
    answering = (_route_with(asked, method) for method in ("GET", "POST", "PUT", "PATCH", "DELETE"))
    same = [key for key in dict.fromkeys(answering) if key in keys]
    if same:
        return f"on this path it is granted {listed(same)}"
    return f"on {asked.stage} it is granted {listed(keys, most=3)}"


def _route_with(asked: Asked, method: str) -> str | None:
    found = route_of(asked.api, method, asked.call.path)
    return found.key if found else None
