"""`review`: what a person must see of a run before saying yes; the verdict is recorded in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from gateprint.access.changes.comparison import changes
from gateprint.errors import ToolFailed
from gateprint.model.secrets import masked
from gateprint.review.finding import Severity
from gateprint.review.grouping import Said, told_once
from gateprint.review.noticed import noticed
from gateprint.review.plain import own_names
from gateprint.review.review import Counted, Review, reasons_against
from gateprint.review.rules import findings
from gateprint.review.subject import StackSubject, Subject
from gateprint.review.told import told_access
from gateprint.review.waivers import apply_waivers
from gateprint.terraform.applying import tampered
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import Clock, Journal, now
from gateprint.terraform.runs.record import PlannedStack, Run
from gateprint.terraform.runs.verdict import Verdict, write_verdict
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from gateprint.workflow.progress import Progress
from gateprint.workflow.review_run import Terms, review_of
from gateprint.workflow.review_sides import RunStack
from gateprint.workflow.revision import inputs_at
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.synthesis import Synthesized, synthesized
from gateprint.workflow.waivers import known_stacks, read_waivers

_Stacks = Mapping[str, Synthesized]
_OFFLINE = "everything that Terraform and AWS decide: no plan was made, and no cloud was asked"
_GONE = "its blueprint is gone; what it has deployed stays, as an orphan"


def review(
    folder: RunFolder,
    places: Places,
    environ: MutableMapping[str, str],
    progress: Progress,
    threshold: Severity = "high",
    clock: Clock = now,
) -> Review:
    """Review a run, and record the verdict in it.

    Raises:
        AccessDiffers: the inputs give other access than they state.
        InputRejected: the inputs, or the waivers, are wrong.
        ToolFailed: the folder holds no finished plan.
    """
    run = folder.read()
    here = Places(places.project, places.blueprints, places.config, places.lambdas, run.environment)
    inputs = load_with_sign_in(here)
    stacks = {each.stack.name: each for each in synthesized(inputs, here, environ, progress.say)}
    faults = tuple(_faults(folder, run, stacks))
    planned = tuple(_planned(folder, run, stacks))
    found = review_of(
        run, folder.digest(), inputs, planned, faults, Terms(here, threshold, clock())
    )
    reasons = tuple(map(masked, found.reasons))
    when = clock().isoformat(timespec="seconds")
    verdict = Verdict(run.name, found.digest, found.verdict, when, reasons)
    write_verdict(folder, verdict)
    journal = Journal(folder.journal, clock)
    journal.add("reviewed", verdict=verdict.verdict, digest=verdict.digest)
    journal.close()
    return found


def review_since(
    places: Places,
    revision: str,
    environ: MutableMapping[str, str],
    threshold: Severity = "high",
    clock: Clock = now,
) -> Review:
    """Review what changes since a git revision, from the blueprints alone; nothing is recorded.

    For pull requests from forks: it asks no cloud, and starts neither Node nor Terraform.

    Raises:
        InputRejected: the input of today is wrong, or today's rules refuse that of then.
        ToolFailed: git is missing or fails, or there is no such commit.
    """
    after, before = load(places), inputs_at(places, revision, environ)
    known = {each.stack: each for each in before.blueprints}
    changed = [each for each in after.blueprints if known.get(each.stack) != each]
    names = {each.stack for each in after.blueprints}
    gone = [each for each in before.blueprints if each.stack not in names]
    subject = Subject(
        tuple(
            StackSubject(each.stack, each.environment, each, after.documents.get(each.name))
            for each in changed
        ),
        changes(before.blueprints, after.blueprints),
        clock().date(),
        is_offline=True,
        before=before.blueprints,
    )
    own = {each.stack: own_names(each.name, each.environment.name, "") for each in changed}
    waivers = read_waivers(places.config)
    stacks = known_stacks(after.blueprints, places.environment, waivers)
    outcome = apply_waivers(findings(subject), waivers, subject, stacks)
    reasons = reasons_against(outcome.standing, threshold, own)
    return Review(
        subject=f"the blueprints since {revision}",
        is_offline=True,
        verdict="refused" if reasons else "passed",
        reasons=reasons,
        digest="",
        stacks={},
        counted=Counted(len(changed) + len(gone), len(after.blueprints) - len(changed)),
        access=told_access(subject.changes, (*before.blueprints, *after.blueprints)),
        destroyed=(),
        findings=outcome.standing,
        waived=outcome.waived,
        clusters=(),
        unverified=(_OFFLINE, *told_once(Said(each.stack, _GONE) for each in gone)),
        noticed=noticed(subject, before.blueprints),
        names=own,
    )


def masked_plan(folder: RunFolder, stack: PlannedStack) -> TerraformPlan:
    """Return a stack's plan as its masked JSON has it: addresses and actions are in clear."""
    return TerraformPlan.of(_document(folder, stack))


def _document(folder: RunFolder, stack: PlannedStack) -> dict[str, Any]:
    path = folder.stack(stack.stack).plan_json
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problem = f"the plan of {stack.stack} in {folder.path} cannot be read"
        raise ToolFailed(problem, "plan again", str(error)) from error
    return found


def _faults(folder: RunFolder, run: Run, stacks: _Stacks) -> Iterator[str]:
    """Yield why the run cannot be judged, whatever it does."""
    failed = [Said(each.stack, "could not be planned") for each in run.stacks if each.is_failed]
    yield from told_once(failed, link=" ")
    yield from told_once(_altered(folder, run, stacks), link="")


def _altered(folder: RunFolder, run: Run, stacks: _Stacks) -> Iterator[Said]:
    for each in run.planned:
        fault = tampered(run, folder.stack(each.stack), each)
        if fault:
            yield Said(each.stack, f": {fault}")
        elif each.stack not in stacks:
            yield Said(each.stack, " is no longer in the blueprints; plan again")
        elif stacks[each.stack].digest != each.configuration:
            yield Said(each.stack, ": its blueprint has changed since it was planned; plan again")


def _planned(folder: RunFolder, run: Run, stacks: _Stacks) -> Iterator[RunStack]:
    for each in run.planned:
        if each.stack in stacks:
            document = _document(folder, each)
            known = stacks[each.stack].stack
            yield RunStack(each, known, TerraformPlan.of(document), document)
