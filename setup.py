"""Puts the example project into the wheel, for `gateprint init`; all else is in pyproject.toml."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
PARTS = ROOT / "gateprint" / "workflow" / "templates" / "project" / "parts.txt"


def example_files() -> Iterator[Path]:
    """Yield the example's files: those of the repository, which are thus in one place alone."""
    for part in PARTS.read_text(encoding="utf-8").split():
        path = ROOT / part
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (each for each in found if each.is_file() and "__pycache__" not in each.parts)


class BuildWithExample(build_py):
    """Copies the example beside the modules, as `gateprint/project`."""

    def run(self) -> None:
        """Build the modules, then the example."""
        super().run()
        if not self.editable_mode:
            for _, target in self._example():
                target.parent.mkdir(parents=True, exist_ok=True)
            for source, target in self._example():
                shutil.copyfile(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:  # noqa: FBT001, FBT002
        """Return what is built, the example too."""
        added = [] if self.editable_mode else [str(target) for _, target in self._example()]
        return [*super().get_outputs(include_bytecode), *added]

    def _example(self) -> Iterator[tuple[Path, Path]]:
        to = Path(self.build_lib) / "gateprint" / "project"
        return ((each, to / each.relative_to(ROOT)) for each in example_files())


setup(cmdclass={"build_py": BuildWithExample})
