"""`export` and `import openapi`: arguments, output, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import ROOT, Cli
from tests.support.golden import assert_golden

GOLDEN = ROOT / "tests" / "golden" / "openapi"
SHOP = GOLDEN / "shop.json"


@pytest.mark.parametrize("audience", ["gateprint", "api-gateway", "readers"])
def test_the_golden_documents_of_the_pets_api(cli: Cli, audience: str) -> None:
    ran = cli("export", "pets", "dev", "--for", audience)
    assert (ran.code, ran.err) == (0, "")
    assert_golden(GOLDEN / f"pets-{audience}.yaml", ran.out)


def test_readers_are_told_nothing_of_what_stands_behind(cli: Cli) -> None:
    said = cli("export", "orders", "dev", "--for", "readers").out
    for inner in ("arn:", "123456789012", "x-gateprint", "lambda", "parcels.example.com", "roles"):
        assert inner not in said
    assert "x-amazon-apigateway-authtype: awsSigv4" in said


def test_json_and_yaml_say_the_same(cli: Cli) -> None:
    as_json = json.loads(cli("export", "orders", "prod", "--format", "json").out)
    assert as_json == yaml.safe_load(cli("export", "orders", "prod").out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("petz",), 'there is no API "petz": did you mean pets?'),
        (("pets", "deev"), 'there is no stage "deev" of pets: did you mean dev?'),
        (("pets",), "name a STAGE, or add --environment NAME"),
    ],
)
def test_an_api_that_is_not_there_or_in_several_places_is_said(
    cli: Cli, words: tuple[str, ...], said: str
) -> None:
    ran = cli("export", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_an_export_is_imported_as_it_was(cli: Cli, project: Path) -> None:
    (project / "pets.json").write_text(cli("export", "pets", "prod", "--format", "json").out)
    before = yaml.safe_load((project / "blueprints" / "pets.yaml").read_text())
    assert yaml.safe_load(cli("import", "openapi", "pets.json").out) == before


def test_the_golden_blueprint_of_somebody_elses_description(cli: Cli, project: Path) -> None:
    (project / "shop.json").write_text(SHOP.read_text())
    ran = cli("import", "openapi", "shop.json", "--partial", "--out", "blueprints/shop.yaml")
    assert (ran.code, ran.out) == (0, "")
    assert_golden(GOLDEN / "shop.yaml", (project / "blueprints" / "shop.yaml").read_text())
    assert cli("validate").code == 0
    again = cli("import", "openapi", "shop.json", "--partial", "--out", "blueprints/shop.yaml")
    assert (again.code, "[exists]" in again.err) == (1, True)


def test_the_golden_refusal_of_somebody_elses_description(cli: Cli, project: Path) -> None:
    (project / "shop.json").write_text(SHOP.read_text())
    ran = cli("import", "openapi", "shop.json")
    assert (ran.code, ran.out) == (1, "")
    assert_golden(GOLDEN / "shop.txt", ran.err)


def test_what_validate_would_say_is_said_and_nothing_is_written(cli: Cli, project: Path) -> None:
    exported = cli("export", "pets", "dev").out
    (project / "pets.yaml").write_text(exported.replace("source: pets", "source: cats"))
    ran = cli("import", "openapi", "pets.yaml", "--name", "cats", "--out", "cats.yaml")
    assert ran.code == 1
    assert "cats.yaml, as it would be:" in ran.err
    assert "there is no folder lambdas/cats" in ran.err
    assert not (project / "cats.yaml").exists()


def test_an_account_is_asked_in_an_environment_alone(cli: Cli) -> None:
    ran = cli("import", "aws", "a1b2c3d4e5")
    assert ran.code == 2
    assert "name the environment" in ran.err
