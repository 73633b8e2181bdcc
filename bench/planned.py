"""`python -m bench.planned RUN`: makes a run of all stacks here, whose throttles change.

Terraform plans nothing: the plans are what it would print. What is synthesized is kept for others.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from gateprint.workflow.places import Places
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.synthesis import Synthesized, synthesized
from tests.support.planned_run import Planned, write_run

BEFORE = 100
_TERRAFORM = "cdk.tf.json"


def main() -> None:
    """Synthesize everything, which fills the cache, and write the run."""
    places = Places()
    found = synthesized(load_with_sign_in(places), places, os.environ, _say_nothing)
    write_run(Path(sys.argv[1]), [_planned(each) for each in found])


def _planned(found: Synthesized) -> Planned:
    where = found.stack.environment
    before = json.loads(found.files[_TERRAFORM])
    is_changing = found.stack.blueprint is not None
    return Planned(
        found.stack.name,
        where.name,
        where.account,
        where.region,
        found.files,
        _as_it_was(before) if is_changing else None,
    )


def _as_it_was(terraform: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration with the throttle of then, and without tracing."""
    for each in terraform["resource"]["aws_api_gateway_method_settings"].values():
        each["settings"]["throttling_rate_limit"] = BEFORE
    for each in terraform["resource"]["aws_api_gateway_stage"].values():
        each["xray_tracing_enabled"] = False
    return terraform


def _say_nothing(_message: str) -> None:
    """A progress that nobody watches."""


if __name__ == "__main__":
    main()
