"""A project in a temporary folder, and the command line run within this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateprint.cli.main import run

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """What one run of the command line left behind."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the repository's inputs, as the current folder."""
    for folder in ("blueprints", "config", "lambdas"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    monkeypatch.chdir(tmp_path)
    for name in ("BLUEPRINTS", "CONFIG", "ENVIRONMENT"):
        monkeypatch.delenv(f"GATEPRINT_{name}", raising=False)
    return tmp_path


@pytest.fixture
def cli(project: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run the command line in the project; no run may show a traceback."""

    def call(*arguments: str) -> Ran:
        code = run(arguments)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return Ran(code, printed.out, printed.err)

    return call
