"""Hostile inputs, one by one: refused at their place and nothing written, or accepted as text."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateprint.cli.main import run
from tests.attacks import more, names, paths, templates, trust, yaml_tricks
from tests.attacks.attack import Attack
from tests.support.edits import Edited, edited
from tests.support.project import ROOT

HERE = Path(__file__).parent
ATTACKS: tuple[Attack, ...] = (
    *templates.ATTACKS,
    *yaml_tricks.ATTACKS,
    *names.ATTACKS,
    *paths.ATTACKS,
    *trust.ATTACKS,
    *more.ATTACKS,
)
# What these messages name is neither a field nor the whole of a value.
OF_CODE = {
    "alias": "is an alias",
    "anchor": "is an anchor",
    "control-character": "control character",
    "duplicate-key": "stands here already",
    "merge-key": "merge key",
    "policy-variable": "${",
    "second-document": "second document",
    "secret": "secret",
    "tag": "is a tag",
    "terraform-token": "TfToken[",
    "too-deep": "deeper than 40 levels",
    "too-large": "larger than 1,024 KiB",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small sound project: one blueprint, one environment."""
    shutil.copytree(HERE / "project", tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "config" / "identity", tmp_path / "config" / "identity")
    shutil.copytree(ROOT / "lambdas", tmp_path / "lambdas")
    monkeypatch.chdir(tmp_path)
    for name in ("BLUEPRINTS", "CONFIG", "ENVIRONMENT"):
        monkeypatch.delenv(f"GATEPRINT_{name}", raising=False)
    return tmp_path


@pytest.fixture
def validate(capsys: pytest.CaptureFixture[str]) -> Callable[[], tuple[int, dict[str, Any]]]:
    """Return the exit code, and what `validate --format json` prints."""

    def call() -> tuple[int, dict[str, Any]]:
        code = run(["validate", "--format", "json"])
        return code, json.loads(capsys.readouterr().out)

    return call


def apply(attack: Attack, project: Path) -> Edited:
    file = project / attack.file
    found = edited(file.read_text(encoding="utf-8"), attack.edit)
    file.write_text(found.text, encoding="utf-8")
    return found


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def places_and_codes(attack: Attack, found: Edited) -> list[tuple[str, int, int, str]]:
    codes = attack.codes
    expected = (codes,) * len(found.places) if isinstance(codes, str) else codes
    return [(attack.file, *place, code) for place, code in zip(found.places, expected, strict=True)]


def words_at(text: str, line: int, column: int) -> list[str]:
    """Return the field and the first words at a place, as they are written."""
    written = text.split("\n")[line - 1]
    fields = re.findall(r"[\w-]+(?=\"?:)", written[: column - 1])
    words = re.findall(r"[^\s\"',\[\]{}():\\/]+", written[column - 1 :])
    return [*fields[-1:], *(each[:90] for each in words[:4])]


def assert_named(attack: Attack, found: Edited, row: dict[str, Any]) -> None:
    said = row["problem"] + " " + row["remedy"]
    wanted = [attack.names or OF_CODE.get(row["code"], "")]
    if not wanted[0]:
        wanted = words_at(found.text, row["line"], row["column"])
    assert any(each in said for each in wanted), (wanted, said)


def cases(outcome: str) -> list[Any]:
    return [
        pytest.param(each, id=f"{each.row} {each.name}")
        for each in ATTACKS
        if each.outcome == outcome
    ]


def test_the_project_is_sound(project: Path, validate: Any) -> None:
    assert validate() == (0, {"diagnostics": [], "warnings": []})


@pytest.mark.parametrize("attack", cases("rejected"))
def test_a_hostile_input_is_rejected_at_its_place(
    project: Path, validate: Any, attack: Attack
) -> None:
    found = apply(attack, project)
    code, printed = validate()
    rows = printed["diagnostics"]
    assert [
        (row["path"], row["line"], row["column"], row["code"]) for row in rows
    ] == places_and_codes(attack, found)
    for row in rows[:5]:
        assert_named(attack, found, row)
    assert code == 1


@pytest.mark.parametrize("attack", cases("rejected"))
def test_nothing_is_written_of_a_hostile_input(
    project: Path, capsys: pytest.CaptureFixture[str], attack: Attack
) -> None:
    apply(attack, project)
    before = contents(project)
    assert run(["synth"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    # What moves a terminal's cursor, or turns its writing, is shown and never sent.
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", printed.err)
    assert len(printed.err) < 40_000
    assert not (project / "cdktf.out").exists()
    assert contents(project) == before


@pytest.mark.parametrize("attack", cases("warned"))
def test_a_doubtful_input_is_warned_of_at_its_place(
    project: Path, validate: Any, attack: Attack
) -> None:
    found = apply(attack, project)
    code, printed = validate()
    assert (code, printed["diagnostics"]) == (0, [])
    assert [
        (row["path"], row["line"], row["column"], row["code"]) for row in printed["warnings"]
    ] == places_and_codes(attack, found)


@pytest.mark.parametrize("attack", cases("plain"))
def test_what_only_looks_hostile_is_accepted(project: Path, validate: Any, attack: Attack) -> None:
    apply(attack, project)
    assert validate() == (0, {"diagnostics": [], "warnings": []})
