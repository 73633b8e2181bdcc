"""Shards on machines of their own, one of them killed while it applies: what one process does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateprint.terraform.runs.journal import read_journal
from gateprint.terraform.runs.report import Report, timeless
from gateprint.terraform.runs.report_json import read_report
from gateprint.terraform.shards.manifest import Manifest, read_manifest
from tests.support.machines import Machine, Machines, result, standing_machines

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]

NAMES = ("ants", "bees", "cats", "dogs")
STACKS = {"account-local", *(f"{name}-local" for name in NAMES)}
# Nothing that a review has to refuse.
_BLUEPRINT = """\
blueprint: 1
name: @name@
stages:
  dev: {environment: nonprod}
apis:
  @name@:
    routes:
      GET /ping:
        mock: {status: 200, body: "pong"}
roles:
  @name@-reader:
    identity_provider: auth0
    allow:
      - {stages: all, routes: [GET /ping]}
"""
NUMBER = 2
KILLED = 2


@dataclass(frozen=True, slots=True)
class Sharded:
    """What the machines of a sharded plan and apply have left behind."""

    manifest: Manifest
    stack: str
    killed: Machine
    planned: Report
    applied: Report


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    blueprints = {name: _BLUEPRINT.replace("@name@", name) for name in NAMES}
    with standing_machines(tmp_path_factory.mktemp("machines"), blueprints) as machines:
        yield machines


@pytest.fixture(scope="module")
def alone(machines: Machines) -> Report:
    """What one process reports that plans and applies everything."""
    machine = machines.new("alone")
    machine.tell("plan", "--out", "run")
    machine.tell("review", "run")
    machine.tell("apply", "run")
    report = reported(machine, "run")
    machines.forget_everything()
    return report


@pytest.fixture(scope="module")
def sharded(machines: Machines, alone: Report) -> Sharded:
    """Each step on machines that have only what the steps before have sent."""
    assert alone.exit_code == 0
    shards = machines.estate.root.parent / "shards.json"
    machines.new("divider").tell("plan", "--shards", str(NUMBER), "--manifest", str(shards))
    manifest = read_manifest(shards.read_text(encoding="utf-8"))
    plan_everywhere(machines, shards)
    planned = reviewed(machines.new("reviewer"), shards)
    stack = manifest.shards[KILLED - 1].stacks[0]
    apply_everywhere(machines, shards, stack)
    last = machines.new("last")
    last.tell("bundle", "pull", "--manifest", str(shards), "--out", "all")
    applied = reported(last, *runs(), "--merge")
    killed = Machine(machines.estate.root.parent / f"applier-{KILLED}", last.environ)
    return Sharded(manifest, stack, killed, planned, applied)


def plan_everywhere(machines: Machines, shards: Path) -> None:
    """Plan all shards at the same time, and send the runs away."""
    planners = [machines.new(f"planner-{number + 1}") for number in range(NUMBER)]
    started = [
        each.start("plan", *of_shard(number, shards), "--out", "run")
        for number, each in enumerate(planners, start=1)
    ]
    for process, machine in zip(started, planners, strict=True):
        result(process)
        machine.tell("bundle", "push", "run")


def reviewed(machine: Machine, shards: Path) -> Report:
    """Fetch all runs, review them, and send them back; return what they are together."""
    machine.tell("bundle", "pull", "--manifest", str(shards), "--out", "all")
    report = reported(machine, *runs(), "--merge")
    for run in runs():
        machine.tell("review", run)
        machine.tell("bundle", "push", run)
    return report


def apply_everywhere(machines: Machines, shards: Path, stack: str) -> None:
    """Apply shard by shard; the one is killed when Terraform writes the state of a stack."""
    for number in range(1, NUMBER + 1):
        machine = machines.new(f"applier-{number}")
        machine.tell("bundle", "pull", *of_shard(number, shards), "--out", "run")
        if number == KILLED:
            kill_while_applying(machines, machine, stack)
            machine.tell("apply", "--resume", "run")
        else:
            machine.tell("apply", "run")
        machine.tell("bundle", "push", "run")


def kill_while_applying(machines: Machines, machine: Machine, stack: str) -> None:
    with machines.estate.cloud.gate("PUT", f"/gateprint/{stack}.tfstate") as gate:
        process = machine.start("apply", "run")
        gate.wait()
        process.kill()
        process.communicate()
        assert process.returncode == -9


def of_shard(number: int, shards: Path) -> tuple[str, ...]:
    return ("--shard", f"{number}/{NUMBER}", "--manifest", str(shards))


def runs() -> tuple[str, ...]:
    return tuple(f"all/{number}" for number in range(1, NUMBER + 1))


def reported(machine: Machine, *words: str) -> Report:
    return read_report(machine.tell("report", *words, "--format", "json"))


def test_every_stack_is_in_one_shard_and_each_shard_has_some(sharded: Sharded) -> None:
    stacks = [each for shard in sharded.manifest.shards for each in shard.stacks]
    assert sorted(stacks) == sorted(STACKS)
    assert all(each.stacks for each in sharded.manifest.shards)


def test_the_plans_of_the_shards_are_those_of_one_process(sharded: Sharded, alone: Report) -> None:
    ours = {each.stack: (each.digest, each.counts) for each in sharded.planned.stacks}
    assert ours == {each.stack: (each.digest, each.counts) for each in alone.stacks}
    assert sharded.planned.outcomes == {"planned": len(STACKS)}


def test_the_shards_together_report_what_one_process_does(sharded: Sharded, alone: Report) -> None:
    assert timeless(sharded.applied) == timeless(alone)
    assert sharded.applied.outcomes == alone.outcomes == {"applied": len(STACKS)}
    assert (sharded.applied.exit_code, sharded.applied.missing) == (0, ())


def test_the_killed_process_was_cut_off_and_applied_nothing_twice(sharded: Sharded) -> None:
    events = read_journal(sharded.killed.run("run") / "journal.jsonl")
    kinds = [each["event"] for each in events]
    assert kinds.count("apply-started") == 2
    assert kinds.count("apply-ended") == 1
    begun = [each["stack"] for each in events if each["event"] == "applying"]
    assert begun.count(sharded.stack) == 1
    assert len(begun) == len(set(begun))


def test_every_state_is_whole_and_no_lock_is_left(sharded: Sharded, machines: Machines) -> None:
    for each in sharded.applied.stacks:
        state = machines.estate.state(each.stack)
        assert len(state["resources"]) == sum(each.counts.values()), each.stack
        assert not machines.estate.is_locked(each.stack)


def test_afterwards_nothing_is_to_be_done_and_terraform_does_not_start(
    sharded: Sharded, machines: Machines
) -> None:
    assert sharded.applied.stacks
    before = len(machines.terraform.commands)
    machine = machines.new("later")
    output = machine.tell("plan", "--out", "run")
    assert f"{len(STACKS)} unchanged" in output
    assert machines.terraform.commands[before:] == []
    assert reported(machine, "run").outcomes == {"unchanged": len(STACKS)}
