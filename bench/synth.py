"""Cold synth of the pets blueprint: gateprint's fast start of CDKTF beside stock CDKTF."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from math import ceil
from pathlib import Path

from bench.measure import Command, interleave, measure
from bench.report import Report, Target

APP = Path(__file__).parents[1] / "main.py"
TIMES_FASTER = 10
TIMES_SMALLER = 3

# What a shell may have set, and what would change one of the two commands.
_DECISIVE = ("NODE_OPTIONS", "GATEPRINT_FAST_SYNTH", "PYTHONDONTWRITEBYTECODE")


def cold_synth(runs: int, app: Path = APP) -> Report:
    """Synthesize `runs` times fast and three fifths as often stock; compare all that is written.

    Raises CommandFailed where the app does.
    """
    with tempfile.TemporaryDirectory(prefix="gateprint-bench-") as place:
        home = Path(place) / "out"
        home.mkdir()
        fast, stock = _commands(runs, app, _pets_alone(Path(place) / "blueprints"))
        measure(_writing_to(fast, home / "warm-up"))  # fills jsii's package cache; not counted
        series = interleave(
            (fast, stock),
            lambda command, turn: _writing_to(command, home / f"{command.name}-{turn}"),
        )
        failure = _difference(sorted(home.iterdir()))
    ours, theirs = series
    return Report(
        title="Cold synth of the pets blueprint",
        conditions=_conditions(),
        series=series,
        targets=(
            Target("time, stock : fast", theirs.wall_seconds / ours.wall_seconds, TIMES_FASTER),
            Target("memory, stock : fast", theirs.tree_bytes / ours.tree_bytes, TIMES_SMALLER),
        ),
        failure=failure,
    )


def _pets_alone(folder: Path) -> Path:
    """Copy the one blueprint to a folder of its own, and return the folder."""
    folder.mkdir()
    shutil.copy(APP.parent / "blueprints" / "pets.yaml", folder)
    return folder


def _commands(runs: int, app: Path, blueprints: Path) -> tuple[Command, Command]:
    inherited = {name: value for name, value in os.environ.items() if name not in _DECISIVE}
    chosen = {"GATEPRINT_ENVIRONMENT": "local", "GATEPRINT_BLUEPRINTS": str(blueprints)}
    chosen["GATEPRINT_NO_CACHE"] = "1"
    environ = {**inherited, **chosen}
    fast = Command("fast", (sys.executable, str(app)), environ, runs)
    stock_environ = {**environ, "GATEPRINT_FAST_SYNTH": "0"}
    return fast, replace(fast, name="stock", environ=stock_environ, runs=ceil(runs * 3 / 5))


def _writing_to(command: Command, directory: Path) -> Command:
    return replace(command, environ={**command.environ, "CDKTF_OUTDIR": str(directory)})


def _difference(directories: list[Path]) -> str:
    """Say how the written trees differ; empty where they are the same, byte by byte."""
    first, *others = directories
    expected = _files(first)
    if not expected:
        return "nothing was written"
    for other in others:
        found = _files(other)
        differing = sorted(
            name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)
        )
        if differing:
            return f"{first.name} and {other.name} differ in {', '.join(differing)}"
    return ""


def _files(directory: Path) -> Mapping[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {file.relative_to(directory).as_posix(): file.read_bytes() for file in files}


def _conditions() -> tuple[str, ...]:
    return (
        "cold: each run is a new process, from start to exit, with a warm jsii package cache",
        "stock: CDKTF as it is published (GATEPRINT_FAST_SYNTH=0); fast and stock take turns",
        f"{_versions()}; {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
    )


def _versions() -> str:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    programs = f"Python {platform.python_version()}, Node {node.stdout.strip().removeprefix('v')}"
    packages = ("gateprint", "cdktf", "cdktf-cdktf-provider-aws", "jsii")
    return ", ".join((programs, *(f"{package} {version(package)}" for package in packages)))
