"""Plans one stack: init, plan, show; what a reader may see goes into the run's folder, masked."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gateprint.errors import ToolFailed
from gateprint.terraform.plans.digest import plan_digest, run_digest
from gateprint.terraform.plans.drift import read_drift
from gateprint.terraform.plans.masking import masked, secrets_of
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.plans.scrubbing import scrubber
from gateprint.terraform.process import Ended, Interruption
from gateprint.terraform.provider import LOCK_FILE
from gateprint.terraform.runner import PLAN, OnEvent, OnStart, Runner
from gateprint.terraform.runs.folder import RunFolder, StackFolder, write_private
from gateprint.terraform.runs.record import PlannedStack, text_digest
from gateprint.terraform.workspace import Tools, workspace

_SECRET_NAMES = ("SECRET", "TOKEN", "PASSWORD", "CREDENTIAL", "PRIVATE")
_SHORTEST_SECRET = 6

OnEnd = Callable[[Ended], None]


@dataclass(frozen=True, slots=True)
class Bound:
    """What every digest of a run is bound to besides its plan: the tools, and git's commit."""

    tools: Mapping[str, str]
    revision: str


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans stacks into one run; may be used by several threads.

    `is_drift` asks only how reality differs from the state.
    """

    tools: Tools
    run: RunFolder
    bound: Bound
    interruption: Interruption
    is_drift: bool = False

    def plan(
        self, stack: PlannedStack, on_event: OnEvent, on_start: OnStart, learn: OnEnd
    ) -> PlannedStack:
        """Return the stack with what its plan says; its configuration is in the run's folder.

        Raises:
            ToolFailed: Terraform cannot plan it; no error or file shows a secret that is known.
            Interrupted: somebody asked to stop.
        """
        folder, started = self.run.stack(stack.stack), time.monotonic()
        with workspace(self.tools, self.run.path.name, stack.stack, folder.configuration) as place:
            runner = Runner(self.tools, stack.stack, place, self.interruption, on_event, on_start)
            secrets = secrets_in(self.tools.environ)
            try:
                runner.init()
                learn(runner.plan(refresh_only=self.is_drift).ended)
                document = runner.show()
                secrets |= secrets_of(document)
                plan = _whole(TerraformPlan.of(document), stack.stack)
                digest = self._digest(stack, document, place)
                self._keep(folder, document, place)
            except ToolFailed as error:
                raise scrubbed_failure(error, secrets) from None
            finally:
                keep_log(runner.events_file, folder, secrets)
        bound = replace(
            stack,
            digest=digest,
            saved_plan=text_digest(folder.saved_plan.read_bytes()),
            masked_plan=text_digest(folder.plan_json.read_bytes()),
        )
        drifted = len(read_drift(document).resources)
        return _planned(
            bound, plan, drifted, seconds=time.monotonic() - started, is_drift=self.is_drift
        )

    def _digest(self, stack: PlannedStack, document: Mapping[str, Any], place: Path) -> str:
        return run_digest(
            plan=plan_digest(document),
            configuration=stack.configuration,
            lock_file=text_digest((place / LOCK_FILE).read_bytes()),
            tools=self.bound.tools,
            revision=self.bound.revision,
        )

    def _keep(self, folder: StackFolder, document: Mapping[str, Any], place: Path) -> None:
        write_private(folder.plan_json, json.dumps(masked(document), sort_keys=True) + "\n")
        write_private(folder.saved_plan, (place / PLAN).read_bytes())
        write_private(folder.lock_file, (place / LOCK_FILE).read_bytes())


def keep_log(events: Path, folder: StackFolder, secrets: Iterable[str]) -> None:
    """Add what Terraform printed to the stack's log, without the secrets."""
    if not events.is_file():
        return
    scrub = scrubber(secrets)
    text = events.read_text(encoding="utf-8", errors="replace")
    descriptor = os.open(folder.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(scrub(text))


def scrubbed_failure(error: ToolFailed, secrets: Iterable[str]) -> ToolFailed:
    """Return a failure of the same kind whose message shows no secret."""
    return type(error)(error.problem, error.remedy, scrubber(secrets)(error.detail))


def secrets_in(environ: Mapping[str, str]) -> frozenset[str]:
    """Return the values of variables that hold secrets by their names."""
    return frozenset(
        value
        for name, value in environ.items()
        if len(value) >= _SHORTEST_SECRET and any(each in name.upper() for each in _SECRET_NAMES)
    )


def counted(plan: TerraformPlan) -> dict[str, dict[str, int]]:
    """Return how many resources of each type are created, updated, replaced and deleted."""
    found: dict[str, Counter[str]] = {}
    for change in plan.changes:
        action = "import" if change.importing and change.action == "no-op" else change.action
        if action not in {"no-op", "read"}:
            found.setdefault(change.type, Counter())[action] += 1
    return {name: dict(sorted(actions.items())) for name, actions in sorted(found.items())}


def _whole(plan: TerraformPlan, stack: str) -> TerraformPlan:
    if plan.is_errored or not plan.is_complete:
        raise ToolFailed(f"the plan of {stack} is not complete", "see its log, and plan again")
    return plan


def _planned(
    stack: PlannedStack, plan: TerraformPlan, drifted: int, *, seconds: float, is_drift: bool
) -> PlannedStack:
    is_empty = (not drifted) if is_drift else plan.is_empty
    return replace(
        stack,
        decision="empty" if is_empty else "planned",
        changes=counted(plan),
        drifted=drifted,
        seconds=round(seconds, 3),
    )
