"""A retired blueprint on the command line: who decided it and why is said instead of a matrix."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gateprint.cli.retired import count_text, not_from_here_text
from gateprint.model.resolved import Retired
from tests.cli.conftest import Cli
from tests.model.made import SMALL, resolved_of

REASON = "it moved to <b>store</b> | see *the minutes*"
SAID = {"reason": REASON, "by": "team-pets"}


@pytest.fixture
def retired(project: Path) -> Path:
    """The project with its pets retired, to whose roles nobody adds any more."""
    (project / "blueprints/orders.yaml").unlink()
    path = project / "blueprints/pets.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nretired: {json.dumps(SAID)}\n", encoding="utf-8")
    return path


def test_the_table_says_it_instead_of_the_matrix(cli: Cli, retired: Path) -> None:
    ran = cli("access", "--environment", "prod")
    assert ran.code == 0
    assert ran.out == (
        "pets in prod\n\n"
        f" Retired by team-pets: {REASON}\n"
        " It grants nothing any more, and the next apply destroys what it has.\n\n"
    )


def test_json_lists_it(cli: Cli, retired: Path) -> None:
    data = json.loads(cli("access", "--environment", "prod", "--format", "json").out)
    assert (data["rows"], data["public"]) == ([], [])
    assert data["retired"] == [{"environment": "prod", "blueprint": "pets", **SAID}]


def test_markdown_lists_it_and_takes_no_markup(cli: Cli, retired: Path) -> None:
    out = cli("access", "--environment", "prod", "--format", "markdown").out
    row = r"| `pets` | `prod` | team-pets | it moved to \<b\>store\</b\> \| see \*the minutes\* |"
    assert (
        f"## Retired\n\n| blueprint | environment | by | because |\n|---|---|---|---|\n{row}\n"
        in out
    )


def test_the_page_says_it_and_takes_no_markup(cli: Cli, retired: Path) -> None:
    out = cli("access", "--environment", "prod", "--format", "html").out
    assert '<a href="#pets.prod">pets in prod</a> (retired)</th>' in out
    assert "<bdi>it moved to &lt;b&gt;store&lt;/b&gt; | see *the minutes*</bdi>. It grants" in out
    assert "No role is granted anything here." not in out


@pytest.mark.parametrize(
    "question",
    [
        ("can", "pets-auditor", "prod", "GET /pets/7"),
        ("identity", "pets-auditor"),
    ],
)
def test_who_asks_for_a_role_that_goes_away_is_told_so(
    cli: Cli, retired: Path, question: tuple[str, ...]
) -> None:
    ran = cli(*question)
    assert ran.code == 2
    assert 'no role "pets-auditor": it goes away with pets, which is retired' in ran.err


def test_nobody_is_sent_to_deploy_what_is_retired(cli: Cli, retired: Path) -> None:
    ran = cli("show", "--environment", "prod", "--format", "json")
    (stack,) = json.loads(ran.out)["stacks"]
    assert (ran.code, stack["is_known"], stack["rows"]) == (0, False, [])
    assert (stack["retired"]["by"], stack["retired"]["roles"]) == (
        "team-pets",
        ["auth0-api-role", "pets-auditor"],
    )


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ((), "0 blueprints"),
        (("pets",), "1 blueprint"),
        (("pets", "pets", "-cats"), "2 blueprints (1 retired)"),
        (("-pets",), "1 blueprint (1 retired)"),
    ],
)
def test_blueprints_are_counted_once_and_the_retired_ones_apart(
    names: tuple[str, ...], text: str
) -> None:
    """A blueprint stands there once for each environment; `-` marks a retired one."""
    whole = resolved_of(SMALL)
    said = Retired("it moved", "team-pets")
    blueprints = [
        replace(whole, name=each.strip("-"), retired=said if each.startswith("-") else None)
        for each in names
    ]
    assert count_text(blueprints) == text


def test_a_retired_stack_that_was_not_deployed_from_here_has_no_command() -> None:
    front = "pets-prod was not deployed from here"
    assert not_from_here_text("pets-prod", None) == f"{front}: npx cdktf deploy pets-prod"
    assert not_from_here_text("pets-prod", Retired("it moved", "team-pets")) == (
        f"{front}, and is retired"
    )
