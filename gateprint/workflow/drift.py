"""`drift`: what was changed outside of Terraform, asked of AWS stack by stack; changes nothing."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from gateprint.access.changes.access_drift import AccessDrift
from gateprint.access.changes.outside import changed_access
from gateprint.access.changes.outside_account import changed_account
from gateprint.access.policy import inline_policy_name, managed_policy_name
from gateprint.access.proof.applied import Added, Others, read_applied
from gateprint.errors import InputRejected, ToolFailed
from gateprint.model.resolved import HcpState, Role
from gateprint.model.words import listed, suggest
from gateprint.terraform.pace.quotas import ALL
from gateprint.terraform.pace.work import Domain, Work, demand, floor, work_of
from gateprint.terraform.plans.drift import StackDrift, read_drift
from gateprint.terraform.process import Interruption
from gateprint.terraform.runs.drift_report import Cost, Drift, Drifted, drift_json
from gateprint.terraform.runs.folder import RunFolder, write_private
from gateprint.terraform.runs.journal import Journal
from gateprint.terraform.runs.record import PlannedStack
from gateprint.terraform.sampling import Sample
from gateprint.workflow.cloud import require_running
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places
from gateprint.workflow.plan import INTERRUPTED, Planned, UnknownStack, plan
from gateprint.workflow.progress import Progress
from gateprint.workflow.run_reports import write_reports
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.state import store_of
from gateprint.workflow.synthesis import Stack, stacks_of, synthesize_stacks
from gateprint.workflow.wanted import Wanted

FILE = "drift.json"
_TERRAFORM = "cdk.tf.json"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: these stacks, or all that have a state; of a sample only its part."""

    stacks: tuple[str, ...] = ()
    out: Path | None = None
    parallel: int | None = None
    sample: Sample | None = None


def drift(
    places: Places,
    question: Question,
    environ: MutableMapping[str, str],
    interruption: Interruption,
    progress: Progress,
) -> Drift:
    """Ask AWS how every stack with a state differs from it, whatever its configuration is.

    Raises:
        AccessDiffers: what was synthesized gives other access than the blueprints state.
        InputRejected: the input is wrong; nothing was written.
        ToolFailed: nothing could be asked at all. A stack that could not be asked is in the result.
    """
    inputs = load_with_sign_in(places)
    asked, without_state = _with_state(inputs, places, question.stacks)
    chosen = [each for each in asked if question.sample is None or question.sample.has(each.name)]
    cost = _cost(inputs, places, chosen, environ, progress)
    found = Drift((), without_state, len(asked) - len(chosen), question.sample, cost)
    if not chosen:
        return found
    if cost.seconds:
        reason = f"{cost.calls:,} calls to API Gateway, which takes 10 per second"
        progress.expect(cost.seconds, reason)
    wanted = Wanted(
        tuple(each.name for each in chosen),
        out=question.out,
        parallel=question.parallel,
        kind="drift",
    )
    planned = plan(places, wanted, environ, interruption, _Asking(progress))
    reader = _Reader(inputs, _others(inputs, places), planned.folder)
    stacks = tuple(each for one in planned.run.stacks for each in reader.read(one))
    found = replace(
        found,
        stacks=stacks,
        run=str(planned.folder.path),
        is_interrupted=planned.code == INTERRUPTED,
    )
    _record(planned, found)
    return found


def _with_state(
    inputs: Inputs, places: Places, names: Sequence[str]
) -> tuple[list[Stack], tuple[str, ...]]:
    """Return the named stacks, or all, that have a state, and the names of those without."""
    hcp = [each.name for each in inputs.environments if isinstance(each.state, HcpState)]
    every = [each for each in stacks_of(inputs) if each.environment.name not in hcp]
    if hcp and not every:
        raise ToolFailed(
            f"HCP Terraform keeps the states of {listed(hcp)}",
            "let its health assessments look for drift; --environment names another environment",
        )
    known = [each.name for each in every]
    for name in names:
        if name not in known:
            raise UnknownStack(f'there is no stack "{name}"', suggest(name, known))
    applied: set[str] = set()
    for environment in {each.environment.name: each.environment for each in every}.values():
        require_running(environment, places)
        listing = store_of(environment).list()
        applied |= {name for name, each in listing.stacks.items() if each.state is not None}
    wanted = [each for each in every if not names or each.name in names]
    without = tuple(each.name for each in wanted if each.name not in applied)
    return [each for each in wanted if each.name in applied], without


def _cost(
    inputs: Inputs,
    places: Places,
    stacks: Sequence[Stack],
    environ: MutableMapping[str, str],
    progress: Progress,
) -> Cost:
    """Return what a refresh of some stacks costs, by what was synthesized for them."""
    if not stacks:
        return Cost()
    names = {each.name for each in stacks}
    own = replace(
        inputs,
        environments=tuple(each for each in inputs.environments if each.account_stack in names),
        blueprints=tuple(each for each in inputs.blueprints if each.stack in names),
    )
    with tempfile.TemporaryDirectory(prefix="gateprint-") as folder:
        synthesize_stacks(own, places, Path(folder), environ, progress.say)
        works = [_reads(each, Path(folder) / "stacks" / each.name) for each in stacks]
    calls = sum((demand(each) for each in works), Counter[str]())
    return Cost(calls[ALL], round(floor(works).seconds, 1))


def _reads(stack: Stack, folder: Path) -> Work:
    found = json.loads((folder / _TERRAFORM).read_bytes()).get("resource", {})
    domain = Domain(stack.environment.account, stack.environment.region)
    reads = [(f"{kind}.{name}", "read") for kind, each in found.items() for name in each]
    return work_of(stack.name, domain, reads)


def _others(inputs: Inputs, places: Places) -> Others:
    """Return what blueprints add to the roles of others; of all environments, if they are right."""
    every = [*inputs.blueprints]
    if places.environment is not None:
        with suppress(InputRejected):
            every += load(replace(places, environment=None)).blueprints
    found: dict[str, Added] = {}
    for blueprint in every:
        for role in blueprint.roles:
            if role.identity_provider is None:
                known = found.get(role.name, Added())
                beginning = managed_policy_name(blueprint, role, 1).removesuffix("1")
                found[role.name] = Added(
                    known.inline | {inline_policy_name(blueprint, role)},
                    (*known.managed, beginning),
                )
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads what the plans of a run say."""

    inputs: Inputs
    others: Others
    run: RunFolder

    def read(self, planned: PlannedStack) -> tuple[Drifted, ...]:
        """Return what was changed of a stack; nothing where an interrupt came first."""
        told = Drifted(
            planned.stack, planned.environment, planned.account, planned.region, "failed"
        )
        if planned.decision == "failed":
            return (replace(told, problem=planned.problem),)
        if not planned.digest:
            return ()
        try:
            text = self.run.stack(planned.stack).plan_json.read_text(encoding="utf-8")
            found = read_drift(json.loads(text), self.others)
        except (OSError, ValueError, ToolFailed) as error:
            return (replace(told, problem=f"its plan cannot be read: {error}"),)
        access = self._access(planned, found)
        outcome: Literal["drift", "none"] = "drift" if found.resources or access else "none"
        return (replace(told, outcome=outcome, resources=found.resources, access=access),)

    def _access(self, planned: PlannedStack, found: StackDrift) -> tuple[AccessDrift, ...]:
        before = read_applied(found.before, self.others)
        after = read_applied(found.after, self.others, is_fresh=True)
        for blueprint in self.inputs.blueprints:
            if blueprint.stack == planned.stack:
                return changed_access(blueprint, before, after)
        for environment in self.inputs.environments:
            if environment.account_stack == planned.stack:
                roles = self._roles(environment.name)
                return changed_account(environment, roles, before, after)
        return ()

    def _roles(self, environment: str) -> tuple[Role, ...]:
        return tuple(
            role
            for blueprint in self.inputs.blueprints
            if blueprint.environment.name == environment
            for role in blueprint.roles
        )


def _record(planned: Planned, found: Drift) -> None:
    """Keep the answer in the run, whose exit code is known only now."""
    write_private(planned.folder.path / FILE, drift_json(found))
    if not found.is_interrupted:
        journal = Journal(planned.folder.journal)
        journal.add("plan-ended", code=found.code)
        journal.close()
        write_reports(planned.folder)


class _Asking:
    """Tells of plans as of questions: what a plan counts as drift is noise for the most part."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def say(self, text: str) -> None:
        """Tell one thing that has happened."""
        self._progress.say(text)

    def begin(self, doing: str, stacks: Sequence[str]) -> None:
        """Tell which stacks are asked."""
        self._progress.begin("asking" if doing == "planning" else doing, stacks)

    def expect(self, seconds: float, reason: str) -> None:
        """Tell how long the rest will take at least, and why."""
        self._progress.expect(seconds, reason)

    def stack(self, name: str, doing: str) -> None:
        """Tell what is being done about a stack."""
        self._progress.stack(name, doing)

    def ended(self, name: str, outcome: str, seconds: float, text: str) -> None:
        """Tell that a stack has answered, or not."""
        if outcome == "failed":
            self._progress.ended(name, outcome, seconds, text)
        else:
            self._progress.ended(name, "asked", seconds, "")

    def end(self) -> None:
        """Tell that this part is over."""
        self._progress.end()
