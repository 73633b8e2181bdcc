"""`init` makes a project that is right at once, or nothing."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Cli


def files_in(folder: Path) -> list[str]:
    """Return the files below a folder, by path."""
    return sorted(
        each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()
    )


def test_the_project_is_right_at_once(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    made = cli("init", "my shop")
    assert (made.code, made.err) == (0, "")
    assert "cd 'my shop'\n" in made.out
    monkeypatch.chdir("my shop")
    assert cli("validate").code == 0
    assert "pets-auditor" in cli("access", "--environment", "local").out


def test_a_folder_that_is_there_keeps_what_is_in_it(cli: Cli, project: Path) -> None:
    (project / "shop").mkdir()
    (project / "shop" / "README.md").write_text("mine")
    assert cli("init", "shop").code == 0
    assert (project / "shop" / "README.md").read_text() == "mine"


def test_nothing_is_overwritten_and_then_nothing_is_written(cli: Cli, project: Path) -> None:
    for there in ("Makefile", "config/prod.yaml"):
        path = project / "shop" / there
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to("nowhere")
    ran = cli("init", "shop")
    assert ran.code == 1
    assert re.findall(r"^shop/(\S+):\d+:\d+: error: .+ \[exists\]$", ran.err, re.MULTILINE) == [
        "Makefile",
        "config/prod.yaml",
    ]
    assert files_in(project / "shop") == []


def test_a_folder_that_cannot_be_made_is_a_failure_with_its_reason(cli: Cli, project: Path) -> None:
    (project / "file").touch()
    ran = cli("init", "file/shop")
    assert ran.code == 4
    assert "file" in ran.err


def test_node_packages_are_those_that_were_tried(cli: Cli, project: Path) -> None:
    cli("init", "shop")
    made = json.loads((project / "shop" / "package.json").read_text())["dependencies"]
    tried = json.loads((ROOT / "package.json").read_text())
    assert made.items() <= {**tried["dependencies"], **tried["devDependencies"]}.items()
    assert set(made) == {"aws4fetch", "cdktf-cli", "jose"}


def test_the_makefile_says_what_it_can_do_and_what_is_missing(cli: Cli, project: Path) -> None:
    cli("init", "shop")
    folder = project / "shop"
    listed = subprocess.run(["make"], cwd=folder, capture_output=True, text=True, check=True)
    text = (folder / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert targets
    assert re.findall(r"make (\S+)", listed.stdout) == targets[1].split()
    refused = subprocess.run(
        ["make", "check"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "python3 -m venv .venv" in refused.stdout


def test_what_is_kept_out_of_git_is_what_the_program_makes(cli: Cli, project: Path) -> None:
    cli("init", "shop")
    ignored = (project / "shop" / ".gitignore").read_text().split()
    assert {".venv", "node_modules/", ".gateprint/", "cdktf.out/", "runs/"} <= set(ignored)
