"""Asks iam-simulate about the actions of any service; it knows each action and its resources."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.ci.requests import Call
from tests.oracle.simulator import DRIVER, OUTCOMES, ROOT

ACCOUNT = "000000000000"
_SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/gateprint-ci/job"


@dataclass(frozen=True, slots=True)
class Iam:
    """A running simulator."""

    process: subprocess.Popen[str]

    def decide(
        self,
        documents: Sequence[Mapping[str, Any]],
        calls: Sequence[Call],
        *,
        checked: bool = False,
    ) -> list[str]:
        """Return the outcome of each call of a role that has these policies.

        `checked` asks whether action, resource and condition keys fit one another, which is slow.
        """
        asked = [_simulation(documents, each) | {"isChecked": checked} for each in calls]
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return [OUTCOMES.get(each, each) for each in json.loads(self.process.stdout.readline())]


def _simulation(documents: Sequence[Mapping[str, Any]], call: Call) -> dict[str, Any]:
    policies = [{"name": f"policy-{n}", "policy": each} for n, each in enumerate(documents)]
    return {
        "isTrust": False,
        "request": {
            "principal": _SESSION,
            "action": call.action,
            "resource": {"resource": call.resource, "accountId": ACCOUNT},
            "contextVariables": dict(call.context),
        },
        "identityPolicies": policies,
        "serviceControlPolicies": [],
    }


@contextmanager
def simulated_iam() -> Iterator[Iam]:
    """Run the simulator until the block is left."""
    pipe = subprocess.PIPE
    command = ["node", str(DRIVER)]
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Iam(process)
        finally:
            process.kill()
