"""Which line of a blueprint each resource of a release comes from, by its address; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.model.document import KeyPath
from gateprint.model.naming import LATEST
from gateprint.model.resolved import Api, ResolvedBlueprint
from gateprint.stack import address

_Origin = tuple[str, KeyPath]


def release_address(of: str, release: str) -> str:
    """Return the address of something of a release: `--r` is no escape of `address`."""
    return f"{of}_{address.part(release)}--release"


def release_origins(blueprint: ResolvedBlueprint, api: Api) -> Iterator[_Origin]:
    """Yield what an API's releases have: a deployment, aliases and permissions to call them."""
    if not blueprint.releases:
        return
    part = address.part(api.name)
    for release in (LATEST, *blueprint.releases):
        path = _path(blueprint, release)
        if release != LATEST:
            yield f"aws_api_gateway_deployment.{release_address(part, release)}", path
        for each in blueprint.functions:
            of = address.of(each.name)
            yield f"aws_lambda_alias.{release_address(of, release)}", path
            yield f"aws_lambda_permission.{release_address(f'{of}_{part}', release)}", path


def _path(blueprint: ResolvedBlueprint, release: str) -> KeyPath:
    for each in blueprint.stages:
        if release in (each.release, each.canary.release if each.canary else None):
            return "stages", each.name, "release" if release == each.release else "canary"
    for each in blueprint.stages:
        if release in each.kept_releases:
            return "stages", each.name, "kept_releases"
    return ("stages",)
