"""Makes the review of a run from its plans and the inputs; reads waivers and environments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from gateprint.access.changes.comparison import changes
from gateprint.model import source
from gateprint.model.document import Document
from gateprint.review.clusters import Named, clusters
from gateprint.review.counting import counted
from gateprint.review.crosscheck import CrossCheck, cross_check
from gateprint.review.finding import Severity
from gateprint.review.grouping import Said, told_once
from gateprint.review.noticed import noticed
from gateprint.review.origin import Origins
from gateprint.review.plain import Names, own_names
from gateprint.review.review import Destroyed, Review, reasons_against
from gateprint.review.rules import findings
from gateprint.review.subject import StackSubject, Subject
from gateprint.review.told import told_access
from gateprint.review.waivers import apply_waivers
from gateprint.stack.origin import account_origins, origins_of
from gateprint.terraform.plans.budget import guarded
from gateprint.terraform.runs.record import Run
from gateprint.workflow.files import read_text, shown
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.places import Places
from gateprint.workflow.review_sides import RunStack, sides_of
from gateprint.workflow.synthesis import Stack
from gateprint.workflow.waivers import known_stacks, read_waivers

_Documents = Mapping[str, Document]
_Checks = Mapping[str, CrossCheck]


@dataclass(frozen=True, slots=True)
class Terms:
    """Where waivers are, from which severity on a finding stands against a run, and the time."""

    places: Places
    threshold: Severity
    now: dt.datetime


def review_of(
    run: Run,
    digest: str,
    inputs: Inputs,
    planned: Sequence[RunStack],
    faults: tuple[str, ...],
    terms: Terms,
) -> Review:
    """Return the review; `faults` are why the run cannot be judged, whatever it does."""
    sides = sides_of(planned, inputs.blueprints)
    documents = {**inputs.documents, **_environments(planned, terms.places)}
    subject = Subject(
        tuple(_subject(each, documents) for each in planned),
        changes(sides.before, sides.after),
        terms.now.date(),
    )
    names = {each.known.name: _names(each.known) for each in planned}
    checks = {each.known.name: _checked(each) for each in planned}
    waivers = read_waivers(terms.places.config)
    known = known_stacks(inputs.blueprints, run.environment, waivers)
    outcome = apply_waivers(findings(subject), waivers, subject, known)
    against = reasons_against(outcome.standing, terms.threshold, names)
    reasons = (*faults, *_contradictions(checks, names), *against)
    unchanged = sum(each.decision in {"unchanged", "empty"} for each in run.stacks)
    return Review(
        subject=run.name,
        is_offline=False,
        verdict="refused" if reasons else "passed",
        reasons=reasons,
        digest=digest,
        stacks={each.stack.stack: each.stack.digest for each in planned},
        counted=counted((each.plan for each in planned), unchanged),
        access=told_access(subject.changes, (*sides.before, *sides.after)),
        destroyed=tuple(sorted(_destroyed(planned))),
        findings=outcome.standing,
        waived=outcome.waived,
        clusters=clusters(_named(each, documents) for each in planned),
        unverified=(*_known_later(checks), *_undecided(sides.undecided, checks, names)),
        noticed=noticed(subject, sides.before),
        names=names,
    )


def _names(stack: Stack) -> Mapping[str, str]:
    name = stack.blueprint.name if stack.blueprint is not None else ""
    return own_names(name, stack.environment.name, stack.environment.account)


def _environments(planned: Iterable[RunStack], places: Places) -> _Documents:
    """Return the environments' files, by the names of the accounts' own stacks."""
    found = {each.known.environment.account_stack: each.known.environment.name for each in planned}
    paths = {stack: places.config / f"{name}.yaml" for stack, name in found.items()}
    return {
        stack: source.read(shown(path), read_text(path, inside=places.config))
        for stack, path in paths.items()
    }


def _document(stack: Stack, documents: _Documents) -> Document | None:
    blueprint = stack.blueprint
    return documents.get(blueprint.name if blueprint else stack.environment.account_stack)


def _subject(planned: RunStack, documents: _Documents) -> StackSubject:
    known = planned.known
    document = _document(known, documents)
    return StackSubject(known.name, known.environment, known.blueprint, document, planned.plan)


def _checked(planned: RunStack) -> CrossCheck:
    return cross_check(planned.plan, planned.known.environment, planned.known.blueprint)


def _contradictions(checks: _Checks, names: Names) -> list[str]:
    """Return what plans would do that the blueprints do not say; nobody should apply that."""
    front = "the plan and the blueprint contradict each other: "
    return told_once(
        (
            Said(stack, f"{front}{sentence}")
            for stack, check in checks.items()
            for sentence in check.contradictions
        ),
        names,
    )


def _known_later(checks: _Checks) -> Iterator[str]:
    unknown = {stack: len(check.unknown) for stack, check in checks.items() if check.unknown}
    if not unknown:
        return
    number = sum(unknown.values())
    policies = "1 policy is" if number == 1 else f"{number:,} policies are"
    stacks = next(iter(unknown)) if len(unknown) == 1 else f"{len(unknown):,} stacks"
    compared = sum(check.compared for check in checks.values())
    yield (
        f"{policies} known only after the apply ({stacks}): gateprint has proved the synthesized "
        f"configuration instead; {compared:,} that plans show were compared with the blueprints"
    )


def _undecided(said: Iterable[Said], checks: _Checks, names: Names) -> list[str]:
    more = (
        Said(stack, sentence) for stack, check in checks.items() for sentence in check.undecided
    )
    return told_once((*said, *more), names)


def _named(planned: RunStack, documents: _Documents) -> Named:
    origins = partial(_origins, planned.known, documents)
    return Named(planned.known.name, planned.plan, _names(planned.known), origins)


def _origins(stack: Stack, documents: _Documents) -> Origins:
    blueprint, environment = stack.blueprint, stack.environment
    paths = account_origins(environment) if blueprint is None else origins_of(blueprint)
    return Origins(paths, _document(stack, documents), documents.get(environment.account_stack))


def _destroyed(planned: Iterable[RunStack]) -> Iterator[Destroyed]:
    for each in planned:
        for kind, addresses in guarded(each.plan.destroyed()).items():
            for address in addresses:
                yield Destroyed(each.stack.stack, kind, address)
