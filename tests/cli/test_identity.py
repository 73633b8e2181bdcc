"""`gateprint identity`: formats, choices, and roles that are not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


def test_all_environments_and_providers_are_shown_unless_one_is_chosen(cli: Cli) -> None:
    ran = cli("identity", "pets-auditor")
    assert ran.code == 0
    assert "# pets-auditor in nonprod" in ran.out
    assert "# pets-auditor in prod" in ran.out
    assert ran.out.count("## Keycloak") == ran.out.count("## Auth0") == 2
    one = cli("identity", "pets-auditor", "--environment", "prod", "--for", "okta")
    assert "in nonprod" not in one.out
    assert "## Okta" in one.out
    assert "## Auth0" not in one.out


def test_text_has_no_fences_and_markdown_has(cli: Cli) -> None:
    assert "```" not in cli("identity", "pets-auditor").out
    assert "```json" in cli("identity", "pets-auditor", "--format", "markdown").out


def test_json_has_values_and_guides(cli: Cli) -> None:
    ran = cli("identity", "pets-auditor", "--for", "auth0", "--format", "json")
    found = json.loads(ran.out)
    assert found["role"] == "pets-auditor"
    nonprod, prod = found["environments"]
    assert (nonprod["environment"], prod["account"]) == ("nonprod", "210987654321")
    assert nonprod["role_value"].startswith("arn:aws:iam::123456789012:role/pets-auditor,")
    assert set(nonprod["guides"]) == {"auth0"}
    assert set(nonprod["guides"]["auth0"]["code"]) == {"addon.json", "action.js"}
    assert nonprod["is_existing"] is False


def test_the_blueprint_that_owns_a_role_is_asked_about_it(cli: Cli) -> None:
    # blueprints/orders.yaml comes first, and only adds permissions to it.
    found = json.loads(cli("identity", "pets-auditor", "--format", "json").out)
    assert [each["is_existing"] for each in found["environments"]] == [False, False]


def test_a_role_that_no_blueprint_owns_has_no_guides(cli: Cli) -> None:
    path = Path("blueprints/pets.yaml")
    path.write_text(path.read_text().replace("pets-auditor:", "pets-inspector:"))
    ran = cli("identity", "pets-auditor", "--environment", "prod")
    assert ran.code == 0
    assert "Not known here" in ran.out
    assert "## Auth0" not in ran.out


@pytest.mark.parametrize("arguments", [("identity", "pets-auditer"), ("identity", "PETS-AUDITOR")])
def test_an_unknown_role_is_a_wrong_command_line(cli: Cli, arguments: tuple[str, ...]) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean pets-auditor?" in ran.err


def test_an_unknown_provider_is_a_wrong_command_line(cli: Cli) -> None:
    assert cli("identity", "pets-auditor", "--for", "ping").code == 2


def test_a_wrong_blueprint_is_rejected_first(cli: Cli) -> None:
    Path("blueprints/pets.yaml").write_text("blueprint: 2\n")
    assert cli("identity", "pets-auditor").code == 1
