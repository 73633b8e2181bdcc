"""Runs without Terraform, as `gateprint plan` leaves them: for tests and measurements."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gateprint.terraform.configuration import digest_of_files, write_files
from gateprint.terraform.planning import counted
from gateprint.terraform.plans.digest import plan_digest
from gateprint.terraform.plans.masking import masked
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.runs.folder import RunFolder, make_run, write_private
from gateprint.terraform.runs.record import PlannedStack, Run, Versions, run_json, text_digest
from tests.support.made_plan import NOTHING, Terraform, plan_document

__all__ = ["NOTHING", "Planned", "Terraform", "plan_document", "write_run"]

_LOCK = "# The lock file of a run that Terraform did not plan.\n"


@dataclass(frozen=True, slots=True)
class Planned:
    """A stack of a run: what is wanted as its files, and what was applied; None: nothing changes.

    `problem` makes it one that could not be planned.
    """

    stack: str
    environment: str
    account: str
    region: str
    files: Mapping[str, bytes]
    before: Terraform | None = None
    problem: str = ""


def write_run(path: Path, stacks: list[Planned], environment: str | None = None) -> RunFolder:
    """Write a run with these stacks, as `gateprint plan` leaves it; its plans cannot be applied."""
    folder = make_run(path)
    lock = text_digest(_LOCK)
    found = tuple(_write(folder, each) for each in stacks)
    run = Run(
        name=path.name,
        created="2026-06-01T12:00:00+00:00",
        kind="apply",
        environment=environment,
        revision="",
        is_dirty=False,
        lock=lock,
        versions=Versions("0", "1.11.4", "5.100.0", "0.21.0"),
        stacks=found,
    )
    write_private(folder.run_json, run_json(run))
    return folder


def _write(folder: RunFolder, stack: Planned) -> PlannedStack:
    planned = PlannedStack(
        stack.stack,
        stack.environment,
        stack.account,
        stack.region,
        digest_of_files(stack.files),
        "failed" if stack.problem else "unchanged",
        problem=stack.problem,
    )
    if stack.problem or stack.before is None:
        return planned
    place = folder.stack(stack.stack)
    write_files(stack.files, place.configuration)
    after = json.loads(stack.files["cdk.tf.json"])
    document = plan_document(stack.before, after, stack.stack)
    text = json.dumps(masked(document), sort_keys=True) + "\n"
    place.plan_json.write_text(text, encoding="utf-8")
    place.saved_plan.write_bytes(b"no plan of Terraform's")
    place.lock_file.write_text(_LOCK, encoding="utf-8")
    plan = TerraformPlan.of(document)
    return replace(
        planned,
        decision="empty" if plan.is_empty else "planned",
        digest=plan_digest(document),
        saved_plan=text_digest(b"no plan of Terraform's"),
        masked_plan=text_digest(text),
        changes=counted(plan),
    )
