"""`gateprint validate` on one blueprint, and on estates of hundreds and a thousand."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

from bench.estate import write_estate
from bench.measure import Command, Series, interleave
from bench.report import MIB, Report, Target

ONE_SECONDS, MANY_SECONDS, MANY_MIB = 0.35, 6.0, 400.0
HALF, MANY = 500, 1_000
# Twice the blueprints take twice the time; runs of one machine differ by a tenth either way.
GROWTH = 2.4
# What it takes to parse the same files with libyaml, and nothing else.
_PARSE = "import pathlib, sys, yaml\nfor path in pathlib.Path(sys.argv[1]).iterdir():\n"
_PARSE += "    yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)\n"


def validation(runs: int) -> Report:
    """Validate one, 500 and 1,000 blueprints of 20 routes and 4 roles, each a whole process."""
    with tempfile.TemporaryDirectory(prefix="gateprint-bench-") as place:
        estates = {count: Path(place) / str(count) for count in (1, HALF, MANY)}
        for count, folder in estates.items():
            write_estate(folder, count)
        validate = ("-m", "gateprint", "validate", "--blueprints")
        commands = [
            command(f"validate {count:,}", runs, *validate, str(folder))
            for count, folder in estates.items()
        ]
        commands.append(command(f"parse {MANY:,}", runs, "-c", _PARSE, str(estates[MANY])))
        series = interleave(commands, lambda each, _: each)
    one, half, many, parse = series
    return Report(
        title="Validation of blueprints of 20 routes and 4 roles",
        conditions=conditions("parse: libyaml's safe loader on the same files, and nothing else"),
        series=series,
        targets=_targets(one, half, many, parse),
    )


def _targets(one: Series, half: Series, many: Series, parse: Series) -> tuple[Target, ...]:
    growth = (many.wall_seconds - one.wall_seconds) / (half.wall_seconds - one.wall_seconds)
    return (
        Target(f"{ONE_SECONDS} s : one", ONE_SECONDS / one.wall_seconds, 1),
        Target(f"{MANY_SECONDS:g} s : {MANY:,}", MANY_SECONDS / many.wall_seconds, 1),
        Target(f"{MANY_MIB:g} MiB : {MANY:,}", MANY_MIB * MIB / many.tree_bytes, 1),
        Target(f"{GROWTH:g} : growth from {HALF} to {MANY:,}", GROWTH / growth, 1),
        Target("parsing alone : validation", parse.wall_seconds / many.wall_seconds, 0.1),
    )


def command(name: str, runs: int, *arguments: str) -> Command:
    """Return Python with these arguments, without gateprint's own variables."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("GATEPRINT_")}
    return Command(name, (sys.executable, *arguments), environ, runs)


def conditions(*more: str) -> tuple[str, ...]:
    """Return under which conditions was measured."""
    return (
        "each run is a whole process; the environments and functions are this project's",
        *more,
        f"Python {platform.python_version()}; {platform.system()}, {os.cpu_count()} CPUs",
    )
