"""A real YAML language server knows both formats from the committed schemas, without a network."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editor.language_server import ROOT, LanguageServer, running

EXAMPLES = sorted([*(ROOT / "blueprints").glob("*.yaml"), *(ROOT / "config").glob("*.yaml")])
MODELINES = {
    "blueprints": "# yaml-language-server: $schema=../gateprint.schema.json\n",
    "config": "# yaml-language-server: $schema=../gateprint.environment.schema.json\n",
}
NUMBERS = itertools.count(1)
PETS = """\
blueprint: 1
name: pets
stages:
  dev: {environment: nonprod}
apis:
  pets:
    cors:
      origins: ["*"]
    routes:
      GET /pets/{id}:
        function: get_pet
functions:
  get_pet: {source: pets, handler: app.get_pet}
roles:
  pets-reader:
    identity_provider: auth0
    allow:
      - {stages: all, routes: all}
"""
NONPROD = """\
environment: nonprod
account: "123456789012"
region: us-east-2
state:
  bucket: acme-terraform-state
"""


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    with running() as found:
        yield found


def opened(server: LanguageServer, folder: str, text: str) -> Path:
    """Open a text as a new file of the folder; return its path."""
    path = ROOT / folder / f"tested-{next(NUMBERS)}.yaml"
    server.open(path, MODELINES[folder] + text)
    return path


def problems(server: LanguageServer, path: Path) -> list[tuple[int, str]]:
    """Return line (below the modeline, from 1) and message of each problem that is reported."""
    found = server.problems(path)
    return [(each["range"]["start"]["line"], each["message"]) for each in found]


def placed(marked: str) -> tuple[str, int, int]:
    """Return a text without the mark `^`, and the mark's place below the modeline."""
    before, after = marked.split("^")
    lines = before.split("\n")
    return before + after, len(lines), len(lines[-1])


def completions(server: LanguageServer, folder: str, marked: str) -> dict[str, str]:
    """Return the labels that are proposed at the mark `^`, with their documentation."""
    text, line, column = placed(marked)
    path = opened(server, folder, text)
    found = {}
    for each in server.complete(path, line, column):
        said = each.get("documentation") or ""
        found[each["label"]] = said if isinstance(said, str) else said["value"]
    return found


def hover(server: LanguageServer, folder: str, marked: str) -> str:
    text, line, column = placed(marked)
    path = opened(server, folder, text)
    return server.hover(path, line, column)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_the_server_finds_no_problem_in_an_example(server: LanguageServer, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(MODELINES[path.parent.name])
    server.open(path, text)
    assert server.problems(path) == []


@pytest.mark.parametrize(("folder", "text"), [("blueprints", PETS), ("config", NONPROD)])
def test_the_texts_of_these_tests_are_right_before_they_are_spoilt(
    server: LanguageServer, folder: str, text: str
) -> None:
    assert problems(server, opened(server, folder, text)) == []


def test_what_gateprint_reads_as_text_is_no_problem_whatever_it_looks_like(
    server: LanguageServer,
) -> None:
    text = PETS.replace("name: pets\n", "name: pets\nowner: 2024\ndescription: true\n")
    text = text.replace("  dev: {", '  1: {throttle: {rate: "1.5", burst: 007}, ')
    assert problems(server, opened(server, "blueprints", text)) == []


WRONG = [
    ("blueprint: 1", "blueprint: 2", 1, "Valid values: 1"),
    ("name: pets", "name: Pets", 2, "write something such as pets"),
    ("dev: {", "d/ev: {", 4, "write the stage's name"),
    ("{environment: nonprod}", "{}", 4, 'Missing property "environment"'),
    ("{environment: nonprod}", "{environment: nonprod, tracing: maybe}", 4, '"boolean"'),
    ("{environment: nonprod}", "{environment: nonprod, trace: true}", 4, "trace is not allowed"),
    ('["*"]', '["*", "https://shop.example.com"]', 8, "write it alone"),
    ("GET /pets/{id}", "get /pets/{id}", 10, "write the route, METHOD /path"),
    ("function: get_pet", "description: a pet", 10, "a route has one backend"),
    ("function: get_pet", "function: get_pet\n        mock: {status: 200}", 12, "one backend"),
    ("function: get_pet", "function: get_pet\n        auth: none", 10, "needs public"),
    ("function: get_pet", "function: get_pet\n        public: why not", 12, "auth: none alone"),
    ("    cors:", "    endpoint: private\n    cors:", 6, "needs vpc_endpoints"),
    ("app.get_pet}", "app.get_pet, timeout: 10}", 13, "write a duration from 1s to 29s"),
    ("app.get_pet}", "app.get_pet, memory_mib: much}", 13, "a whole number from 128 to 10240"),
    ("    identity_provider: auth0\n", "", 15, "add identity_provider, or existing: true"),
    ("identity_provider: auth0", "existing: true\n    max_session: 2h", 17, "own trust policy"),
    ("stages: all", "stages: dev", 18, "write all, or a list in [ ]"),
]


@pytest.fixture(scope="module")
def spoilt(server: LanguageServer) -> list[Path]:
    """Open all wrong texts at once: the server waits a moment before it reports."""
    assert [old for old, *_ in WRONG if PETS.count(old) != 1] == []
    return [opened(server, "blueprints", PETS.replace(old, new)) for old, new, *_ in WRONG]


@pytest.mark.parametrize("index", range(len(WRONG)), ids=[each[1].strip() for each in WRONG])
def test_a_wrong_value_is_reported_on_its_line(
    server: LanguageServer, spoilt: list[Path], index: int
) -> None:
    _, _, line, message = WRONG[index]
    found = problems(server, spoilt[index])
    assert [each for each, _ in found] == [line]
    assert message in found[0][1]


def test_a_state_in_two_places_is_reported_at_the_second(server: LanguageServer) -> None:
    text = f"{NONPROD}  hcp: {{organization: acme, project: apis}}\n"
    found = problems(server, opened(server, "config", text))
    assert found == [(6, "the state has one place: bucket, or hcp")]


def test_a_field_is_completed_with_its_meaning_default_and_home(server: LanguageServer) -> None:
    marked = PETS.replace("function: get_pet\n", "^\n")
    found = completions(server, "blueprints", marked)
    assert {"function", "http", "auth", "public"} <= found.keys()
    assert found["auth"].startswith("Who is checked: `iam` lets in only callers")
    assert "Default: `iam`" in found["auth"]
    assert (
        "In AWS: authorization `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS` or `NONE`" in found["auth"]
    )


@pytest.mark.parametrize("folder", ["blueprints", "config"])
def test_every_field_of_a_file_is_completed_with_documentation(
    server: LanguageServer, folder: str
) -> None:
    found = completions(server, folder, "^\n")
    assert len(found) > 5
    assert [label for label, text in found.items() if not text] == []


def test_the_key_of_an_entry_is_completed_with_its_form(server: LanguageServer) -> None:
    found = completions(server, "blueprints", "blueprint: 1\nstages:\n  ^\n")
    assert found["prod"].startswith("the stage's name, 1 to 128 letters, digits, `_` and `-`")


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("apis:\n  pets:\n    endpoint: ^\n", {"regional", "edge", "private"}),
        ("stages:\n  dev:\n    cache:\n      size_gb: ^\n", {"0.5", "237"}),
        ("roles:\n  reader:\n    max_session: ^\n", {"1h", "12h"}),
        ("roles:\n  reader:\n    when:\n      ^\n", {"edupersonaffiliation", "mail"}),
        ("roles:\n  reader:\n    allow:\n      - stages: ^\n", {"all"}),
    ],
)
def test_a_value_is_completed(server: LanguageServer, marked: str, expected: set[str]) -> None:
    assert expected <= completions(server, "blueprints", f"blueprint: 1\n{marked}").keys()


def test_free_text_is_not_completed_with_true_and_null(server: LanguageServer) -> None:
    found = completions(server, "blueprints", "blueprint: 1\nowner: ^\n")
    assert set(found) == {"team-pets"}


@pytest.mark.parametrize(
    ("folder", "marked", "expected"),
    [
        (
            "blueprints",
            PETS.replace("function: get", "func^tion: get"),
            "a function of this blueprint",
        ),
        ("blueprints", PETS.replace("  dev: {", "  d^ev: {"), "An API Gateway stage"),
        ("config", NONPROD.replace("region:", "reg^ion:"), "`aws`, `aws-cn` and `aws-us-gov`"),
    ],
)
def test_hovering_shows_what_a_field_means(
    server: LanguageServer, folder: str, marked: str, expected: str
) -> None:
    assert expected in hover(server, folder, marked)
