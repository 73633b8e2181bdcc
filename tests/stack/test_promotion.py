"""blueprints/examples/promotion.yaml in Terraform: deployments that stay, aliases, canaries."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.proof.stack import prove
from gateprint.access.proof.synthesized import read_stack
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.stack.origin import origins_of
from gateprint.stack.publish import publish
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from tests.stack.synthesized import synth
from tests.support.golden import assert_golden
from tests.support.project import ROOT

GOLDEN = ROOT / "tests" / "golden" / "catalogue-nonprod.tf.json"
EXAMPLE = ROOT / "blueprints" / "examples" / "promotion.yaml"
INPUTS = load(Places(ROOT, EXAMPLE.parent, ROOT / "config", ROOT / "lambdas"), [EXAMPLE])
(CATALOGUE,) = INPUTS.blueprints
# ${ is Terraform's own; what API Gateway is to read stands with $${.
VARIABLE = "catalogue-nonprod-list_pets:$${stageVariables.gateprint_release}/invocations"


@pytest.mark.cdktf
def test_golden_stack_of_the_example(tmp_path: Path) -> None:
    (tmp_path / "blueprints").mkdir()
    (tmp_path / "blueprints" / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes())
    outdir = synth(tmp_path / "out", ROOT, GATEPRINT_BLUEPRINTS=str(tmp_path / "blueprints"))
    text = (outdir / "stacks" / "catalogue-nonprod" / "cdk.tf.json").read_text(encoding="utf-8")
    assert_golden(GOLDEN, text + "\n")


def resources(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))["resource"][kind]
    return found


def test_a_stage_has_the_deployment_and_the_variable_of_its_release() -> None:
    stages = {
        name: (each["deployment_id"], each["variables"]["gateprint_release"])
        for name, each in resources("aws_api_gateway_stage").items()
    }
    front = "${aws_api_gateway_deployment.catalogue_"
    assert stages == {
        "catalogue_dev": (f"{front}dev.id}}", "latest"),
        "catalogue_test": (f"{front}2026-11-20-2--release.id}}", "2026-11-20-2"),
        "catalogue_prod": (f"{front}2026-11-20-1--release.id}}", "2026-11-20-1"),
    }


def test_functions_are_called_by_the_alias_that_the_stage_names() -> None:
    uri = resources("aws_api_gateway_integration")["catalogue_get_pets"]["uri"]
    assert uri.endswith(VARIABLE)
    permissions = {
        each["statement_id"]: each.get("qualifier")
        for each in resources("aws_lambda_permission").values()
    }
    front = "${aws_lambda_alias.list_pets_"
    names = ("latest", "2026-11-20-1", "2026-11-20-2", "2026-11-18-1")
    of_aliases = {f"catalogue-{name}": f"{front}{name}--release.name}}" for name in names}
    assert permissions == {"catalogue-nonprod-catalogue": None, **of_aliases}


def test_a_release_stays_and_remembers_what_it_published() -> None:
    for name, each in resources("aws_api_gateway_deployment").items():
        if name == "catalogue_dev":
            continue
        assert each["lifecycle"]["ignore_changes"] == ["triggers"]
        assert each["triggers"]["routes"] == '{"GET /pets":"NONE","POST /orders":"AWS_IAM"}'
        assert each["triggers"]["functions"] == "list_pets"
    versions = {
        name: each.get("lifecycle", {}).get("ignore_changes")
        for name, each in resources("aws_lambda_alias").items()
    }
    assert versions.pop("list_pets_latest--release") is None
    assert set(map(str, versions.values())) == {"['function_version']"}


def test_every_resource_has_its_line() -> None:
    stack = json.loads(GOLDEN.read_text(encoding="utf-8"))["resource"]
    made = {f"{kind}.{name}" for kind, found in stack.items() for name in found}
    assert made - origins_of(CATALOGUE).keys() == set()


def test_the_stack_means_what_the_blueprint_states() -> None:
    stack = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert list(prove(CATALOGUE, read_stack(stack, CATALOGUE.environment))) == []


def without(blueprint: ResolvedBlueprint) -> ResolvedBlueprint:
    plain = (
        replace(each, release=None, kept_releases=(), canary=None) for each in blueprint.stages
    )
    return replace(blueprint, stages=tuple(plain))


def test_where_no_stage_has_a_release_nothing_is_said_of_any() -> None:
    plain = publish(without(CATALOGUE), CATALOGUE.apis[0], "id")
    assert [each.integration.uri for each in plain.methods] == [None, None]
    assert plain.digest != publish(CATALOGUE, CATALOGUE.apis[0], "id").digest
