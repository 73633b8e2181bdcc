"""A folder with the real environments and functions, in which documents take turns."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from gateprint.workflow.places import Places
from tests.fuzz.cases import Case
from tests.fuzz.corpus import ROOT

_NAME = {"blueprint": "blueprints/fuzzed.yaml", "environment": "config/nonprod.yaml"}
_BLUEPRINTS = sorted(f"blueprints/{path.name}" for path in (ROOT / "blueprints").glob("*.yaml"))
_REAL = {name: (ROOT / name).read_bytes() for name in (*_BLUEPRINTS, "config/nonprod.yaml")}


@dataclass(frozen=True, slots=True)
class Project:
    """The folder at `root`."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> Project:
        """Copy what the documents refer to."""
        for name in ("config", "lambdas"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, root / name, ignore=ignored, dirs_exist_ok=True)
        (root / "blueprints").mkdir(exist_ok=True)
        return cls(root)

    def put(self, case: Case, data: bytes) -> None:
        """Write the document to its place, and the real files to theirs."""
        files: dict[Path, bytes | None] = {self.root / name: _REAL[name] for name in _REAL}
        if not case.beside:
            files |= dict.fromkeys(self.root / name for name in _BLUEPRINTS)
        files[self.root / _NAME["blueprint"]] = None
        files[self.path(case)] = data
        for path, content in files.items():
            _make_equal(path, content)

    def path(self, case: Case) -> Path:
        """Return the place of the document."""
        return self.root / _NAME[case.kind]

    def places(self, case: Case) -> Places:
        """Return what `load` takes."""
        return Places(
            project=self.root,
            blueprints=self.root / "blueprints",
            config=self.root / "config",
            lambdas=self.root / "lambdas",
            environment=case.environment,
        )

    def texts(self) -> dict[str, str]:
        """Return the files that a diagnostic may point into, by their paths."""
        files = sorted(self.root.glob("*/*.yaml"))
        return {str(path): path.read_bytes().decode("utf-8", "replace") for path in files}


def _make_equal(path: Path, content: bytes | None) -> None:
    """Write a file, or remove it; most are as they should be, and writing takes the time."""
    if content is None:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
