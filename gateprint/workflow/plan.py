"""`plan`: saved plans of the changed stacks, side by side, in the folder of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from gateprint import __version__
from gateprint.access.order import prerequisites
from gateprint.errors import ToolFailed
from gateprint.model.resolved import HcpState
from gateprint.model.words import suggest
from gateprint.terraform.binary import find_terraform
from gateprint.terraform.capacity import MOST, Capacity
from gateprint.terraform.memory import go_settings, look
from gateprint.terraform.planning import Bound, Planner
from gateprint.terraform.process import Interruption
from gateprint.terraform.runs.folder import RUNS, RunFolder, make_run, new_run_name, write_private
from gateprint.terraform.runs.journal import Journal, now
from gateprint.terraform.runs.record import (
    Orphan,
    PlannedStack,
    Run,
    Versions,
    run_json,
    text_digest,
)
from gateprint.terraform.state.listing import Listing
from gateprint.terraform.store import prepare_store
from gateprint.terraform.workspace import Tools
from gateprint.workflow.cloud import require_running
from gateprint.workflow.git import Git
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.places import Places
from gateprint.workflow.plans_at_once import plan_at_once
from gateprint.workflow.progress import Progress
from gateprint.workflow.run_reports import write_reports
from gateprint.workflow.sign_in import load_with_sign_in
from gateprint.workflow.state import environment_names, store_of
from gateprint.workflow.synthesis import Stack, Synthesized, only, stacks_of, synthesized
from gateprint.workflow.wanted import Wanted

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Planned:
    """The run that was made, and the exit code that says how it went."""

    folder: RunFolder
    run: Run
    code: int


def plan(
    places: Places,
    wanted: Wanted,
    environ: MutableMapping[str, str],
    interruption: Interruption,
    progress: Progress,
) -> Planned:
    """Synthesize, prove, and plan what changed.

    Raises:
        AccessDiffers: what was synthesized gives other access than the blueprints state.
        InputRejected: the input is wrong; nothing was written.
        ToolFailed: nothing could be planned at all. A stack that cannot be planned is in the run.
    """
    inputs = _plannable(load_with_sign_in(places), progress)
    for environment in inputs.environments:
        require_running(environment, places)
    tools = tools_of(places, environ, progress)
    every = stacks_of(inputs)
    chosen = _chosen(every, wanted)
    # Before the synthesis, which takes longer: without a sign-in to AWS it would be in vain.
    listings = {each.name: store_of(each).list() for each in inputs.environments}
    own = only(inputs, chosen)
    stacks = synthesized(own, places, environ, progress.say, with_cache=wanted.with_cache)
    found = _decide(inputs, stacks, listings, wanted)
    orphans = _orphans(places, every, listings) if wanted.shard is None else ()
    created = now()
    run = make_run(wanted.out or RUNS / new_run_name(created))
    files = {each.stack.name: each for each in stacks}
    for planned in found:
        if planned.decision == "planned":
            files[planned.stack].write(run.stack(planned.stack).configuration)
    for orphan in orphans:
        progress.say(_about(orphan))
    begun = _Begun(places, wanted, tools, run, created)
    return _planned(begun, found, orphans, interruption, progress)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A plan that has begun: what is wanted, and where it goes."""

    places: Places
    wanted: Wanted
    tools: Tools
    folder: RunFolder
    created: dt.datetime


def tools_of(places: Places, environ: Mapping[str, str], progress: Progress) -> Tools:
    """Return what Terraform commands run with; the provider is got on first use.

    Raises:
        ToolFailed: there is no Terraform, or no provider can be got.
    """
    binary = find_terraform(places.project, environ)
    store = prepare_store(places.project, binary, environ, progress.say)
    return Tools(places.project, binary, store, {**environ, **go_settings(look(), environ)})


def versions_of(tools: Tools) -> Versions:
    """Return what makes the plans."""
    terraform, provider = tools.terraform.version, tools.store.version
    return Versions(__version__, terraform, provider, version("cdktf"))


def revision_of(project: Path, environ: Mapping[str, str]) -> tuple[str, bool]:
    """Return git's commit, and whether files differ from it; nothing outside of a repository."""
    with suppress(ToolFailed):
        git = Git(project, environ)
        return git.commit("HEAD"), git.is_dirty()
    return "", False


def _planned(
    begun: _Begun,
    found: Sequence[PlannedStack],
    orphans: tuple[Orphan, ...],
    interruption: Interruption,
    progress: Progress,
) -> Planned:
    tools, folder, wanted = begun.tools, begun.folder, begun.wanted
    versions, (revision, is_dirty) = versions_of(tools), revision_of(tools.project, tools.environ)
    bound = Bound(tools_digested(versions), revision)
    planner = Planner(tools, folder, bound, interruption, is_drift=wanted.kind == "drift")
    journal = Journal(folder.journal)
    waiting = [each for each in found if each.decision == "planned"]
    journal.add("plan-started", stacks=[each.stack for each in waiting])
    capacity = Capacity(wanted.parallel or MOST)
    results = plan_at_once(waiting, planner, capacity, journal, progress)
    stacks = tuple(results.get(each.stack, each) for each in found)
    run = Run(
        name=folder.path.name,
        created=begun.created.isoformat(timespec="seconds"),
        kind=wanted.kind,
        environment=begun.places.environment,
        revision=revision,
        is_dirty=is_dirty,
        lock=text_digest(tools.store.lock.read_bytes()),
        versions=versions,
        stacks=stacks,
        orphans=orphans,
        shard=wanted.shard.of if wanted.shard else None,
    )
    code = _code(stacks, is_interrupted=len(results) < len(waiting))
    if code != INTERRUPTED:
        write_private(folder.run_json, run_json(run))
        journal.add("plan-ended", code=code)
        write_reports(folder)
    journal.close()
    return Planned(folder, run, code)


def tools_digested(versions: Versions) -> dict[str, str]:
    """Return the versions as they enter digests."""
    return {
        "gateprint": versions.gateprint,
        "terraform": versions.terraform,
        "provider": versions.provider,
        "cdktf": versions.cdktf,
    }


def _code(stacks: Iterable[PlannedStack], *, is_interrupted: bool) -> int:
    if is_interrupted:
        return INTERRUPTED
    return 4 if any(each.decision == "failed" for each in stacks) else 0


def _decide(
    inputs: Inputs,
    stacks: Sequence[Synthesized],
    listings: Mapping[str, Listing],
    wanted: Wanted,
) -> tuple[PlannedStack, ...]:
    """Return the stacks, each to be planned or unchanged, environment by environment."""
    needs = prerequisites(inputs.blueprints)
    found: list[PlannedStack] = []
    for environment, listing in listings.items():
        for each in stacks:
            if each.stack.environment.name == environment:
                stack = _to_plan(each, needs.get(each.stack.name, ()))
                found.append(_decided(stack, listing, wanted))
    return tuple(found)


def _decided(stack: PlannedStack, listing: Listing, wanted: Wanted) -> PlannedStack:
    is_known = listing.is_unchanged(stack.stack, stack.configuration)
    is_gone = stack.is_retired and stack.stack not in listing.stacks
    if (is_known and not wanted.is_all and wanted.kind == "apply") or is_gone:
        return replace(stack, decision="unchanged")
    return stack


def _orphans(
    places: Places, stacks: Sequence[Stack], listings: Mapping[str, Listing]
) -> tuple[Orphan, ...]:
    every = environment_names(places)
    return tuple(
        Orphan(environment, orphan)
        for environment, listing in listings.items()
        for orphan in listing.orphans(
            environment, {one.name for one in stacks if one.environment.name == environment}, every
        )
    )


def _to_plan(found: Synthesized, needs: tuple[str, ...]) -> PlannedStack:
    stack = found.stack
    environment, blueprint = stack.environment, stack.blueprint
    first = () if blueprint is None else (environment.account_stack,)
    return PlannedStack(
        stack=stack.name,
        environment=environment.name,
        account=environment.account,
        region=environment.region,
        configuration=found.digest,
        decision="planned",
        needs=(*first, *needs),
        is_retired=blueprint is not None and blueprint.retired is not None,
    )


def _chosen(stacks: Sequence[Stack], wanted: Wanted) -> tuple[Stack, ...]:
    known = [each.name for each in stacks]
    for name in wanted.stacks:
        if name not in known:
            raise UnknownStack(f'there is no stack "{name}"', suggest(name, known))
    names = wanted.shard.stacks if wanted.shard else wanted.stacks or known
    wished = set(names)
    return tuple(each for each in stacks if each.name in wished)


class UnknownStack(ToolFailed):
    """The command line names a stack that there is not."""

    exit_code = 2


def _plannable(inputs: Inputs, progress: Progress) -> Inputs:
    """Leave out what HCP Terraform plans and applies itself; refuse if nothing else is there."""
    hcp = {each.name for each in inputs.environments if isinstance(each.state, HcpState)}
    if hcp and len(hcp) == len(inputs.environments):
        raise ToolFailed(
            f"HCP Terraform plans and applies the stacks of {', '.join(sorted(hcp))}",
            "push the commit, or run npx cdktf deploy; --environment names another environment",
        )
    for name in sorted(hcp):
        progress.say(f"{name}: left to HCP Terraform, which plans and applies it")
    return replace(
        inputs,
        environments=tuple(each for each in inputs.environments if each.name not in hcp),
        blueprints=tuple(each for each in inputs.blueprints if each.environment.name not in hcp),
    )


def _about(orphan: Orphan) -> str:
    return (
        f"{orphan.stack} has state, but no blueprint in {orphan.environment}: "
        "nothing is done to it; restore its blueprint, with retired: to destroy it"
    )
