"""Measures the worst files of the full size: processor time and memory of the whole answer."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import worst
from tests.fuzz.corpus import ROOT
from tests.fuzz.launcher import Cost, Launcher

MOST_SECONDS = 1.0
MOST_BYTES = 200 * 1024 * 1024
_TURNS = 2


@dataclass(frozen=True, slots=True)
class Measured:
    """One worst file, and what its answer cost at best: what else runs only makes it dearer."""

    kind: str
    cost: Cost

    @property
    def is_too_dear(self) -> bool:
        """Tell whether it took more than is promised, or got no answer."""
        is_answered = self.cost.code in {0, 1} and not self.cost.errors
        is_cheap = self.cost.cpu_seconds <= MOST_SECONDS and self.cost.peak <= MOST_BYTES
        return not (is_answered and is_cheap)


def measure_all() -> int:
    """Print what each costs that costs too much, and the dearest; return 1 where one does."""
    measured = list(_measured())
    for each in measured:
        if each.is_too_dear:
            sys.stdout.write(f"FOUND {_line(each)}\n")
    dearest = max(measured, key=lambda each: each.cost.cpu_seconds)
    sys.stdout.write(f"{len(measured)} worst files; the slowest: {_line(dearest)}\n")
    return int(any(each.is_too_dear for each in measured))


def _line(one: Measured) -> str:
    mib = one.cost.peak // (1024 * 1024)
    return f"{one.kind}: {one.cost.cpu_seconds:.2f} s of processor time, {mib} MiB"


def _measured() -> Iterator[Measured]:
    launcher = Launcher()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for kind, place, text in _files():
                project = _project(Path(folder) / "project")
                (project / place).write_bytes(text.encode())
                costs = [launcher.run(project, "validate") for _ in range(_TURNS)]
                yield Measured(kind, min(costs, key=lambda each: each.cpu_seconds))
    finally:
        launcher.close()


def _files() -> Iterator[tuple[str, str, str]]:
    for kind, text in worst.blueprints().items():
        yield kind, "blueprints/pets.yaml", text
    for kind, text in worst.environments().items():
        yield f"{kind} (environment)", "config/nonprod.yaml", text


def _project(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("config", "lambdas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "blueprints").mkdir()
    return folder
