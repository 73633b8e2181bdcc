"""Every reason to reject an input: its place, its words and its remedy, compared whole.

A case is a folder `<code>` or `<code>/<case>`. Its blueprint.yaml becomes blueprints/pets.yaml, its
environment.yaml becomes config/nonprod.yaml, arguments.txt is added to the command line, and the
folders blueprints/, config/ and lambdas/ are laid over the project's own. expected.txt is what
`gateprint validate` prints, or the command of command.txt; `make golden` rewrites it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from gateprint.cli.main import run
from gateprint.model.source import SIZE_LIMIT_BYTES
from tests.support.codes import emitted_codes
from tests.support.golden import assert_golden

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
INPUTS = {"blueprint.yaml", "environment.yaml", "arguments.txt", "command.txt", "expected.txt"}
CASES = sorted({path.parent for path in HERE.rglob("*") if path.name in INPUTS})


def name_of(case: Path) -> str:
    return case.relative_to(HERE).as_posix()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the repository's environments and functions, and the pets blueprint."""
    for folder in ("config", "lambdas", "blueprints"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    for name in ("BLUEPRINTS", "CONFIG", "ENVIRONMENT"):
        monkeypatch.delenv(f"GATEPRINT_{name}", raising=False)
    return tmp_path


def lay_over(case: Path, project: Path) -> None:
    for folder in ("blueprints", "config", "lambdas"):
        if (case / folder).is_dir():
            if folder == "blueprints":
                shutil.rmtree(project / folder)
            shutil.copytree(case / folder, project / folder, dirs_exist_ok=True)
    for name, place in {
        "blueprint.yaml": "blueprints/pets.yaml",
        "environment.yaml": "config/nonprod.yaml",
    }.items():
        if (case / name).is_file():
            shutil.copyfile(case / name, project / place)
    if name_of(case) == "too-large":
        (project / "blueprints/pets.yaml").write_text("#" * (SIZE_LIMIT_BYTES + 1))
    if name_of(case) == "link-outside":
        (project / "blueprints/pets.yaml").unlink()
        (project / "blueprints/pets.yaml").symlink_to(project / "config/local.yaml")


def command_of(case: Path) -> list[str]:
    if (case / "command.txt").is_file():
        return (case / "command.txt").read_text().split()
    path = case / "arguments.txt"
    return ["validate", *(path.read_text().split() if path.is_file() else [])]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_wrong_input_is_rejected_with_its_place_and_remedy(
    case: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_over(case, project)
    command = command_of(case)
    code = run(command)
    printed = capsys.readouterr()
    # Diagnostics are what `validate` was asked for; of other verbs they are the failure.
    said, other = printed if command[0] == "validate" else reversed(printed)
    # A warning rejects nothing.
    assert (code, other) == (int(": error: " in said), "")
    assert_golden(case / "expected.txt", said)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_shows_the_code_of_its_folder_and_no_other(case: Path) -> None:
    printed = (case / "expected.txt").read_text(encoding="utf-8")
    codes = set(re.findall(r"(?:error|warning): .*\[([a-z-]+)\]$", printed, re.MULTILINE))
    code = case.relative_to(HERE).parts[0]
    # There is no too much of nothing.
    assert code in codes if code == "too-many" else codes == {code}


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    assert {case.relative_to(HERE).parts[0] for case in CASES} == emitted_codes()
