"""Mistakes of new users in five blueprints: each is said once, at its place, and can be cured.

A remedy is tried: what it tells the user to write is written, and the input must be sound again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gateprint.cli.main import run
from tests.mistakes import clinic, links, nonprod, orders, pets, stock
from tests.mistakes.mistake import Mistake
from tests.support.edits import edited
from tests.support.project import ROOT

HERE = Path(__file__).parent
TABLES = {
    "blueprints/pets.yaml": pets.MISTAKES,
    "blueprints/orders.yaml": orders.MISTAKES,
    "blueprints/stock.yaml": stock.MISTAKES,
    "blueprints/links.yaml": links.MISTAKES,
    "blueprints/clinic.yaml": clinic.MISTAKES,
    "config/nonprod.yaml": nonprod.MISTAKES,
}
# Who opens an API to all pages is warned, and the pets shop does.
WARNED = {"any-origin"}


class Said(NamedTuple):
    path: str
    line: int
    column: int
    code: str
    remedy: str


Validate = Callable[[], tuple[int, list[Said], set[str]]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with all five blueprints."""
    root = tmp_path_factory.mktemp("sound")
    for folder in ("config", "lambdas", "blueprints"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copytree(HERE / "blueprints", root / "blueprints", dirs_exist_ok=True)
    return root


@pytest.fixture
def validate(sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Validate:
    """Return exit code, errors and the codes of warnings, as the command line prints them."""
    monkeypatch.chdir(sound)
    for name in ("BLUEPRINTS", "CONFIG", "ENVIRONMENT"):
        monkeypatch.delenv(f"GATEPRINT_{name}", raising=False)

    def call() -> tuple[int, list[Said], set[str]]:
        code = run(["validate", "--format", "json"])
        printed = json.loads(capsys.readouterr().out)
        rows = [
            Said(**{name: row[name] for name in Said._fields}) for row in printed["diagnostics"]
        ]
        return code, rows, {row["code"] for row in printed["warnings"]}

    return call


def test_the_blueprints_are_sound(validate: Validate) -> None:
    assert validate() == (0, [], WARNED)


def cases() -> list[Any]:
    return [
        pytest.param(path, each, id=f"{Path(path).stem}: {each.name}")
        for path, mistakes in TABLES.items()
        for each in mistakes
    ]


@pytest.mark.parametrize(("path", "mistake"), cases())
def test_a_mistake_is_said_once_at_its_place_and_the_remedy_cures_it(
    sound: Path, validate: Validate, path: str, mistake: Mistake
) -> None:
    file = sound / path
    text = file.read_text(encoding="utf-8")
    try:
        wrong = edited(text, mistake.wrong)
        file.write_text(wrong.text, encoding="utf-8")
        code, said, _ = validate()
        expected = [(mistake.code, mistake.remedy), *mistake.also]
        assert [each.code for each in said] == [code for code, _ in expected]
        assert all(
            remedy in each.remedy for each, (_, remedy) in zip(said, expected, strict=True)
        ), said
        assert [(each.path, each.line, each.column) for each in said] == [
            (path, *place) for place in wrong.places
        ]
        assert code == 1
        file.write_text(edited(wrong.text, mistake.cure).text, encoding="utf-8")
        assert validate() == (0, [], WARNED)
    finally:
        file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("path", TABLES)
def test_there_are_ten_different_mistakes_of_each_file(path: str) -> None:
    mistakes = TABLES[path]
    assert len({each.wrong for each in mistakes}) == len(mistakes) >= 10
