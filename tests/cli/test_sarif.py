"""SARIF logs are valid by the published schema, and have what GitHub's code scanning asks for."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker

from gateprint import __version__
from gateprint.cli.diagnostics import render
from gateprint.errors import Diagnostic, Location
from tests.cli.conftest import ROOT, Cli

# See docs/decisions/0011-schema-of-sarif.md.
SCHEMA = ROOT / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
# RFC 3986, 4.1: the characters of a URI reference, and a colon only behind a scheme or a slash.
URI_REFERENCE = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:|(?![^/]*:))(?:[\w./~!$&'()*+,;=:@?#-]|%[0-9A-F]{2})*", re.ASCII
)
SOUND, DOUBTFUL = "blueprints/orders.yaml", "blueprints/pets.yaml"
NOT_UTF8 = os.fsdecode(b"\xff.yaml")
ODD_NAMES = [
    "a b.yaml",
    "é%41.yaml",
    "a:b.yaml",
    "#?&.yaml",
    "a\nb.yaml",
    "[a](b).yaml",
    "\u202e.yaml",
    NOT_UTF8,
]

checker = FormatChecker()


@checker.checks("uri-reference")
def is_uri_reference(text: object) -> bool:
    return not isinstance(text, str) or URI_REFERENCE.fullmatch(text) is not None


@checker.checks("uri")
def is_uri(text: object) -> bool:
    return is_uri_reference(text) and re.match("[a-z]+:", str(text)) is not None


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_bytes()), format_checker=checker)


def problems(schema: Draft4Validator, log: object) -> list[str]:
    return [f"{each.json_path}: {each.message}" for each in schema.iter_errors(log)]


def write(project: Path, name: str, text: str) -> Path:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def nothing(project: Path) -> list[str]:
    return [SOUND]


def warnings(project: Path) -> list[str]:
    return [DOUBTFUL]


def several_errors(project: Path) -> list[str]:
    write(project, "blueprints/a.yaml", "blueprint: 2\nname: Pets\nstages: {}\n")
    write(project, "config/b.yaml", "environment: b\nregion: nowhere\n")
    return []


def odd_names(project: Path) -> list[str]:
    for name in ODD_NAMES:
        write(project, f"blueprints/{name}", "name: Pets\n")
    return []


def values_over_several_lines(project: Path) -> list[str]:
    write(project, "blueprints/a.yaml", 'name: "Pe\n  ts"\ndescription: |\n  a\n\nowner: >\n  B\n')
    return []


def no_yaml(project: Path) -> list[str]:
    write(project, "blueprints/a.yaml", "name: [a\n")
    write(project, "blueprints/b.yaml", "")
    return []


def text_beyond_ascii(project: Path) -> list[str]:
    write(project, "blueprints/a.yaml", "\ufeffname: 日本🐈\u0301\nowner: a\u2028stages: x\n")
    return []


def another_folder(project: Path) -> list[str]:
    write(project.parent, "elsewhere/a.yaml", "name: Pets\n")
    return ["../elsewhere/a.yaml"]


def an_absolute_path(project: Path) -> list[str]:
    return [str(write(project.parent, "else where/a.yaml", "name: Pets\n"))]


def no_file(project: Path) -> list[str]:
    return ["nowhere.yaml"]


def no_folder(project: Path) -> list[str]:
    return ["--blueprints", "nowhere"]


Scene = Callable[[Path], list[str]]
SCENES: list[Scene] = [
    nothing, warnings, several_errors, odd_names, values_over_several_lines, no_yaml,
    text_beyond_ascii, another_folder, an_absolute_path, no_file, no_folder,
]  # fmt: skip


@pytest.fixture(params=SCENES, ids=lambda scene: scene.__name__.replace("_", " "))
def log(request: pytest.FixtureRequest, project: Path, cli: Cli) -> Any:
    arguments = request.param(project)
    return json.loads(cli("validate", *arguments, "--format", "sarif").out)


def test_what_is_printed_is_valid(schema: Draft4Validator, log: Any) -> None:
    assert problems(schema, log) == []


def test_what_github_asks_for_is_there(log: Any) -> None:
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["id"]
        assert 0 < len(rule["name"]) <= 255
        for name in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(rule[name]["text"]) <= 1024
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]
        assert len(result["locations"]) == 1


def test_every_region_lies_in_a_line_of_its_file(log: Any, project: Path) -> None:
    (run,) = log["runs"]
    breaks = "|".join(map(re.escape, run["newlineSequences"]))
    for place in places(log):
        path = path_of(place, project)
        if path.name == r"\xff.yaml":
            continue  # Its real name cannot be written in a log.
        lines = re.split(breaks, path.read_text("utf-8-sig")) if path.is_file() else [""]
        region = place["region"]
        line = lines[region["startLine"] - 1]
        assert region["startLine"] == region["endLine"]
        assert 1 <= region["startColumn"] <= region["endColumn"] <= len(line) + 1


def places(log: Any) -> Iterator[Any]:
    for result in log["runs"][0]["results"]:
        yield result["locations"][0]["physicalLocation"]


def path_of(place: Mapping[str, Any], project: Path) -> Path:
    """Return the file that a location means, as a reader of the log would find it."""
    artifact = place["artifactLocation"]
    if "uriBaseId" in artifact:
        assert (artifact["uriBaseId"], artifact["uri"][:1] != "/") == ("%SRCROOT%", True)
        return project / unquote(artifact["uri"])
    assert artifact["uri"].startswith("file:///")
    return Path(unquote(artifact["uri"].removeprefix("file://")))


def test_every_uri_leads_to_its_file(project: Path, cli: Cli) -> None:
    arguments = [
        *odd_names(project),
        str(project / "blueprints/a b.yaml"),
        *another_folder(project),
    ]
    names = [f"blueprints/{name}" for name in ODD_NAMES[:-1]]
    ran = cli("validate", *arguments, *names, "--format", "sarif")
    found = {path_of(place, project).resolve() for place in places(json.loads(ran.out))}
    named = {(project / name).resolve() for name in names}
    assert found == named | {(project / "../elsewhere/a.yaml").resolve()}


def test_what_is_told_of_a_problem(project: Path, cli: Cli) -> None:
    path = write(project, "blueprints/a.yaml", Path(DOUBTFUL).read_text("utf-8"))
    path.write_text(path.read_text("utf-8").replace("name: pets     ", "name: Pets     "), "utf-8")
    ran = cli("validate", "blueprints/a.yaml", "--format", "sarif")
    (told,) = json.loads(cli("validate", "blueprints/a.yaml", "--format", "json").out)[
        "diagnostics"
    ]
    (run,) = json.loads(ran.out)["runs"]
    driver, (result,) = run["tool"]["driver"], run["results"]
    assert ran.code == 1
    assert (driver["name"], driver["version"]) == ("gateprint", __version__)
    assert driver["rules"] == [
        {
            "id": "wrong-name",
            "name": "WrongName",
            "shortDescription": {"text": "Wrong name"},
            "fullDescription": {"text": "Wrong name, in a blueprint or an environment."},
            "help": {
                "text": "docs/errors.md of gateprint explains wrong-name, "
                "with an example and how to mend it."
            },
        }
    ]
    assert result["level"] == "error"
    assert result["message"]["text"] == f"{told['problem']}. Fix: {told['remedy']}."
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "blueprints/a.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 7, "endLine": 3, "endColumn": 11},
    }


texts = st.text(st.characters(exclude_categories=["Cs"]))
diagnostics = st.builds(
    Diagnostic,
    st.builds(Location, texts, st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), texts),
    st.sampled_from(["wrong-name", "not-yaml", "alias"]),
    texts,
    texts,
    st.sampled_from(["error", "warning"]),
)


@given(st.lists(diagnostics, max_size=4))
def test_any_text_makes_a_valid_log(schema: Draft4Validator, found: list[Diagnostic]) -> None:
    assert problems(schema, json.loads(render(found, "sarif"))) == []


@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        pytest.param(lambda log: log.pop("version"), "'version' is a required", id="a field"),
        pytest.param(
            lambda log: next(places(log))["region"].update(startLine=0), "minimum", id="a number"
        ),
        pytest.param(
            lambda log: next(places(log))["artifactLocation"].update(uri="a b"),
            "is not a 'uri-reference'",
            id="a URI",
        ),
        pytest.param(
            lambda log: log["runs"][0]["results"][0].update(level="bad"), "one of", id="a level"
        ),
    ],
)
def test_the_schema_notices_what_is_wrong(
    schema: Draft4Validator, break_it: Callable[[Any], object], expected: str
) -> None:
    log = json.loads(render([one()], "sarif"))
    assert problems(schema, log) == []
    break_it(log)
    (found,) = problems(schema, log)
    assert expected in found


@pytest.mark.parametrize(
    ("line", "column", "length", "expected"),
    [
        ("name: Pets", 7, 4, (7, 11)),
        ("name: Pets", 7, 9, (7, 11)),
        ("name: Pets", 11, 1, (11, 11)),
        ("name: Pets", 13, 1, (13, 13)),
        ("", 1, 1, (1, 1)),
        ("a: 日本🐈", 4, 3, (4, 7)),
    ],
    ids=["a value", "too long", "the line's end", "behind it", "nothing", "code points"],
)
def test_a_region_ends_with_its_line(
    line: str, column: int, length: int, expected: tuple[int, int]
) -> None:
    where = Location("a.yaml", 3, column, length, line)
    (place,) = places(json.loads(render([Diagnostic(where, "wrong-name", "p", "r")], "sarif")))
    assert (place["region"]["startColumn"], place["region"]["endColumn"]) == expected


def one(line: str = "name: Pets", number: int = 3, path: str = "a.yaml") -> Diagnostic:
    return Diagnostic(Location(path, number, 7, 4, line), "wrong-name", "p", "r")


def results(*found: Diagnostic) -> list[Any]:
    return list(json.loads(render(found, "sarif"))["runs"][0]["results"])


def fingerprints(*found: Diagnostic) -> list[str]:
    return [each["partialFingerprints"]["gateprint/v1"] for each in results(*found)]


def test_a_fingerprint_outlives_a_move() -> None:
    assert fingerprints(one()) == fingerprints(one("  name: Pets", 9))


def test_a_fingerprint_outlives_another_wording() -> None:
    assert fingerprints(one()) == fingerprints(replace(one(), problem="q", remedy="s"))


@pytest.mark.parametrize(
    "other", [one("name: Cats"), replace(one(), code="alias")], ids=["line", "code"]
)
def test_another_problem_has_another_fingerprint(other: Diagnostic) -> None:
    assert fingerprints(one()) != fingerprints(other)


def test_equal_lines_have_their_own_fingerprints() -> None:
    first, second = fingerprints(one(), one(number=5))
    assert first != second
    assert fingerprints(one(), one(path="b.yaml")) == [first, first]


@pytest.mark.parametrize(
    ("problem", "remedy", "expected"),
    [
        ("p", "did you mean a?", "p. Fix: did you mean a?"),
        ("p", "write a", "p. Fix: write a."),
        ('"[a](b)"', "r", r'"\[a\](b)". Fix: r.'),
        ("GET /{id} [a]", "r", "GET /{id} [a]. Fix: r."),
        ("\x1b\u202e", "r", r"\u001b\u202e. Fix: r."),
    ],
)
def test_a_message_reads_as_it_was_meant(problem: str, remedy: str, expected: str) -> None:
    (result,) = results(replace(one(), problem=problem, remedy=remedy))
    assert result["message"]["text"] == expected


def test_a_log_holds_nothing_that_a_terminal_obeys() -> None:
    text = render([one("\x85\u202e"), one(path="\u202e")], "sarif")
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", text) is None
