"""The worst files of the full size get their answer, within 200 MB, and none of them hangs.

What takes more than a second is found by `make fuzz`, which measures; the limit here is for hangs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.measure import Command, measure
from tests.fuzz import worst
from tests.fuzz.conftest import PEAK_BYTES
from tests.fuzz.corpus import ROOT
from tests.fuzz.launcher import Cost, Launcher

_CPU_SECONDS = 10.0
# More than this nobody reads, and no terminal shows in a second.
_LONGEST_OUTPUT = 300_000
# Each of these once took long, hung or printed many megabytes; `make fuzz` tries all of them.
KNOWN = (
    *("aliases", "duplicate keys of one byte", "merge keys", "tags in one line", "complex keys"),
    *("unknown fields in one line, as many as are read", "a path of many parameters"),
    *("unknown routes in one line, as many as are read", "misspelt routes, as many as are read"),
    *("roles beside routes, as many as are read", "beginnings of secrets", "tabs in a value"),
    *("overreaches of one role, as many as are read", "open parameters of an address"),
)
EVERY_BLUEPRINT = worst.blueprints()
BLUEPRINTS = {kind: EVERY_BLUEPRINT[kind] for kind in KNOWN}
ENVIRONMENTS = dict(list(worst.environments().items())[:4])


def assert_answered(cost: Cost) -> None:
    """See that there was an answer, in time, and short enough to be read."""
    assert cost.code in {0, 1}, cost.errors
    assert cost.errors == ""
    assert cost.cpu_seconds <= _CPU_SECONDS
    assert cost.peak <= PEAK_BYTES
    assert len(cost.output) <= _LONGEST_OUTPUT


@pytest.mark.parametrize("kind", BLUEPRINTS)
def test_a_blueprint_of_the_full_size_is_answered(
    kind: str, project: Path, launcher: Launcher
) -> None:
    for path in (project / "blueprints").glob("*.yaml"):
        path.unlink()
    (project / "blueprints" / "pets.yaml").write_bytes(BLUEPRINTS[kind].encode())
    assert_answered(launcher.run(project, "validate"))


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_an_environment_of_the_full_size_is_answered(
    kind: str, project: Path, launcher: Launcher
) -> None:
    (project / "config" / "nonprod.yaml").write_bytes(ENVIRONMENTS[kind].encode())
    assert_answered(launcher.run(project, "validate"))


def test_every_worst_file_is_of_the_full_size() -> None:
    for files in (BLUEPRINTS, ENVIRONMENTS):
        sizes = {kind: len(text.encode()) for kind, text in files.items()}
        odd = {kind: size for kind, size in sizes.items() if not 0 <= worst.SIZE - size < 300}
        assert odd == {}


def test_a_forked_run_costs_what_a_whole_process_does(project: Path, launcher: Launcher) -> None:
    argv = (sys.executable, "-m", "gateprint", "validate", "--config", str(project / "config"))
    environ = {"PYTHONPATH": str(ROOT)}
    whole = measure(Command("validate", argv, environ, 1))
    forked = launcher.run(ROOT, "validate", "--config", str(project / "config"))
    assert forked.code == 0
    assert forked.peak == pytest.approx(whole.tree_bytes, rel=0.35)
