"""`show`: what is deployed: addresses, roles, and who may call what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateprint.access.matrix import PublicRoute, Row, matrix, public_routes
from gateprint.errors import ToolFailed
from gateprint.local.cloud import status
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.terraform.binary import find_terraform
from gateprint.terraform.outputs import read_outputs
from gateprint.workflow.cloud import settings_of
from gateprint.workflow.inputs import Places, load


@dataclass(frozen=True, slots=True)
class Deployed:
    """One stack as its state tells it, beside the access that its blueprint states.

    `is_rehearsal` is true in the embedded cloud, whose stages have addresses but serve nothing.
    """

    stack: str
    environment: str
    is_rehearsal: bool
    api_ids: Mapping[str, str]
    invoke_urls: Mapping[str, Mapping[str, str]]
    role_arns: Mapping[str, str]
    rows: tuple[Row, ...]
    public: tuple[PublicRoute, ...]


def show(places: Places, outdir: Path, environ: Mapping[str, str]) -> tuple[Deployed, ...]:
    """Return every blueprint's stack of the chosen environments.

    Raises:
        ToolFailed: a stack was not deployed from here, or its state cannot be read.
    """
    inputs = load(places)
    for environment in inputs.environments:
        _require_cloud(environment, places)
    binary = find_terraform(places.project, environ)
    return tuple(
        _deployed(each, read_outputs(outdir / "stacks" / each.stack, binary, environ))
        for each in inputs.blueprints
    )


def _require_cloud(environment: Environment, places: Places) -> None:
    """Terraform would ask a cloud that is not there again and again, for half a minute."""
    if environment.endpoint and not status(settings_of(environment, places)).running:
        raise ToolFailed(
            f"the embedded cloud of {environment.name} does not run",
            f"run gateprint local start --environment {environment.name}, and deploy again",
        )


def _deployed(blueprint: ResolvedBlueprint, outputs: Mapping[str, Any]) -> Deployed:
    return Deployed(
        stack=blueprint.stack,
        environment=blueprint.environment.name,
        is_rehearsal=blueprint.environment.endpoint is not None,
        api_ids=outputs.get("api_ids", {}),
        invoke_urls=outputs.get("invoke_urls", {}),
        role_arns=outputs.get("role_arns", {}),
        rows=matrix(blueprint),
        public=public_routes(blueprint),
    )
