"""blueprints/examples/api-keys.yaml in Terraform, and the proof of what it says about keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.proof.stack import prove
from gateprint.access.proof.synthesized import read_stack
from gateprint.stack.cors import ALLOW_HEADERS
from gateprint.stack.origin import origins_of
from gateprint.stack.publish import publish
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from tests.stack.synthesized import synth
from tests.support.golden import assert_golden
from tests.support.project import ROOT

GOLDEN = ROOT / "tests" / "golden" / "rates-nonprod.tf.json"
EXAMPLES = ROOT / "blueprints" / "examples"
INPUTS = load(Places(ROOT, EXAMPLES, ROOT / "config", ROOT / "lambdas"))
RATES = next(each for each in INPUTS.blueprints if each.name == "rates")
METHOD, PLAN, KEY = (f"aws_api_gateway_{each}" for each in ("method", "usage_plan", "api_key"))
MEMBER = "aws_api_gateway_usage_plan_key"


@pytest.mark.cdktf
def test_golden_stack_of_the_example(tmp_path: Path) -> None:
    outdir = synth(tmp_path, ROOT, GATEPRINT_BLUEPRINTS=str(EXAMPLES))
    text = (outdir / "stacks" / "rates-nonprod" / "cdk.tf.json").read_text(encoding="utf-8")
    assert_golden(GOLDEN, text + "\n")


def stack() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return found


Resources = dict[str, Any]


def keyless(found: Resources) -> None:
    del found[METHOD]["rates_get_rates"]["api_key_required"]


def keyed(found: Resources) -> None:
    found[METHOD]["rates_get_health"]["api_key_required"] = True


def keyed_preflight(found: Resources) -> None:
    found[METHOD]["rates_options_rates"]["api_key_required"] = True


def without_plan(found: Resources) -> None:
    del found[PLAN]["trial"]


def of_another_stage(found: Resources) -> None:
    found[PLAN]["trial"]["api_stages"][0]["stage"] = "prod"


def with_another_key(found: Resources) -> None:
    found[MEMBER]["trial_visitor"]["key_id"] = f"${{{KEY}.acme.id}}"


def with_a_value(found: Resources) -> None:
    found[KEY]["acme"]["value"] = "x" * 40


FAULTS: dict[str, tuple[Callable[[Resources], None], str]] = {
    "no key": (keyless, "GET /rates of rates can be called without an API key"),
    "a key too many": (keyed, "GET /health of rates has the authorization NONE and an API key"),
    "a preflight with a key": (keyed_preflight, "OPTIONS /rates of rates is not in the blueprint"),
    "no plan": (without_plan, "the usage plan rates-nonprod-trial is not there"),
    "another stage": (of_another_stage, "the usage plan rates-nonprod-trial is for other stages"),
    "another key": (with_another_key, "the usage plan rates-nonprod-trial has other keys"),
    "a value": (with_a_value, f"{KEY}.acme has value, which is not read"),
}


@pytest.mark.parametrize(("plant", "sentence"), FAULTS.values(), ids=FAULTS)
def test_the_proof_finds_what_keys_open_otherwise(
    plant: Callable[[Resources], None], sentence: str
) -> None:
    document = stack()
    assert prove(RATES, read_stack(document, RATES.environment)) == ()
    plant(document["resource"])
    found = prove(RATES, read_stack(document, RATES.environment))
    assert any(sentence in each.sentence for each in found), found


def test_terraform_never_has_the_value_of_a_key() -> None:
    assert [sorted(each) for each in stack()["resource"][KEY].values()] == [["//", "name"]] * 3


def test_a_plan_waits_for_its_stages() -> None:
    (place,) = stack()["resource"][PLAN]["partner"]["api_stages"]
    assert place["stage"] == "${aws_api_gateway_stage.rates_dev.stage_name}"
    assert place["throttle"] == [{"path": "/rates/GET", "rate_limit": 2, "burst_limit": 5}]


def test_a_key_that_is_asked_for_is_published_and_others_are_as_before() -> None:
    (api,) = RATES.apis
    published = publish(RATES, api, "id")
    assert [each.verb for each in published.methods if each.needs_key] == ["GET", "POST"]
    assert "X-Api-Key" in ALLOW_HEADERS.split(","), "pages may send it"


def test_every_plan_and_key_leads_to_its_line() -> None:
    origins = origins_of(RATES)
    document = stack()["resource"]
    told = {f"{kind}.{name}" for kind in (PLAN, KEY, MEMBER) for name in document[kind]}
    assert {each for each in told if origins[each][:1] == ("plans",)} == told
