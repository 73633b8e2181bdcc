"""Divides the stacks of the inputs among machines, by what they took before or by their size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gateprint.access.order import prerequisites
from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.terraform.runs.folder import RUNS, runs_in
from gateprint.terraform.runs.record import ShardOf
from gateprint.terraform.shards.choice import chosen_shard, parse_choice
from gateprint.terraform.shards.manifest import (
    Manifest,
    ShardStack,
    make_manifest,
    manifest_json,
    read_manifest,
)
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.report import write_text

SHARDS = Path("shards.json")
_LARGEST_BYTES = 1 << 26
# Of older runs, stacks have changed since.
_MOST_RUNS = 20


def shards_of(
    inputs: Inputs, number: int, past: Mapping[str, float] | None = None, file: Path | None = None
) -> Manifest:
    """Return all stacks of the inputs in `number` shards, and write them to `file` if it is given.

    `past` is as of `past_seconds`. Without it the same inputs give the same shards on every
    machine.

    Raises:
        ToolFailed: the file cannot be written.
        ValueError: the number is out of reach.
    """
    manifest = make_manifest(_stacks(inputs), number, past)
    if file is not None:
        write_text(file, manifest_json(manifest))
    return manifest


def manifest_for(inputs: Inputs, choice: str, file: Path | None = None) -> Manifest:
    """Return the manifest that `choice`, as in `3/8`, is of: the file's, or one by size alone.

    Raises:
        ToolFailed: the file is no manifest, or is one of other stacks.
        ValueError: there is no such shard.
    """
    if file is None:
        return shards_of(inputs, parse_choice(choice)[1])
    manifest = read_shards(file)
    _require_same(manifest, inputs, file)
    chosen_shard(manifest, choice)
    return manifest


def shard_of(manifest: Manifest, choice: str) -> ShardOf:
    """Return what run.json says of a shard.

    Raises:
        ValueError: there is no such shard.
    """
    return ShardOf(manifest.digest, chosen_shard(manifest, choice).index, manifest.number)


def read_shards(file: Path) -> Manifest:
    """Return the manifest of a file.

    Raises:
        ToolFailed: it is none.
    """
    remedy = f"make it: gateprint shards --number N --manifest {file}"
    try:
        with file.open(encoding="utf-8") as opened:
            return read_manifest(opened.read(_LARGEST_BYTES))
    except OSError as error:
        problem = f"{file} cannot be read: {error.strerror or error}"
        raise ToolFailed(problem, remedy) from error
    except ValueError as error:
        raise ToolFailed(f"{file} is no manifest of shards: {error}", remedy) from error


def past_seconds(runs: Path = RUNS) -> Mapping[str, float]:
    """Return how long the last plan of each stack took, from the newest runs of a folder."""
    found: dict[str, float] = {}
    for folder in list(runs_in(runs))[-_MOST_RUNS:]:
        try:
            run = folder.read()
        except ToolFailed:
            continue
        found |= {each.stack: each.seconds for each in run.stacks if each.seconds > 0}
    return found


def _stacks(inputs: Inputs) -> list[ShardStack]:
    needs = prerequisites(inputs.blueprints)
    accounts = [_account(each) for each in inputs.environments]
    return accounts + [_stack(each, needs[each.stack]) for each in inputs.blueprints]


def _account(environment: Environment) -> ShardStack:
    name, account = environment.account_stack, environment.account
    return ShardStack(name, account, environment.region, size=1.0, is_account=True)


def _stack(blueprint: ResolvedBlueprint, needs: tuple[str, ...]) -> ShardStack:
    where = blueprint.environment
    return ShardStack(blueprint.stack, where.account, where.region, _size(blueprint), needs)


def _size(blueprint: ResolvedBlueprint) -> float:
    """Return how much there is to plan: a start of its own, and what each part adds to it."""
    parts = (blueprint.stages, blueprint.functions, blueprint.roles)
    routes = sum(len(each.routes) for each in blueprint.apis)
    return float(1 + routes + sum(len(each) for each in parts))


def _require_same(manifest: Manifest, inputs: Inputs, file: Path) -> None:
    """Refuse a manifest of other stacks: one that is in no shard would never be planned."""
    wanted = {each.stack for each in _stacks(inputs)}
    differing = sorted(wanted ^ set(manifest.stacks))
    if differing:
        raise ToolFailed(
            f"{file} was made for other stacks: {', '.join(differing[:5])} differ",
            f"make it anew: gateprint shards --number {manifest.number} --manifest {file}",
        )
