"""Somebody who follows docs/tutorial.md step by step, in a fresh copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.pages import ROOT, Block, blocks
from tests.support.project import Project, make_project

PAGE = ROOT / "docs" / "tutorial.md"
MARKER = "tutorial: "
# What `make setup` and pytest read, besides what every copy has.
_COPIED = (
    *("Makefile", "pyproject.toml", "requirements.lock", "package.json", "package-lock.json"),
    *("requirements-lambda.lock", ".npmrc", "gateprint.schema.json"),
    *("tests/__init__.py", "tests/conftest.py"),
)
_SECONDS = 300
# What differs from run to run, and what the page shows instead.
_VOLATILE = (
    (r"\x1b\[[0-9;?]*[A-Za-z]", ""),
    (r"https://[a-z0-9]{10}\.execute-api", "https://a1b2c3d4e5.execute-api"),
    (r"/_aws/execute-api/[a-z0-9]{10}", "/_aws/execute-api/a1b2c3d4e5"),
    (r'": "[a-z0-9]{10}"', '": "a1b2c3d4e5"'),
    (r"(sign-in page are on http://127\.0\.0\.1):\d+", r"\1:4600"),
    (r"127\.0\.0\.1:(?!4600\b)\d+", "127.0.0.1:4599"),
    (r"process \d+", "process 12345"),
    (r"in \d+\.\d\ds", "in 0.05s"),
)


@dataclass(slots=True)
class Reader:
    """Follows the page: runs its commands, makes its edits, and remembers what was printed."""

    project: Project
    printed: str = ""
    is_lost: bool = False
    lasting: list[str] = field(default_factory=list)

    def follow(self, block: Block) -> None:
        """Do what a block says.

        Raises:
            AssertionError: it does not work, or the page says otherwise.
        """
        kind, _, rest = block.marker.removeprefix(MARKER).partition(" ")
        self.is_lost = True  # until this step has worked
        if kind == "edit":
            self._edit(self.project.root / rest, block)
        elif kind.startswith("run"):
            self._run(block, rest)
        self.is_lost = False

    def _run(self, block: Block, how: str) -> None:
        expected = re.fullmatch(r"exits with (\d+)", how)
        words = ["bash", "-e", "-c", "".join([*self.lasting, block.text])]
        done = subprocess.run(
            words,
            cwd=self.project.root,
            env=_environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
        self.printed = steady(done.stdout.decode(errors="replace"))
        wanted = int(expected[1]) if expected else 0
        assert done.returncode == wanted, f"{block} ended with {done.returncode}:\n{self.printed}"
        if how == "stays":
            self.lasting.append(block.text)

    def _edit(self, path: Path, block: Block) -> None:
        lines = block.text.splitlines(keepends=True)
        old = "".join(each[1:] or "\n" for each in lines if not each.startswith("+"))
        new = "".join(each[1:] or "\n" for each in lines if not each.startswith("-"))
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{block}: {path.name} does not have these lines once"
        path.write_text(text.replace(old, new), encoding="utf-8")


def steps() -> list[Block]:
    """Return the blocks of the page, in their order."""
    return blocks(PAGE)


# As the page was when the test began.
STEPS = steps()


def rewrite(step: Block, real: str) -> None:
    """Put the real output into the page, whatever was put in above."""
    now = steps()[[str(each) for each in STEPS].index(str(step))]
    lines = PAGE.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[now.line : now.line + now.text.count("\n")] = real
    PAGE.write_text("".join(lines), encoding="utf-8")


def steady(output: str) -> str:
    """Return an output with what differs from run to run as the page shows it."""
    for pattern, shown in _VOLATILE:
        output = re.sub(pattern, shown, output)
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines()) + "\n"


def is_shown_in(shown: str, printed: str) -> bool:
    """Tell whether a block shows the output; a line `…` stands for any lines."""
    parts = [re.escape(part) for part in re.split(r"^…\n", shown, flags=re.MULTILINE)]
    return re.fullmatch(r"(?:.*\n)*?".join(parts), printed) is not None


def make_reader(folder: Path) -> Reader:
    """Return a reader in a fresh copy of the project, whose packages count as installed."""
    project = make_project(folder)
    for name in _COPIED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "tests" / "lambdas").mkdir()
    shutil.copy(ROOT / "tests/lambdas/conftest.py", folder / "tests/lambdas/conftest.py")
    for name in (".venv", "node_modules"):
        _link_each(folder / name)
    shutil.copytree(ROOT / ".gateprint" / "libraries", folder / ".gateprint" / "libraries")
    (folder / ".gateprint" / "libraries" / ".ready").touch()
    return Reader(project)


def _link_each(folder: Path) -> None:
    """Make a folder of links: `make` keeps its stamp there, and gateprint a program in `.bin`."""
    original = ROOT / folder.name
    folder.unlink()
    folder.mkdir()
    for each in original.iterdir():
        if each.name == ".bin":
            shutil.copytree(each, folder / each.name, symlinks=True)
        elif each.name != ".ready":
            (folder / each.name).symlink_to(each)
    (folder / ".ready").touch()


def _environ() -> dict[str, str]:
    return dict(_kept_variables())


def _kept_variables() -> Iterator[tuple[str, str]]:
    """Yield what a reader's shell has; not what this test's own `make` and pytest set."""
    kept = {"GATEPRINT_TERRAFORM", "GATEPRINT_PROVIDER_MIRROR"}
    odd = re.compile(r"GATEPRINT_|CDKTF_|PYTEST_|PYTHON|MAKE|MFLAGS$|VIRTUAL_ENV|COLUMNS$|LINES$")
    for name, value in os.environ.items():
        if name in kept or not odd.match(name):
            yield name, value
    yield "CI", "true"
    yield "CHECKPOINT_DISABLE", "1"
