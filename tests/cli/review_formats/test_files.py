"""`review --write`: several formats at once, each a file of its own, written whole or refused."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import click
import pytest

from gateprint.cli.main import gateprint
from gateprint.cli.review_formats.files import FormFile, FormFileType, require_apart
from gateprint.cli.review_formats.forms import FORMS
from tests.cli.conftest import Cli
from tests.cli.review_formats.readers import sarif_problems, schema_problems

GIT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}
ROUTES = "      GET /pets/{id}:\n        function: get_pet\n"
TERMS = "      GET /terms:\n        {function: get_pet, auth: none, public: for all to read}\n"


@pytest.fixture
def changed(project: Path) -> Path:
    """A project in git, in whose working tree a route was opened to everybody."""
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *words], cwd=project, env=GIT, check=True)
    path = project / "blueprints/pets.yaml"
    text = path.read_text("utf-8")
    assert text.count(ROUTES) == 1
    path.write_text(text.replace(ROUTES, f"{ROUTES}{TERMS}"), "utf-8")
    return project


def test_one_review_is_written_in_several_formats(changed: Path, cli: Cli) -> None:
    files = {"sarif": "out/review.sarif", "markdown": "out/review.md", "github": "notes.txt"}
    words = [word for form, name in files.items() for word in ("--write", f"{form}={name}")]
    ran = cli("review", "--against", "HEAD", "--format", "json", *words)
    assert ran.err == ""
    data = json.loads(ran.out)
    assert (ran.code, data["verdict"]) == (3, "refused")
    assert schema_problems(data) == []
    texts = {form: (changed / name).read_text("utf-8") for form, name in files.items()}
    assert all(each.endswith("\n") for each in texts.values())
    assert sarif_problems(json.loads(texts["sarif"])) == []
    assert data["findings"][0]["rule"] in texts["markdown"]
    assert "::error file=blueprints/pets.yaml,line=" in texts["github"]
    modes = {stat.S_IMODE((changed / name).stat().st_mode) for name in files.values()}
    assert modes == {0o600}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--write", "pdf=review.pdf"), '"pdf" is no format; write one of text, markdown'),
        (("--write", "review.sarif"), "is not FORMAT=FILE, as in sarif=review.sarif"),
        (("--write", "sarif="), "is not FORMAT=FILE"),
        (("--write", "json=-"), "the standard output has the --format"),
        (("--write", "json=config"), "config is a folder; name a file in it"),
        (("--write", "json=main.txt/a/b.json"), "main.txt is a file, and"),
        (("--write", "json=a", "--write", "sarif=./a"), "is named twice"),
        (("--format", "gitlab-terraform"), "without a plan there are none"),
        (("--write", "gitlab-terraform=a"), "without a plan there are none"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(
    words: tuple[str, ...], problem: str, project: Path, cli: Cli
) -> None:
    (project / "main.txt").touch()
    before = sorted(project.rglob("*"))
    ran = cli("review", "--against", "HEAD", *words)
    assert (ran.code, ran.out) == (2, "")
    assert problem in " ".join(ran.err.split())
    assert sorted(project.rglob("*")) == before


def test_a_run_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    inside = FormFile("json", tmp_path / "run/../run/review.json")
    beside = FormFile("json", tmp_path / "review.json")
    with pytest.raises(click.BadParameter, match="is in the run, which holds what apply checks"):
        require_apart([beside, inside], tmp_path / "run")
    require_apart([beside], tmp_path / "run")


def test_a_file_may_be_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    found = FormFileType().convert(f"html={tmp_path}/a/b=c.html", None, None)
    assert found == FormFile("html", tmp_path / "a/b=c.html")


def test_help_says_what_each_format_is_for() -> None:
    verb = gateprint.commands["review"]
    told = verb.get_help(click.Context(verb, terminal_width=120, max_content_width=120))
    for name, what in FORMS.items():
        assert re.search(rf"^ *{name} +{re.escape(what)}$", told, re.MULTILINE)
