"""`gateprint plan`: changed stacks beside bare Terraform, and stacks of which none has changed."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bench.estate import running_estate, write_estate, write_small_estate
from bench.measure import Command, CommandFailed, Series, interleave, measure
from bench.report import Report, Target
from bench.validate import conditions
from gateprint.terraform.binary import find_terraform
from gateprint.terraform.environment import detached_environment
from gateprint.terraform.memory import go_settings, look
from gateprint.terraform.store import command_settings, prepare_store
from tests.support.held_terraform import HeldTerraform
from tests.support.project import ROOT, Project

CHANGED, UNCHANGED = 12, 200
LEAST_RUNS = 3
# gateprint : bare; written the other way round, because a target is a least value.
DEARER = 1.05
UNCHANGED_SECONDS = 3.0
# A plan takes minutes, and a look at all processes some milliseconds.
_SAMPLE_SECONDS = 0.25
_CACHE = Path(".gateprint") / "cache"
# What gateprint starts beside the plan itself, and whoever plans by hand starts as well.
_PLAN = "terraform plan -out=plan.tfplan -json -lock=false -input=false"
_LOCK = ".terraform.lock.hcl"


def changed_stacks(runs: int, count: int = CHANGED) -> Report:
    """Plan stacks that are not deployed yet: gateprint's whole command, and Terraform's alone.

    Raises CommandFailed.
    """
    runs = max(runs, LEAST_RUNS)
    with running_estate(write_small_estate, count) as project:
        # Fills the caches of synth and init, and tells how many plans run at once here.
        warm = _plan(project, "warm", runs)
        measure(_into(warm, "first"))
        at_once = _at_once(project.root / "runs" / "first" / "journal.jsonl")
        bare = _bare(project, runs, at_once)
        cold = replace(warm, name="gateprint plan, nothing kept", runs=1)
        series = interleave((warm, bare, cold), lambda each, turn: _fresh(each, turn, cold.name))
    ours, theirs, *_ = series
    return Report(
        title=f"Planning {count} changed stacks, and the account's own",
        conditions=conditions(
            f"gateprint plan --all: load, synth, plan, show, masking, files; GOGC {_gogc()}",
            "what was synthesized and initialised before is kept, but for the one that says so",
            f"bare: {_PLAN}, in folders that are initialised, by xargs -P {at_once}",
            f"as many at once as gateprint, which had {at_once}; nothing is deployed",
            f"what they computed, bare : gateprint: {theirs.cpu_seconds / ours.cpu_seconds:.2f} ×",
        ),
        series=series,
        targets=(
            Target(
                f"bare : gateprint, time ({DEARER} × the time at most)",
                theirs.wall_seconds / ours.wall_seconds,
                round(1 / DEARER, 3),
            ),
        ),
    )


def unchanged_stacks(runs: int, count: int = UNCHANGED) -> Report:
    """Plan stacks that the state bucket knows as they are. Raises CommandFailed."""
    with running_estate(write_estate, count) as project:
        terraform = HeldTerraform.of(project.root / "counted", _terraform())
        environ = {**_environ(project), "GATEPRINT_TERRAFORM": str(terraform.path)}
        words = (sys.executable, "-m", "bench.applied")
        first = Command("first synth, and records", words, environ, 1, project.root, 1.0)
        found = Series(first.name, (measure(first),))
        plan = _plan(project, "unchanged", runs)
        plan = replace(plan, environ=environ, sample_seconds=first.sample_seconds)
        (series,) = interleave((plan,), _into_turn)
        started = len(terraform.commands)
        failure = _remarks(project.root / "runs", started)
    return Report(
        title=f"Planning {count} stacks without a change, and the account's own",
        conditions=conditions(
            "blueprints of 20 routes and 4 roles, three stages each; what was synthesized is kept",
            f"Terraform commands that were started (but for version): {started}",
        ),
        series=(found, series),
        targets=(
            Target(
                f"{UNCHANGED_SECONDS:g} s : {count} unchanged",
                UNCHANGED_SECONDS / series.wall_seconds,
                1,
            ),
        ),
        failure=failure,
    )


def _environ(project: Project) -> dict[str, str]:
    """Return what a user's shell has, whatever this one has set for Go and for gateprint."""
    own = {
        name: text for name, text in project.environ.items() if name not in {"GOGC", "GOMEMLIMIT"}
    }
    return {**own, "PYTHONPATH": str(ROOT)}


def _plan(project: Project, name: str, runs: int) -> Command:
    words = (sys.executable, "-m", "gateprint", "plan")
    return Command(
        f"gateprint plan, {name}", words, _environ(project), runs, project.root, _SAMPLE_SECONDS
    )


def _into(plan: Command, run: str, *more: str) -> Command:
    return replace(plan, argv=(*plan.argv, *more, "--out", f"runs/{run}"))


def _into_turn(plan: Command, turn: int) -> Command:
    return _into(plan, f"run-{turn}")


def _fresh(command: Command, turn: int, cold: str) -> Command:
    """Give a plan a run of its own, and one that is to be cold an empty cache."""
    if command.argv[0] != sys.executable:
        return command
    if command.name == cold:
        shutil.rmtree((command.directory or Path()) / _CACHE, ignore_errors=True)
    name = "cold" if command.name == cold else "warm"
    return _into(command, f"{name}-{turn}", "--all")


def _bare(project: Project, runs: int, at_once: int) -> Command:
    """Return the bare command, with all folders initialised."""
    home = project.root / "bare"
    binary = find_terraform(project.root, os.environ)
    store = prepare_store(project.root, binary, os.environ, _say_nothing)
    environ = detached_environment(_environ(project)) | command_settings(store, project.root)
    environ["PATH"] = f"{binary.path.parent}{os.pathsep}{environ['PATH']}"
    for each in sorted((project.root / "runs" / "first" / "stacks").iterdir()):
        folder = home / each.name
        shutil.copytree(each / "configuration", folder)
        shutil.copyfile(store.lock, folder / _LOCK)
        words = (str(binary.path), "init", "-input=false", "-lockfile=readonly")
        measure(Command(f"init of {each.name}", words, environ, 1, folder, _SAMPLE_SECONDS))
    script = f'cd "{home}/$1" && exec {_PLAN} > plan.log'
    line = f"ls {shlex.quote(str(home))} | xargs -P {at_once} -n 1 sh -c {shlex.quote(script)} sh"
    return Command("bare terraform plan", ("sh", "-c", line), environ, runs, home, _SAMPLE_SECONDS)


def _at_once(journal: Path) -> int:
    """Return how many stacks were planned at the same time at most."""
    now = most = 0
    for line in journal.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)["event"]
        now += (event == "planning") - (event == "planned")
        most = max(most, now)
    if not most:
        raise CommandFailed("gateprint planned nothing")
    return most


def _remarks(runs: Path, started: int) -> str:
    """Say what was not as it should be with runs in which nothing was to be done."""
    if started:
        return f"Terraform was started {started} times"
    for each in sorted(runs.iterdir()):
        stacks = json.loads((each / "run.json").read_text(encoding="utf-8"))["stacks"]
        found = {one["decision"] for one in stacks}
        if found != {"unchanged"}:
            return f"{each.name}: {', '.join(sorted(found))}"
    return ""


def _terraform() -> Path:
    return find_terraform(ROOT, os.environ).path


def _gogc() -> str:
    settings: Mapping[str, str] = go_settings(look(), {})
    return settings.get("GOGC", "as it is")


def _say_nothing(_message: str) -> None:
    """A progress that nobody watches."""
