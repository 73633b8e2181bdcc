"""The examples' stacks, synthesized once in a test run however many modules and processes ask."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import ROOT


def synth(outdir: Path, project: Path = ROOT, **environ: str) -> Path:
    """Synthesize in a process of its own, as cdktf does."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("GATEPRINT_")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py")],
        cwd=project,
        env={**clean, **environ, "CDKTF_OUTDIR": str(outdir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return outdir


def real_stacks(factory: pytest.TempPathFactory) -> Path:
    """Return the output folder of all environments that the examples name; do not change it."""
    return _once(factory, "real")


def local_stacks(factory: pytest.TempPathFactory) -> Path:
    """Return the output folder of the rehearsal's environment; do not change it."""
    return _once(factory, "local", GATEPRINT_ENVIRONMENT="local")


def _once(factory: pytest.TempPathFactory, name: str, **environ: str) -> Path:
    # The processes of pytest-xdist have folders of their own, side by side in that of the run.
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "synthesized"
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name / "manifest.json").exists():
            synth(folder / name, ROOT, **environ)
    return folder / name
