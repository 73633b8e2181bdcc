"""`show`: what was deployed from this folder, with a Terraform that answers from a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

URL = "https://a1b2c3d4e5.execute-api.us-east-2.amazonaws.com/dev"
OUTPUTS = {"invoke_urls": {"value": {"pets": {"dev": URL}}, "sensitive": False}}
TERRAFORM = """\
#!/bin/sh
case "$1" in
  version) echo '{"terraform_version": "1.11.4"}' ;;
  output) cat outputs.json ;;
esac
"""


@pytest.fixture
def deployed(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of pets-nonprod, which was deployed from here; orders-nonprod was not."""
    terraform = project / "terraform"
    terraform.write_text(TERRAFORM)
    terraform.chmod(0o755)
    monkeypatch.setenv("GATEPRINT_TERRAFORM", str(terraform))
    monkeypatch.delenv("CDKTF_OUTDIR", raising=False)
    folder = project / "cdktf.out/stacks/pets-nonprod"
    (folder / ".terraform").mkdir(parents=True)
    (folder / "outputs.json").write_text(json.dumps(OUTPUTS))
    return folder


def test_what_was_deployed_is_shown_and_the_rest_is_named(cli: Cli, deployed: Path) -> None:
    ran = cli("show", "--environment", "nonprod")
    assert ran.code == 0
    assert URL in ran.out
    assert "orders-nonprod was not deployed from here: npx cdktf deploy orders-nonprod\n" in ran.out


def test_the_addresses_at_domains_are_shown_beside_those_of_aws(cli: Cli, deployed: Path) -> None:
    urls = {"api.example.com": {"pets": {"dev": "https://api.example.com/v1"}}}
    outputs = {**OUTPUTS, "domain_urls": {"value": urls, "sensitive": False}}
    (deployed / "outputs.json").write_text(json.dumps(outputs))
    ran = cli("show", "--environment", "nonprod")
    assert "stage at api.example.com" in ran.out
    assert "dev of pets" in ran.out
    assert "https://api.example.com/v1" in ran.out
    assert URL in ran.out
    ran = cli("show", "--environment", "nonprod", "--format", "json")
    shown = {each["stack"]: each["domain_urls"] for each in json.loads(ran.out)["stacks"]}
    assert shown == {"orders-nonprod": {}, "pets-nonprod": urls}


def test_the_json_tells_the_two_apart(cli: Cli, deployed: Path) -> None:
    ran = cli("show", "--environment", "nonprod", "--format", "json")
    found = {each["stack"]: each["is_known"] for each in json.loads(ran.out)["stacks"]}
    assert found == {"orders-nonprod": False, "pets-nonprod": True}


def test_where_nothing_was_deployed_the_command_that_does_it_is_named(cli: Cli) -> None:
    ran = cli("show", "--environment", "nonprod")
    assert (ran.code, ran.out) == (4, "")
    assert "run npx cdktf deploy orders-nonprod pets-nonprod" in ran.err
