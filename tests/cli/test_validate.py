"""`validate`: its four formats, where the inputs lie, and hostile files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateprint.cli import diagnostics
from gateprint.errors import Diagnostic, Location
from tests.cli.conftest import Cli

NAME = "name: pets     "
SOUND, DOUBTFUL = "blueprints/orders.yaml", "blueprints/pets.yaml"


@pytest.fixture
def wrong(project: Path) -> Path:
    """The pets blueprint with one mistake, on line 3."""
    path = project / "blueprints/pets.yaml"
    text = path.read_text(encoding="utf-8")
    assert NAME in text
    path.write_text(text.replace(NAME, "name: Pets     "), encoding="utf-8")
    return path


def test_sound_inputs_are_said_to_be_sound(cli: Cli) -> None:
    ran = cli("validate", SOUND)
    assert (ran.code, ran.out, ran.err) == (0, "1 blueprint: nothing to mend\n", "")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("json", '{\n  "diagnostics": [],\n  "warnings": []\n}\n'),
        ("github", ""),
        ("text", "1 blueprint: nothing to mend\n"),
    ],
)
def test_sound_inputs_in_other_formats(cli: Cli, form: str, expected: str) -> None:
    ran = cli("validate", SOUND, "--format", form)
    assert (ran.code, ran.out) == (0, expected)


def test_a_warning_rejects_nothing(cli: Cli) -> None:
    ran = cli("validate", DOUBTFUL)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("blueprints/pets.yaml:19:17: warning: every web page may ")
    assert ran.out.endswith("\n1 warning\n1 blueprint: nothing to mend\n")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param("json", '"diagnostics": [],\n  "warnings": [\n', id="json"),
        pytest.param("github", "::warning file=blueprints/pets.yaml,line=19,", id="github"),
        pytest.param("sarif", '"level": "warning"', id="sarif"),
    ],
)
def test_a_warning_is_told_from_an_error_in_other_formats(
    cli: Cli, form: str, expected: str
) -> None:
    ran = cli("validate", DOUBTFUL, "--format", form)
    assert (ran.code, expected in ran.out) == (0, True)


def test_warnings_wait_until_the_input_is_right(cli: Cli, wrong: Path) -> None:
    assert "warning" not in cli("validate").out


def test_text_is_for_people(cli: Cli, wrong: Path) -> None:
    ran = cli("validate")
    assert ran.code == 1
    assert ran.out.splitlines()[0].startswith("blueprints/pets.yaml:3:7: error: ")
    assert ran.out.endswith("\n1 problem\n")


def test_json_has_the_documented_shape(cli: Cli, wrong: Path) -> None:
    ran = cli("validate", "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.out) == {
        "diagnostics": [
            {
                "code": "wrong-name",
                "path": "blueprints/pets.yaml",
                "line": 3,
                "column": 7,
                "problem": '"Pets" is not a name',
                "remedy": "write small letters, digits and hyphens, such as pets",
            }
        ],
        "warnings": [],
    }


def test_github_annotates_the_line(cli: Cli, wrong: Path) -> None:
    ran = cli("validate", "--format", "github")
    assert ran.code == 1
    assert ran.out == (
        "::error file=blueprints/pets.yaml,line=3,endLine=3,col=7,endColumn=10,title=wrong-name::"
        '"Pets" is not a name%0A'
        "fix: write small letters, digits and hyphens, such as pets\n"
    )


def one(
    problem: str = "p", path: str = "a.yaml", line: str = "a: b", column: int = 4
) -> Diagnostic:
    return Diagnostic(Location(path, 1, column, 1, line), "wrong-name", problem, "r")


@pytest.mark.parametrize(
    ("found", "form", "expected"),
    [
        pytest.param(
            one(path="a,b:c.yaml"), "github", "file=a%2Cb%3Ac.yaml,", id="an annotation's property"
        ),
        pytest.param(
            one("50%\n::error::x"),
            "github",
            "::50%25%0A::error::x%0A",
            id="an annotation's message",
        ),
        pytest.param(
            one("\x1b[31m\u202e"), "text", r"error: \u001b[31m\u202e [", id="escape characters"
        ),
        pytest.param(
            one("\x1b[31m\u202e"), "github", r"::\u001b[31m\u202e%0A", id="they in an annotation"
        ),
        pytest.param(one("a\nb"), "text", r"error: a\u000ab [", id="line breaks"),
        pytest.param(one("x" * 5000), "text", "x…\n", id="a problem of many characters"),
        pytest.param(
            one(line="y" * 300 + "z" * 300, column=301),
            "text",
            f"\n      | {' ' * 100}^\n",
            id="a long line",
        ),
    ],
)
def test_no_text_of_the_input_breaks_the_output(
    found: Diagnostic, form: str, expected: str
) -> None:
    assert expected in diagnostics.render([found], form)


KEY_ID = "AKIA" + "IOSFODNN7EXAMPLE"


@pytest.mark.parametrize("form", diagnostics.FORMATS)
def test_secrets_of_the_input_are_in_no_format(form: str) -> None:
    found = one(f"{KEY_ID} is no name", line=f"name: {KEY_ID} # {KEY_ID}")
    shown = diagnostics.render([found], form)
    assert (KEY_ID in shown, "*" * len(KEY_ID) in shown) == (False, True)


def test_several_problems_are_counted() -> None:
    assert diagnostics.render([one(), one("q")], "text").endswith("\n\n2 problems")


def test_files_can_be_named(cli: Cli, wrong: Path) -> None:
    sound = wrong.with_name("cats.txt")
    sound.write_text(wrong.read_text(encoding="utf-8").replace("name: Pets", "name: cats"))
    assert cli("validate", "blueprints/cats.txt").code == 0
    assert cli("validate", "blueprints/cats.txt", "blueprints/pets.yaml").code == 1


def test_a_named_file_that_is_not_there_is_a_diagnostic(cli: Cli) -> None:
    ran = cli("validate", "nowhere.yaml", "--format", "json")
    (found,) = json.loads(ran.out)["diagnostics"]
    assert (ran.code, found["path"], found["code"]) == (1, "nowhere.yaml", "unreadable")


def codes(cli: Cli, *arguments: str) -> set[tuple[str, str]]:
    """Return (path, code) of what `validate` reports; it must reject, and write nothing."""
    before = everything(Path())
    ran = cli("validate", "--format", "json", *arguments)
    assert ran.code == 1
    assert everything(Path()) == before
    return {(each["path"], each["code"]) for each in json.loads(ran.out)["diagnostics"]}


def everything(folder: Path) -> set[str]:
    return {path.as_posix() for path in folder.rglob("*") if "__pycache__" not in path.parts}


HOSTILE = {
    "not UTF-8": (b"name: caf\xe9\n", "not-text"),
    "UTF-16": ("name: pets\n".encode("utf-16"), "not-text"),
    "NUL bytes": (b"name: pets\x00\n", "control-character"),
    "an escape sequence": (b"name: \x1b[31mpets\n", "control-character"),
    "empty": (b"", "empty-file"),
    "only comments": (b"# one day\n", "empty-file"),
    "only blanks": (b" \n\n  \n", "empty-file"),
    "2 MiB": (b"name: " + b"x" * 2 * 1024 * 1024, "too-large"),
    "deep lists": (b"a: " + b"[" * 100_000, "too-deep"),
    "deep mappings": (b"{a: " * 100_000, "too-deep"),
    "billion laughs": (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchor"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "not-text"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("folder", ["blueprints", "config"])
def test_a_hostile_file_is_rejected_and_nothing_is_written(
    cli: Cli, project: Path, folder: str, name: str
) -> None:
    content, code = HOSTILE[name]
    (project / folder / "hostile.yaml").write_bytes(content)
    assert (f"{folder}/hostile.yaml", code) in codes(cli)


def test_a_folder_named_like_a_file_is_rejected(cli: Cli, project: Path) -> None:
    (project / "blueprints/folder.yaml").mkdir()
    (project / "blueprints/gone.yaml").symlink_to("nowhere")
    assert codes(cli) == {
        ("blueprints/folder.yaml", "unreadable"),
        ("blueprints/gone.yaml", "unreadable"),
    }


def test_metadata_behind_a_link_that_leads_out_of_config_is_not_read(
    cli: Cli, project: Path
) -> None:
    metadata = project / "config/identity/auth0.xml"
    metadata.rename(project / "outside.xml")
    metadata.symlink_to("../../outside.xml")
    assert {code for _, code in codes(cli)} == {"unknown-metadata"}


def test_a_line_of_many_characters_does_not_flood_the_terminal(cli: Cli, project: Path) -> None:
    (project / "blueprints/long.yaml").write_text("name: " + "P" * 900_000)
    assert len(cli("validate").out) < 5_000


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--blueprints", "nowhere"), ("nowhere", "no-folder")),
        (("--config", "nowhere"), ("nowhere", "no-folder")),
        (("--environment", "staging"), ("config/staging.yaml", "unknown-environment")),
    ],
)
def test_places_that_are_not_there_are_diagnostics(
    cli: Cli, arguments: tuple[str, ...], expected: tuple[str, str]
) -> None:
    assert codes(cli, *arguments) == {expected}


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("GATEPRINT_BLUEPRINTS", "nowhere", {("nowhere", "no-folder")}),
        ("GATEPRINT_CONFIG", "nowhere", {("nowhere", "no-folder")}),
        ("GATEPRINT_ENVIRONMENT", "staging", {("config/staging.yaml", "unknown-environment")}),
    ],
)
def test_environment_variables_choose_the_inputs(
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    expected: set[tuple[str, str]],
) -> None:
    monkeypatch.setenv(variable, value)
    assert codes(cli) == expected


@pytest.mark.parametrize("name", ["BLUEPRINTS", "CONFIG", "ENVIRONMENT"])
def test_an_empty_environment_variable_chooses_nothing(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"GATEPRINT_{name}", "")
    assert cli("validate").code == 0


def test_an_empty_option_chooses_nothing(cli: Cli) -> None:
    assert cli("validate", "--environment", "").code == 0


def test_an_option_wins_over_its_variable(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEPRINT_CONFIG", "nowhere")
    assert cli("validate", "--config", "config").code == 0


def test_problems_of_all_files_are_reported_together(cli: Cli, project: Path) -> None:
    (project / "blueprints/a.yaml").write_text("[")
    (project / "config/b.yaml").write_text("name: x\n")
    found = {path for path, _ in codes(cli)}
    assert found == {"blueprints/a.yaml", "config/b.yaml"}


def test_an_environment_without_the_blueprints_provider_is_no_problem_where_nothing_goes_there(
    cli: Cli, project: Path
) -> None:
    text = (project / "config/prod.yaml").read_text(encoding="utf-8")
    other = text.split("identity_providers")[0].replace("environment: prod", "environment: other")
    other = other.replace("210987654321", "345678901234")
    (project / "config/other.yaml").write_text(other)
    assert cli("validate", "--environment", "other").code == 0
