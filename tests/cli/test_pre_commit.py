"""The pre-commit hook: its manifest is valid, and pre-commit runs what it names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import ROOT
from tests.docs.pages import blocks

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
CONFIGURATIONS = blocks(ROOT / "docs/pre-commit.md")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def hook() -> dict[str, Any]:
    (only,) = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return dict(only)


def environment(folder: Path) -> Mapping[str, str]:
    """Return an environment without the user's git settings, and with this project's programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    return kept | {
        "HOME": str(folder),
        "PRE_COMMIT_HOME": str(folder / "cache"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        **{f"GIT_{role}_NAME": "gateprint" for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_EMAIL": "gateprint@localhost" for role in ("AUTHOR", "COMMITTER")},
    }


NOT_OURS = ("GIT_", "GATEPRINT_", "PRE_COMMIT", "SKIP", "XDG_")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a program in a git repository with our inputs and our hook, all of them staged."""
    folder = tmp_path / "repository"
    for name in ("blueprints", "config", "lambdas"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    # The installation of `language: python` needs a package index.
    local = {"repo": "local", "hooks": [hook() | {"language": "system"}]}
    text = yaml.safe_dump({"repos": [local]})
    (folder / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            cwd=folder,
            env=environment(tmp_path),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )

    assert call("git", "init", "--quiet").returncode == 0
    assert call("git", "add", ".").returncode == 0
    return call


def pre_commit(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pre_commit", *arguments]


@pytest.fixture
def pets(run: Run, tmp_path: Path) -> Path:
    return tmp_path / "repository/blueprints/pets.yaml"


def break_name(pets: Path) -> None:
    text = pets.read_text(encoding="utf-8")
    assert "name: pets     " in text
    pets.write_text(text.replace("name: pets     ", "name: Pets     "), encoding="utf-8")


def validated(command: str, path: Path) -> tuple[int, str]:
    words = pre_commit(command, str(path))
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_manifest_is_valid() -> None:
    assert validated("validate-manifest", MANIFEST) == (0, "")


def test_pre_commit_notices_a_wrong_manifest(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yaml"
    path.write_text(yaml.safe_dump([hook() | {"pass_filenames": "no"}]), encoding="utf-8")
    assert validated("validate-manifest", path)[0] == 1


@pytest.mark.parametrize("block", CONFIGURATIONS, ids=str)
def test_what_the_documentation_shows_is_valid(block: Any, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(block.text, encoding="utf-8")
    assert validated("validate-config", path) == (0, "")
    (repository,) = yaml.safe_load(block.text)["repos"]
    assert [each["id"] for each in repository["hooks"]] == [hook()["id"]]


def test_the_local_hook_of_the_documentation_is_that_of_the_manifest() -> None:
    (local,) = (
        each
        for block in CONFIGURATIONS
        for each in yaml.safe_load(block.text)["repos"]
        if each["repo"] == "local"
    )
    (shown,) = local["hooks"]
    assert shown == {name: hook()[name] for name in shown} | {"language": "system"}


def test_the_hook_is_a_command_of_the_package() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    program, verb = hook()["entry"].split()
    assert f'\n{program} = "gateprint.cli:start"\n' in project
    assert verb == "validate"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("blueprints/pets.yaml", True),
        ("config/identity/auth0.xml", True),
        ("lambdas/pets/app.py", True),
        ("README.md", False),
        ("docs/blueprints/pets.yaml", False),
        ("config.yaml", False),
    ],
)
def test_the_files_that_start_it(path: str, expected: bool) -> None:
    assert (re.search(hook()["files"], path) is not None) == expected


def test_right_blueprints_pass(run: Run) -> None:
    ran = run(*pre_commit("run"))
    assert (ran.returncode, ran.stdout.rstrip().endswith("Passed")) == (0, True), ran.stdout


def test_a_wrong_blueprint_fails_and_is_shown(run: Run, pets: Path) -> None:
    break_name(pets)
    run("git", "add", ".")
    ran = run(*pre_commit("run"))
    assert ran.returncode == 1
    assert "Failed\n- hook id: gateprint-validate\n- exit code: 1\n" in ran.stdout
    assert "\nblueprints/pets.yaml:3:7: error: " in ran.stdout


def test_a_commit_of_it_is_refused(run: Run, pets: Path) -> None:
    assert run(*pre_commit("install")).returncode == 0
    break_name(pets)
    run("git", "add", ".")
    ran = run("git", "commit", "--message", "wrong")
    assert (ran.returncode, "blueprints/pets.yaml:3:7: error: " in ran.stdout) == (1, True)
    assert run("git", "rev-parse", "--verify", "HEAD").returncode != 0


def test_a_change_beside_it_finds_it_too(run: Run, pets: Path) -> None:
    break_name(pets)
    run("git", "add", ".")
    assert run("git", "commit", "--quiet", "--message", "wrong").returncode == 0
    with (pets.parents[1] / "lambdas/pets/app.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    run("git", "add", ".")
    ran = run(*pre_commit("run"))
    assert (ran.returncode, "blueprints/pets.yaml:3:7: error: " in ran.stdout) == (1, True)


def test_a_change_elsewhere_does_not_start_it(run: Run, pets: Path) -> None:
    assert run("git", "commit", "--quiet", "--message", "right").returncode == 0
    (pets.parents[1] / "README.md").write_text("# Pets\n", encoding="utf-8")
    run("git", "add", ".")
    ran = run(*pre_commit("run"))
    assert (ran.returncode, ran.stdout.rstrip().endswith("Skipped")) == (0, True), ran.stdout
