"""`review`: what a person must see of a run before saying yes; the verdict is recorded in it."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateprint.access.changes.comparison import changes
from gateprint.access.proof.applied import read_applied
from gateprint.errors import ToolFailed
from gateprint.model.document import Document
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.clusters import Named, clusters, own_names
from gateprint.review.deployed import deployed_blueprint
from gateprint.review.finding import Severity
from gateprint.review.review import Counted, Destroyed, Review, reasons_against, told_access
from gateprint.review.rules import findings
from gateprint.review.subject import StackSubject, Subject
from gateprint.review.waivers import apply_waivers
from gateprint.terraform.applying import tampered
from gateprint.terraform.configuration import configuration_digest
from gateprint.terraform.plans.budget import guarded
from gateprint.terraform.plans.drift import read_drift
from gateprint.terraform.plans.plan import TerraformPlan
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import Clock, Journal, now
from gateprint.terraform.runs.record import PlannedStack, Run
from gateprint.terraform.runs.verdict import Verdict, write_verdict
from gateprint.workflow.inputs import Inputs, Places, load
from gateprint.workflow.progress import Progress
from gateprint.workflow.revision import inputs_at
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.synthesis import Stack, synthesize_stacks
from gateprint.workflow.waivers import read_waivers

_OFFLINE = "everything that Terraform and AWS decide: no plan was made, and no cloud was asked"
_GONE = "its blueprint is gone; what it has deployed stays, as an orphan"


@dataclass(frozen=True, slots=True)
class _Planned:
    """A stack of a run, beside what the inputs say of it; `prior` is its state, as resources."""

    stack: PlannedStack
    known: Stack
    plan: TerraformPlan
    document: Mapping[str, Any]


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
    with tempfile.TemporaryDirectory(prefix="gateprint-") as name:
        outdir = Path(name)
        stacks = synthesize_stacks(inputs, here, outdir, environ, progress.say)
        faults = tuple(_faults(folder, run, stacks, outdir))
    planned = tuple(_planned(folder, run, stacks))
    found = _review(run, folder.digest(), inputs, planned, faults, _Terms(here, threshold, clock()))
    verdict = Verdict(
        run.name, found.digest, found.verdict, clock().isoformat(timespec="seconds"), found.reasons
    )
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
    )
    outcome = apply_waivers(findings(subject), read_waivers(places.config), subject, names)
    reasons = reasons_against(outcome.standing, threshold)
    return Review(
        subject=f"the blueprints since {revision}",
        is_offline=True,
        verdict="refused" if reasons else "passed",
        reasons=reasons,
        digest="",
        stacks={},
        counted=Counted(len(changed) + len(gone), len(after.blueprints) - len(changed)),
        access=told_access(subject.changes),
        destroyed=(),
        findings=outcome.standing,
        waived=outcome.waived,
        clusters=(),
        unverified=(_OFFLINE, *(f"{each.stack}: {_GONE}" for each in gone)),
    )


@dataclass(frozen=True, slots=True)
class _Terms:
    """Where waivers are, from which severity on a finding stands against a run, and the time."""

    places: Places
    threshold: Severity
    now: dt.datetime


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


def _faults(folder: RunFolder, run: Run, stacks: tuple[Stack, ...], outdir: Path) -> Iterator[str]:
    """Yield why the run cannot be judged, whatever it does."""
    known = {each.name for each in stacks}
    for each in run.stacks:
        if each.decision == "failed":
            yield f"{each.stack} could not be planned"
        if each.decision != "planned":
            continue
        fault = tampered(run, folder.stack(each.stack), each)
        if fault:
            yield f"{each.stack}: {fault}"
        elif each.stack not in known:
            yield f"{each.stack} is no longer in the blueprints; plan again"
        elif configuration_digest(outdir / "stacks" / each.stack) != each.configuration:
            yield f"{each.stack}: its blueprint has changed since it was planned; plan again"


def _planned(folder: RunFolder, run: Run, stacks: tuple[Stack, ...]) -> Iterator[_Planned]:
    known = {each.name: each for each in stacks}
    for each in run.planned:
        if each.stack in known:
            document = _document(folder, each)
            yield _Planned(each, known[each.stack], TerraformPlan.of(document), document)


def _review(
    run: Run,
    digest: str,
    inputs: Inputs,
    planned: tuple[_Planned, ...],
    faults: tuple[str, ...],
    terms: _Terms,
) -> Review:
    before, undecided = _before(planned)
    after = tuple(each.known.blueprint for each in planned if each.known.blueprint is not None)
    subject = Subject(
        tuple(_subject(each, inputs.documents) for each in planned),
        changes(before, after),
        terms.now.date(),
    )
    names = {each.stack for each in run.stacks}
    outcome = apply_waivers(findings(subject), read_waivers(terms.places.config), subject, names)
    reasons = (*faults, *reasons_against(outcome.standing, terms.threshold))
    return Review(
        subject=run.name,
        is_offline=False,
        verdict="refused" if reasons else "passed",
        reasons=reasons,
        digest=digest,
        stacks={each.stack.stack: each.stack.digest for each in planned},
        counted=_counted(run),
        access=told_access(subject.changes),
        destroyed=tuple(sorted(_destroyed(planned))),
        findings=outcome.standing,
        waived=outcome.waived,
        clusters=clusters(_named(each) for each in planned),
        unverified=undecided,
    )


def _before(planned: tuple[_Planned, ...]) -> tuple[tuple[ResolvedBlueprint, ...], tuple[str, ...]]:
    """Return what is deployed of the stacks, as blueprints; and what could not be decided."""
    found: list[ResolvedBlueprint] = []
    undecided: list[str] = []
    for each in planned:
        if each.known.blueprint is None:
            continue
        applied = read_applied(read_drift(each.document).after)
        name = each.known.blueprint.name
        deployed = deployed_blueprint(name, each.known.environment, applied, applied.sessions)
        found.append(deployed.blueprint)
        undecided += deployed.undecided
    return tuple(found), tuple(undecided)


def _subject(planned: _Planned, documents: Mapping[str, Document]) -> StackSubject:
    blueprint = planned.known.blueprint
    document = documents.get(blueprint.name) if blueprint is not None else None
    return StackSubject(
        planned.stack.stack, planned.known.environment, blueprint, document, planned.plan
    )


def _named(planned: _Planned) -> Named:
    environment, blueprint = planned.known.environment, planned.known.blueprint
    name = blueprint.name if blueprint is not None else ""
    names = own_names(name, environment.name, environment.account)
    return Named(planned.stack.stack, planned.plan, names)


def _destroyed(planned: tuple[_Planned, ...]) -> Iterator[Destroyed]:
    for each in planned:
        for kind, addresses in guarded(each.plan.destroyed()).items():
            for address in addresses:
                yield Destroyed(each.stack.stack, kind, address)


def _counted(run: Run) -> Counted:
    actions: Counter[str] = Counter()
    for each in run.planned:
        actions.update(each.counts)
    unchanged = sum(each.decision in {"unchanged", "empty"} for each in run.stacks)
    return Counted(len(run.planned), unchanged, dict(sorted(actions.items())))
