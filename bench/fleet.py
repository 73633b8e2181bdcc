"""What 10, 100, 1,000 and 3,000 blueprints cost, and a plot of it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from bench.estate import running_estate, write_estate
from bench.measure import Command, Sample, Series, measure
from bench.plot import Line, plot
from bench.report import MIB, Report, Target
from bench.tools import clean
from bench.validate import conditions
from gateprint.terraform.binary import find_terraform
from tests.support.project import ROOT, Project

COUNTS = (10, 100, 1_000, 3_000)
JUDGED = 1_000
CHANGED = 3
SECONDS: Mapping[str, float] = {
    "validate": 6,
    "access": 10,
    "cold synth": 60,
    f"synth, {CHANGED} changed": 4,
    f"plan decision, {CHANGED} changed": 5,
    "review": 10,
}
GIB = 1024 * MIB
PICTURE = ROOT / "docs" / "images" / "blueprints.svg"
# Ten times the blueprints take ten times the time, and what a start takes does not count.
GROWTH = 11.0
_SAMPLE_SECONDS = 0.25
_CACHE = Path(".gateprint") / "cache"
# It says which version it is; to plan is not what is measured, so it fails at once.
_DECIDES_ONLY = """#!/bin/sh
case "$1" in version) exec "@terraform@" "$@" ;; *) exit 1 ;; esac
"""


def many_blueprints(runs: int, counts: Sequence[int] = COUNTS) -> Report:
    """Measure everything on estates of 20 routes, 4 roles and 3 stages each; draw the picture.

    Each once, and up to `runs` times where it takes seconds. Raises CommandFailed.
    """
    found = {count: tuple(_measured(count, runs)) for count in counts}
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(found), encoding="utf-8")
    return Report(
        title="Many blueprints",
        conditions=conditions(
            "blueprints of 20 routes and 4 roles, whose three stages are one stack in the "
            "embedded cloud's environment",
            "plan decision: gateprint plan up to its first plan, against the bucket of the "
            "embedded cloud; of Terraform it asks the version alone",
            f"review: of a run in which all stacks change; cold synth on {os.cpu_count()} CPUs",
        ),
        series=tuple(
            replace(each, name=f"{count:,}: {each.name}")
            for count, series in found.items()
            for each in series
        ),
        targets=_targets(found),
        picture=PICTURE.relative_to(ROOT / "docs").as_posix(),
    )


def picture(found: Mapping[int, Sequence[Series]]) -> str:
    """Return the plot of seconds by number of blueprints, a line per command."""
    points: dict[str, list[tuple[float, float]]] = {}
    for count, series in found.items():
        for each in series:
            points.setdefault(each.name, []).append((count, each.wall_seconds))
    return plot([Line(name, tuple(at)) for name, at in points.items()], "blueprints", "seconds")


def _targets(found: Mapping[int, Sequence[Series]]) -> tuple[Target, ...]:
    judged = {each.name: each for each in found.get(JUDGED, ())}
    targets = [
        Target(f"{seconds:g} s : {name}, {JUDGED:,}", seconds / judged[name].wall_seconds, 1)
        for name, seconds in SECONDS.items()
        if name in judged
    ]
    if judged:
        most = max(each.tree_bytes for each in judged.values())
        targets.append(Target(f"1 GiB : the most memory, {JUDGED:,}", GIB / most, 1))
    if 100 in found and judged:  # noqa: PLR2004
        before = {each.name: each.wall_seconds for each in found[100]}
        targets += [
            Target(
                f"{GROWTH:g} : growth from 100, {name}",
                GROWTH / (each.wall_seconds / before[name]),
                1,
            )
            for name, each in judged.items()
        ]
    return tuple(targets)


def _measured(count: int, runs: int) -> Iterator[Series]:
    few = min(runs, 3) if count >= JUDGED else runs
    with running_estate(write_estate, count) as project:
        for verb in ("validate", "access"):
            yield _series(_command(project, verb, verb), few)
        cold = _command(project, "cold synth", "synth")
        yield _series(cold, 1 if count > 100 else few, lambda _: _forget(project))  # noqa: PLR2004
        measure(_python(project, "records", "-m", "bench.applied"))
        name = f"synth, {CHANGED} changed"
        yield _series(_command(project, name, "synth"), few, lambda turn: _change(project, turn))
        name = f"plan decision, {CHANGED} changed"
        yield _series(_decision(project, name), few, lambda turn: _change(project, few + turn))
        measure(_python(project, "the run", "-m", "bench.planned", "runs/many"))
        yield _series(_command(project, "review", "review", "runs/many", "--format", "text"), few)


def _series(
    command: Command, runs: int, before: Callable[[int], None] = lambda _turn: None
) -> Series:
    samples: list[Sample] = []
    for turn in range(runs):
        before(turn)
        words = tuple(each.replace("TURN", str(turn)) for each in command.argv)
        samples.append(measure(replace(command, argv=words)))
    return Series(command.name, tuple(samples))


def _forget(project: Project) -> None:
    shutil.rmtree(project.root / _CACHE, ignore_errors=True)


def _change(project: Project, turn: int) -> None:
    """Change three blueprints in what their stacks have."""
    for path in sorted((project.root / "blueprints").iterdir())[:CHANGED]:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        written["stages"]["dev"]["throttle"] = {"rate": 100 + turn, "burst": 50}
        path.write_text(yaml.safe_dump(written, sort_keys=False, width=100), encoding="utf-8")


def _command(project: Project, name: str, *words: str) -> Command:
    found = _python(project, name, "-m", "gateprint", *words)
    if words[0] == "review":
        return found
    return replace(found, argv=(*found.argv, "--environment", "local"))


def _python(project: Project, name: str, *words: str) -> Command:
    environ = {**clean(project.environ), "PYTHONPATH": str(ROOT)}
    return Command(name, (sys.executable, *words), environ, 1, project.root, _SAMPLE_SECONDS)


def _decision(project: Project, name: str) -> Command:
    script = project.root / "terraform-that-decides"
    binary = find_terraform(ROOT, os.environ).path
    script.write_text(_DECIDES_ONLY.replace("@terraform@", str(binary)), encoding="utf-8")
    script.chmod(0o755)
    # Before: what a first plan prepares once for a project. 4: no stack could be planned.
    plan = _command(project, name, "plan", "--out", "runs/decision-TURN")
    environ = {**plan.environ, "GATEPRINT_TERRAFORM": str(script)}
    words = ("sh", "-c", '"$@" || [ $? -eq 4 ]', "sh", *plan.argv)
    project.gateprint("setup")
    return replace(plan, argv=words, environ=environ)
