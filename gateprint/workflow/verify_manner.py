"""How each probe is made, so that no handler runs that may not; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gateprint.access.probes import Probe
from gateprint.model.resolved import Api, FunctionBackend, MockBackend, ResolvedBlueprint
from gateprint.workflow.verify_account import Found, Served

Calls = Literal["none", "own", "all"]
Manner = Literal["send", "send typed", "look up"]
# A type for which no integration has a template.
UNKNOWN_TYPE = "application/x-gateprint-probe"


@dataclass(frozen=True, slots=True)
class Stand:
    """One API of a blueprint as it stands in the account; `served` is known stage by stage."""

    blueprint: ResolvedBlueprint
    api: Api
    found: Found
    served: Mapping[str, Mapping[tuple[str, str], Served]] = field(default_factory=dict)


def manner_of(probe: Probe, stand: Stand, calls: Calls) -> Manner:
    """Return how a probe is made, so that no handler runs that may not.

    A preflight runs nothing that matters, and browsers send it unasked. Without leave to call, a
    request is sent only where the stage's deployment shows that API Gateway ends it before the
    backend: by a mock, by IAM, or by the body's type.
    """
    if probe.kind in {"closed", "certificate"}:
        return "send"  # No route takes it, whatever the address leads to.
    if not (stand.api.has_default_endpoint or probe.domain):
        return "look up"  # Its stages have no address that every caller could use.
    if _may_call(probe, stand.api, calls):
        return "send"
    served = served_method(stand, probe)
    if served is None:
        return "look up"
    if served.is_harmless_with(probe.key) or (
        (served.is_iam or served.is_custom) and probe.kind in {"unsigned", "tampered"}
    ):
        return "send"
    return "send typed" if served.is_refusing(UNKNOWN_TYPE) else "look up"


def _may_call(probe: Probe, api: Api, calls: Calls) -> bool:
    if probe.kind == "preflight" or calls == "all":
        return True
    backend = api.route(probe.place.route).backend
    return calls == "own" and isinstance(backend, FunctionBackend | MockBackend)


def served_method(stand: Stand, probe: Probe) -> Served | None:
    """Return the method of the stage's deployment that a probe asks for; None if not known."""
    methods = stand.served.get(probe.place.stage, {})
    path = probe.place.route.partition(" ")[2]
    return methods.get((probe.call.method, path)) or methods.get(("ANY", path))
