"""`show`: what is deployed: addresses, roles, and who may call what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gateprint.access.matrix import PublicRoute, Row, matrix, public_routes
from gateprint.access.overreach import Reached, reached_routes
from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment, ResolvedBlueprint, Retired
from gateprint.terraform.binary import find_terraform
from gateprint.terraform.outputs import is_initialised, read_outputs
from gateprint.workflow.cloud import require_running
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places


@dataclass(frozen=True, slots=True)
class Deployed:
    """One stack as its state tells it, beside the access that its blueprint states.

    `is_known` is false where it was not deployed from here, so that nothing of it can be read.
    `is_rehearsal` is true in the embedded cloud, whose stages have addresses there. Where it is
    `retired`, the addresses and roles are those that the next apply destroys. `releases` are those
    of pinned stages, as the blueprint names them. `domain_urls` are by domain, API and stage.
    """

    stack: str
    environment: str
    is_known: bool
    is_rehearsal: bool
    api_ids: Mapping[str, str]
    invoke_urls: Mapping[str, Mapping[str, str]]
    role_arns: Mapping[str, str]
    rows: tuple[Row, ...]
    public: tuple[PublicRoute, ...]
    reached: tuple[Reached, ...]
    retired: Retired | None = None
    releases: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    domain_urls: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)


def show(places: Places, outdir: Path, environ: Mapping[str, str]) -> tuple[Deployed, ...]:
    """Return every blueprint's stack of the chosen environments.

    Raises:
        ToolFailed: nothing was deployed from here, or a state cannot be read.
    """
    inputs = load(places)
    for environment in inputs.environments:
        require_running(environment, places)
    folders = {each.stack: outdir / "stacks" / each.stack for each in inputs.blueprints}
    known = {stack: folder for stack, folder in folders.items() if is_initialised(folder)}
    living = [each.stack for each in inputs.blueprints if not each.is_retired]
    if living and not known:
        stacks = " ".join(living)
        raise ToolFailed("nothing was deployed from here", f"run npx cdktf deploy {stacks}")
    outputs = _outputs(known, places, environ) if known else {}
    return tuple(_deployed(each, outputs.get(each.stack)) for each in inputs.blueprints)


def _outputs(
    known: Mapping[str, Path], places: Places, environ: Mapping[str, str]
) -> Mapping[str, Mapping[str, Any]]:
    binary = find_terraform(places.project, environ)
    return {stack: read_outputs(folder, binary, environ) for stack, folder in known.items()}


def _deployed(blueprint: ResolvedBlueprint, known: Mapping[str, Any] | None) -> Deployed:
    outputs = known or {}
    return Deployed(
        stack=blueprint.stack,
        environment=blueprint.environment.name,
        is_known=known is not None,
        is_rehearsal=blueprint.environment.endpoint is not None,
        api_ids=outputs.get("api_ids", {}),
        invoke_urls=_addresses(blueprint.environment, outputs),
        role_arns=outputs.get("role_arns", {}),
        rows=matrix(blueprint),
        public=public_routes(blueprint),
        reached=reached_routes(blueprint),
        retired=blueprint.retired,
        releases=dict(_releases(blueprint)),
        domain_urls=outputs.get("domain_urls", {}),
    )


def _releases(blueprint: ResolvedBlueprint) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for each in blueprint.stages:
        if each.release is not None:
            canary = asdict(each.canary) if each.canary else None
            yield each.name, {"release": each.release, "canary": canary}


def _addresses(
    environment: Environment, outputs: Mapping[str, Any]
) -> Mapping[str, Mapping[str, str]]:
    """Return where the stages answer; Terraform's outputs know only how AWS would name it."""
    urls: Mapping[str, Mapping[str, str]] = outputs.get("invoke_urls", {})
    if environment.endpoint is None:
        return urls
    base = f"{environment.endpoint}/_aws/execute-api"
    return {
        api: {stage: f"{base}/{api_id}/{stage}" for stage in urls.get(api, {})}
        for api, api_id in outputs.get("api_ids", {}).items()
    }
