"""blueprints/examples/jwt.yaml in Terraform, and the proof of what it says about tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.proof.stack import prove
from gateprint.access.proof.synthesized import read_stack
from gateprint.stack.publish import publish
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from tests.stack.synthesized import synth
from tests.support.golden import assert_golden
from tests.support.project import ROOT

GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = ROOT / "blueprints" / "examples"
INPUTS = load(Places(ROOT, EXAMPLES, ROOT / "config", ROOT / "lambdas"))
SHELTER = next(each for each in INPUTS.blueprints if each.name == "shelter")
GET_ME = "shelter_get_me"


@pytest.mark.cdktf
def test_golden_stack_of_the_example(tmp_path: Path) -> None:
    outdir = synth(tmp_path, ROOT, GATEPRINT_BLUEPRINTS=str(EXAMPLES))
    text = (outdir / "stacks" / "shelter-nonprod" / "cdk.tf.json").read_text(encoding="utf-8")
    assert_golden(GOLDEN / "shelter-nonprod.tf.json", text + "\n")


def stack() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / "shelter-nonprod.tf.json").read_text())
    return found


Resources = dict[str, Any]


def opened(found: Resources) -> None:
    found["aws_api_gateway_method"][GET_ME]["authorization"] = "NONE"
    del found["aws_api_gateway_method"][GET_ME]["authorizer_id"]


def of_nobody(found: Resources) -> None:
    del found["aws_api_gateway_method"][GET_ME]["authorizer_id"]


def of_another(found: Resources) -> None:
    other = {**found["aws_api_gateway_authorizer"]["shelter_auth0"], "name": "other"}
    found["aws_api_gateway_authorizer"]["other"] = other
    there = "${aws_api_gateway_authorizer.other.id}"
    found["aws_api_gateway_method"][GET_ME]["authorizer_id"] = there


def changed(**changes: str | int) -> Callable[[Resources], None]:
    return lambda found: found["aws_api_gateway_authorizer"]["shelter_auth0"].update(changes)


FAULTS: dict[str, tuple[Callable[[Resources], None], str]] = {
    "no authorization": (opened, "GET /me of shelter can be called without a token"),
    "no authorizer": (of_nobody, "GET /me of shelter has the authorization CUSTOM instead of"),
    "another authorizer": (of_another, "the authorizer other of shelter is not as it should be"),
    "another function": (
        changed(authorizer_uri="${aws_lambda_function.get_animal.invoke_arn}"),
        "the authorizer auth0 of shelter is not as it should be",
    ),
    "another type": (changed(type="REQUEST"), "the authorizer auth0 of shelter is not"),
    "another header": (
        changed(identity_source="method.request.header.X-Token"),
        "the authorizer auth0 of shelter is not",
    ),
    "a longer cache": (changed(authorizer_result_ttl_in_seconds=3600), "the authorizer auth0"),
    "a role of its own": (
        changed(authorizer_credentials="arn:aws:iam::1:role/x"),
        "the authorizer",
    ),
    "several of it": (changed(count=2), "has count, which is not read"),
}


@pytest.mark.parametrize(("plant", "sentence"), FAULTS.values(), ids=FAULTS)
def test_the_proof_finds_what_asks_otherwise(
    plant: Callable[[Resources], None], sentence: str
) -> None:
    document = stack()
    assert prove(SHELTER, read_stack(document, SHELTER.environment)) == ()
    plant(document["resource"])
    found = prove(SHELTER, read_stack(document, SHELTER.environment))
    assert any(sentence in each.sentence for each in found), found


def test_what_asks_for_a_token_is_part_of_what_is_published() -> None:
    """A changed cache, or another authorizer of a method, is another deployment."""
    (api,) = SHELTER.apis
    published = publish(SHELTER, api, "id")
    assert [each.authorizer for each in published.methods if each.authorizer] == ["auth0"] * 3
    assert published.authorizers[0].cache_seconds == 300
