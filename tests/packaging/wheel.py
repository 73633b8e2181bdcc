"""The wheel, built from a copy of the repository, and installed into an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import ROOT

_SECONDS = 300
_NEEDED = ("LICENSE", "README.md", "pyproject.toml", "setup.py", "main.py", "cdktf.json")
_NEEDED_TOO = ("package.json", ".npmrc", "blueprints", "config", "gateprint", "lambdas")


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment with gateprint from its wheel: the file, and its Python."""

    wheel: Path
    python: Path

    def gateprint(self, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a verb in a folder, with nothing of this repository on the way."""
        keep = {"PATH", "HOME", "LANG", "GATEPRINT_TERRAFORM", "GATEPRINT_PROVIDER_MIRROR"}
        environ = {name: value for name, value in os.environ.items() if name in keep}
        program = str(self.python.parent / "gateprint")
        return _run([program, *words], cwd, environ)


def build_wheel(folder: Path) -> Path:
    """Build the wheel with the build backend that is installed here, as pip does."""
    source = folder / "source"
    source.mkdir()
    ignored = shutil.ignore_patterns("__pycache__")
    for name in (*_NEEDED, *_NEEDED_TOO):
        whole = ROOT / name
        if whole.is_dir():
            shutil.copytree(whole, source / name, ignore=ignored)
        else:
            shutil.copy(whole, source / name)
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    _pip("wheel", *options, "--wheel-dir", str(folder / "dist"), ".", cwd=source)
    shutil.rmtree(source)
    return next((folder / "dist").glob("*.whl"))


def install(wheel: Path, folder: Path) -> Installed:
    """Install the wheel into a new environment, which borrows the other packages from this one."""
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder)], folder.parent)
    python = folder / "bin" / "python"
    own = folder / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    # Packages of this environment are found, but not what its own .pth files add: the repository.
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    options = ["--no-deps", "--no-index", "--quiet", "--ignore-installed"]
    _pip("--python", str(python), "install", *options, str(wheel), cwd=folder)
    return Installed(wheel, python)


def _pip(*words: str, cwd: Path) -> None:
    _run([sys.executable, "-m", "pip", "--disable-pip-version-check", *words], cwd, check=True)


def _run(
    words: list[str], cwd: Path, environ: dict[str, str] | None = None, *, check: bool = False
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        words,
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done
