"""A project of its own for each test, and the answer that every bad input must get."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.corpus import ROOT
from tests.fuzz.launcher import Cost, Launcher

PEAK_BYTES = 200 * 1024 * 1024


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    launcher = Launcher()
    yield launcher
    launcher.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The repository's own inputs, as a project to spoil."""
    for name in ("blueprints", "config", "lambdas"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / "project" / name, ignore=ignored)
    return tmp_path / "project"


def codes_of(cost: Cost) -> set[str]:
    """Return the codes of the diagnostics, after seeing that nothing but these was the answer."""
    assert (cost.code, cost.errors) == (1, "")
    assert cost.peak <= PEAK_BYTES
    codes = set(re.findall(r"error: .*\[([a-z-]+)\]$", cost.output, re.MULTILINE))
    assert codes, cost.output
    return codes
