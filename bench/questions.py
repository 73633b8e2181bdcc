"""`gateprint access`, `can` and `who-can` on one blueprint, and on an estate of a thousand."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.estate import ROLES, write_estate
from bench.measure import Series, interleave
from bench.report import Report, Target
from bench.validate import command, conditions

ONE_SECONDS, MANY_SECONDS = 0.4, 10.0
MANY = 1_000
_REQUEST = ("dev", "GET /items/7")
_NAME = "shop-0"
_QUESTIONS = {
    "access": ("access",),
    "access html": ("access", "--format", "html"),
    "can": ("can", f"{_NAME}-role-{ROLES - 1}", *_REQUEST, "--api", _NAME),
    "who-can": ("who-can", *_REQUEST, "--api", _NAME),
}


def questions(runs: int) -> Report:
    """Ask one and 1,000 blueprints of 20 routes and 4 roles, each question a whole process."""
    with tempfile.TemporaryDirectory(prefix="gateprint-bench-") as place:
        estates = {count: Path(place) / str(count) for count in (1, MANY)}
        for count, folder in estates.items():
            write_estate(folder, count)
        commands = [
            command(
                f"{name} {count:,}",
                runs if count == 1 else min(runs, 3),
                *("-m", "gateprint", *arguments, "--blueprints", str(folder)),
            )
            for count, folder in estates.items()
            for name, arguments in _QUESTIONS.items()
        ]
        series = interleave(commands, lambda each, _: each)
    return Report(
        title="Questions about blueprints of 20 routes and 4 roles",
        conditions=conditions(),
        series=series,
        targets=tuple(map(_target, series)),
    )


def _target(series: Series) -> Target:
    seconds = MANY_SECONDS if series.name.endswith(f"{MANY:,}") else ONE_SECONDS
    return Target(f"{seconds:g} s : {series.name}", seconds / series.wall_seconds, 1)
