"""A stage's canary: which requests get another deployment, and with which variables; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Canary:
    """What `percent` of a stage's requests get; `variables` take the place of the stage's own."""

    percent: float
    deployment_id: str
    variables: Mapping[str, str] = field(default_factory=dict)

    def is_drawn(self, chance: float) -> bool:
        """Tell whether a request gets it; `chance` is at least 0 and below 1."""
        return chance * 100 < self.percent


def read_canary(document: Mapping[str, Any]) -> Canary | None:
    """Return the canary in what GetStage answers; None where there is none.

    API Gateway reference, CanarySettings: without a deployment of its own it is the stage's.
    """
    said = document.get("canarySettings")
    if not said:
        return None
    return Canary(
        percent=float(said.get("percentTraffic") or 0),
        deployment_id=said.get("deploymentId") or document.get("deploymentId") or "",
        variables=said.get("stageVariableOverrides") or {},
    )
