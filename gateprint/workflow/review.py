"""`review`: looks at a run, and records whether it may be applied."""

from __future__ import annotations

import json
from dataclasses import dataclass

from gateprint.errors import ToolFailed
from gateprint.terraform.applying import tampered
from gateprint.terraform.plans.budget import guarded
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import Clock, Journal, now
from gateprint.terraform.runs.record import PlannedStack, Run
from gateprint.terraform.runs.verdict import Verdict, write_verdict


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was found: the verdict, and what each stack destroys of what somebody would notice."""

    run: Run
    verdict: Verdict
    destroyed: dict[str, dict[str, tuple[str, ...]]]


def review(folder: RunFolder, clock: Clock = now) -> Reviewed:
    """Review a run, and record the verdict in it.

    Raises:
        ToolFailed: the folder holds no finished plan.
    """
    run = folder.read()
    reasons = tuple(reason for each in run.stacks for reason in _against(folder, run, each))
    at = clock().isoformat(timespec="seconds")
    verdict = Verdict(run.name, folder.digest(), "refused" if reasons else "passed", at, reasons)
    write_verdict(folder, verdict)
    journal = Journal(folder.journal, clock)
    journal.add("reviewed", verdict=verdict.verdict, digest=verdict.digest)
    journal.close()
    plans = {each.stack: masked_plan(folder, each) for each in run.planned}
    destroyed = {name: guarded(plan.destroyed()) for name, plan in plans.items()}
    return Reviewed(run, verdict, {name: each for name, each in destroyed.items() if each})


def masked_plan(folder: RunFolder, stack: PlannedStack) -> TerraformPlan:
    """Return a stack's plan as its masked JSON has it: addresses and actions are in clear.

    Raises:
        ToolFailed: it cannot be read, or is no plan.
    """
    path = folder.stack(stack.stack).plan_json
    try:
        return TerraformPlan.of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        problem = f"the plan of {stack.stack} in {folder.path} cannot be read"
        raise ToolFailed(problem, "plan again", type(error).__name__) from None


def _against(folder: RunFolder, run: Run, stack: PlannedStack) -> list[str]:
    if stack.decision == "failed":
        return [f"{stack.stack} could not be planned"]
    if stack.decision == "planned":
        fault = tampered(run, folder.stack(stack.stack), stack)
        return [f"{stack.stack}: {fault}"] if fault else []
    return []
