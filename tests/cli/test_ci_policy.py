"""`ci-policy` prints policies, or writes each to a file that the AWS command line takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateprint.cli.ci_policy import ci_policy

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ["nonprod", "prod"]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(ROOT)
    for name in ("GATEPRINT_ENVIRONMENT", "GATEPRINT_BLUEPRINTS", "GATEPRINT_CONFIG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Result:
        return CliRunner().invoke(ci_policy, words)

    return run


def test_every_real_environment_has_its_policies(ask: Any) -> None:
    roles = json.loads(ask("--for", "plan").stdout)["roles"]
    assert [each["environment"] for each in roles] == ENVIRONMENTS
    assert [each["account"] for each in roles] == ["123456789012", "210987654321"]
    assert all(each["for"] == "plan" and each["policies"] for each in roles)
    assert [each["trust"] for each in roles] == [None, None]


def test_the_chosen_environment_has_policies_of_its_own(ask: Any) -> None:
    (role,) = json.loads(ask("--for", "apply", "--environment", "local").stdout)["roles"]
    assert role["account"] == "000000000000"


def test_each_policy_becomes_a_file(ask: Any, tmp_path: Path) -> None:
    found = ask("--for", "apply", "--trust", "github:acme/apis", "--out", str(tmp_path / "iam"))
    names = [Path(line).name for line in found.stdout.splitlines()]
    assert names == [
        "nonprod-apply-policy-1.json",
        "nonprod-apply-trust.json",
        "prod-apply-policy-1.json",
        "prod-apply-policy-2.json",
        "prod-apply-trust.json",
    ]
    trust = json.loads((tmp_path / "iam" / "prod-apply-trust.json").read_text("utf-8"))
    (statement,) = trust["Statement"]
    subjects = statement["Condition"]["StringEquals"]
    assert subjects["token.actions.githubusercontent.com:sub"] == [
        "repo:acme/apis:environment:prod"
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--trust", "github:acme"], "write github:OWNER/REPO"),
        (["--trust", "github:a/b", "--trust", "gitlab:a/b"], "give one kind of repository"),
        (["--trust", "gitlab:a/b", "--issuer", "http://a"], "is no address such as"),
    ],
)
def test_what_is_no_repository_is_a_wrong_command_line(
    ask: Any, words: list[str], told: str
) -> None:
    found = ask("--for", "plan", *words)
    assert found.exit_code == 2
    assert told in " ".join(found.stderr.split())
