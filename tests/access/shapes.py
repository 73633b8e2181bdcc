"""Blueprints reduced to what access depends on: routes, stages and grants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from gateprint.access.overreach import check_overreach
from gateprint.errors import Diagnostic
from gateprint.model.document import Document
from gateprint.model.resolve import resolve
from gateprint.model.resolved import Environment, ResolvedBlueprint
from tests.model.made import blueprint_of, environment_of

PUBLIC = " (public)"
Routes = Sequence[str] | Mapping[str, Sequence[str]]


def grant(
    routes: Sequence[str] | str, stages: Sequence[str] | str = "all", **more: str
) -> dict[str, Any]:
    return {"stages": stages, "routes": routes, **more}


def text_of(routes: Routes, grants: Sequence[dict[str, Any]], stages: Sequence[str]) -> str:
    """Return a blueprint; JSON is YAML, one value per line. `GET /a (public)` is open to all."""
    apis = routes if isinstance(routes, Mapping) else {"pets": routes}
    data = {
        "blueprint": "1",
        "name": "pets",
        "stages": {name: {"environment": "nonprod"} for name in stages},
        "apis": {name: {"routes": dict(map(_route, keys))} for name, keys in apis.items()},
        "roles": {"reader": {"identity_provider": "auth0", "allow": list(grants)}}
        if grants
        else {},
    }
    return json.dumps(data, indent=1)


def _route(key: str) -> tuple[str, dict[str, Any]]:
    backend: dict[str, Any] = {"mock": {"status": "200"}}
    if key.endswith(PUBLIC):
        return key.removesuffix(PUBLIC), {**backend, "auth": "none", "public": "for the test"}
    return key, backend


def shape(
    routes: Routes,
    grants: Sequence[dict[str, Any]],
    stages: Sequence[str] = ("dev",),
    environment: Environment | None = None,
) -> tuple[Document, ResolvedBlueprint]:
    document, blueprint = blueprint_of(text_of(routes, grants, stages))
    where = environment or environment_of()
    return document, resolve(blueprint, where, all_stages=True)


def overreach_problems(
    routes: Routes, grants: Sequence[dict[str, Any]], stages: Sequence[str] = ("dev",)
) -> list[Diagnostic]:
    return list(check_overreach(*shape(routes, grants, stages)))
