"""Which routes of the blueprint a pinned stage does not serve yet: it is not asked about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from gateprint.access.probes import Probe
from gateprint.model.words import listed
from gateprint.workflow.deployed import Clients, Progress
from gateprint.workflow.verify_manner import Stand

_Asked = tuple[Stand, Probe]
_Paths = Mapping[str, Collection[str]]


def with_releases(
    probes: Iterable[_Asked], clients: Clients, progress: Progress
) -> Iterator[_Asked]:
    """Yield the probes of what stages serve; what a release does not have is closed to all.

    A route that the release has, but asks others in than the blueprint, is a difference, and asked
    about. GetDeployment knows the routes (API Gateway API reference, `embed=apisummary`).
    """
    left: dict[str, list[str]] = {}
    known: dict[tuple[str, str], _Paths | None] = {}
    for stand, probe in probes:
        place = probe.place
        if _is_pinned(stand, place.stage):
            key = (stand.found.api_id, place.stage)
            if key not in known:
                known[key] = _paths(clients, *key)
            if not _is_served(probe, known[key]):
                left.setdefault(f"{place.stage} of {place.api}", []).append(place.route)
                continue
        yield stand, probe
    for name, routes in left.items():
        progress(f"{name} is not asked about {listed(sorted(set(routes)))}: its release has none")


def _is_pinned(stand: Stand, stage: str) -> bool:
    return any(each.name == stage and each.release for each in stand.blueprint.stages)


def _is_served(probe: Probe, paths: _Paths | None) -> bool:
    if paths is None:
        return True  # Not known: the answer will tell.
    verb, _, path = probe.place.route.partition(" ")
    return ("OPTIONS" if probe.kind == "preflight" else verb) in paths.get(path, ())


def _paths(clients: Clients, api_id: str, stage: str) -> _Paths | None:
    """Return the verbs that a stage serves, by path; None where AWS refuses."""
    gateway = clients("apigateway")
    try:
        deployment = gateway.get_stage(restApiId=api_id, stageName=stage)["deploymentId"]
        found: dict[str, Any] = gateway.get_deployment(
            restApiId=api_id, deploymentId=deployment, embed=["apisummary"]
        )
    except ClientError:
        return None
    return {path: tuple(methods) for path, methods in found.get("apiSummary", {}).items()}
