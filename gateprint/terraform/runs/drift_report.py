"""What was changed outside of Terraform, of many stacks, and its JSON; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from gateprint.access.changes.access_drift import AccessDrift
from gateprint.terraform.plans.drift import ResourceDrift
from gateprint.terraform.sampling import Sample

FORMAT = 1
_INTERRUPTED, _FAILED, _DRIFT = 130, 4, 3


@dataclass(frozen=True, slots=True)
class Cost:
    """The calls of a refresh to API Gateway, and the least seconds that its quotas allow."""

    calls: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Drifted:
    """What was changed of one stack; `problem` is why it could not be asked."""

    stack: str
    environment: str
    account: str
    region: str
    outcome: Literal["drift", "none", "failed"]
    resources: tuple[ResourceDrift, ...] = ()
    access: tuple[AccessDrift, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Drift:
    """What was changed of all stacks that were asked.

    `without_state` were never applied, `other_parts` counts the stacks whose day is another one.
    `run` is the path of the run, empty where there was nothing to ask.
    """

    stacks: tuple[Drifted, ...] = ()
    without_state: tuple[str, ...] = ()
    other_parts: int = 0
    sample: Sample | None = None
    cost: Cost = Cost()
    run: str = ""
    is_interrupted: bool = False

    @property
    def code(self) -> int:
        """Return how the process ends: a stack that could not be asked outweighs drift."""
        outcomes = {each.outcome for each in self.stacks}
        if self.is_interrupted:
            return _INTERRUPTED
        if "failed" in outcomes:
            return _FAILED
        return _DRIFT if "drift" in outcomes else 0


def drift_json(found: Drift) -> str:
    """Return the documented JSON of `gateprint drift`."""
    return json.dumps(drift_data(found), indent=2, sort_keys=False) + "\n"


def drift_data(found: Drift) -> dict[str, Any]:
    """Return the same as plain data."""
    sample = found.sample
    return {
        "format": FORMAT,
        "run": found.run or None,
        "exit_code": found.code,
        "sample": None if sample is None else asdict(sample),
        "cost": asdict(found.cost),
        "stacks": [_stack(each) for each in found.stacks],
        "without_state": list(found.without_state),
        "other_parts": found.other_parts,
    }


def _stack(one: Drifted) -> Mapping[str, Any]:
    return asdict(one)
