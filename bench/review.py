"""`gateprint review` of a run of hundreds of stacks that change alike, with two outliers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from bench.estate import write_small_estate
from bench.measure import Command, CommandFailed, Series, interleave, measure
from bench.report import Report, Target
from bench.validate import conditions

APP = Path(__file__).parents[1]
STACKS = 500
SECONDS = 10.0
# GitHub takes no longer comment.
MOST_BYTES = 65_536
FIRST_LINES = 40
_OUTLIERS: Mapping[str, Mapping[str, object]] = {
    "shop-137": {"throttle": {"rate": 300, "burst": 50}},
    "shop-404": {"tracing": True},
}
_FORMATS = ("text", "markdown")


def review_of_many(runs: int, count: int = STACKS) -> Report:
    """Review a run of 500 stacks of one stage, whose throttles change; two in another way.

    Raises CommandFailed.
    """
    with _project(count) as project:
        words = (sys.executable, "-m", "bench.planned", "runs/many")
        first = Command("first synth, and the run", words, _environ(), 1, project, 1.0)
        made = Series(first.name, (measure(first),))
        review = (sys.executable, "-m", "gateprint", "review", "runs/many", "--format")
        commands = [
            Command(f"review, {form}", (*review, form), _environ(), runs, project)
            for form in _FORMATS
        ]
        series = interleave(commands, lambda each, _: each)
        texts = {each.name: _output(each) for each in commands}
    return Report(
        title=f"Review of a run of {count} changed stacks",
        conditions=conditions(
            "stacks of four routes, one function and one role; what was synthesized is kept",
            f"Markdown: {len(texts['review, markdown'].encode()):,} bytes",
        ),
        series=(made, *series),
        targets=tuple(
            Target(f"{SECONDS:g} s : {each.name}", SECONDS / each.wall_seconds, 1)
            for each in series
        ),
        failure=_faults(texts),
    )


@contextmanager
def _project(count: int) -> Iterator[Path]:
    """Yield a folder with this project's environments and functions, and many blueprints."""
    with tempfile.TemporaryDirectory(prefix="gateprint-bench-") as place:
        project = Path(place)
        for each in ("config", "lambdas"):
            shutil.copytree(APP / each, project / each)
        # What it accepts are findings of the examples.
        (project / "config" / "review.yaml").unlink(missing_ok=True)
        write_small_estate(project / "blueprints", count)
        for path in (project / "blueprints").iterdir():
            _throttle(path)
        yield project


def _throttle(path: Path) -> None:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    usual = {"throttle": {"rate": 200, "burst": 50}, "access_log": {}}
    written["stages"]["dev"] |= {**usual, **_OUTLIERS.get(path.stem, {})}
    path.write_text(yaml.safe_dump(written, sort_keys=False, width=100), encoding="utf-8")


def _environ() -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("GATEPRINT_")}
    return {**own, "PYTHONPATH": str(APP)}


def _output(command: Command) -> str:
    done = subprocess.run(
        command.argv,
        cwd=command.directory,
        env=dict(command.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandFailed(f"{command.name} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def _faults(texts: dict[str, str]) -> str:
    """Say what a reader would miss."""
    for name, text in texts.items():
        screen = "\n".join(text.splitlines()[:FIRST_LINES])
        missing = [each for each in _OUTLIERS if each not in screen]
        if missing:
            return f"{name}: {' and '.join(missing)} not within the first {FIRST_LINES} lines"
    size = len(texts["review, markdown"].encode())
    return f"the Markdown has {size:,} bytes" if size > MOST_BYTES else ""
