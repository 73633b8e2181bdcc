"""blueprints/examples/cognito.yaml in Terraform, and the proof of what it says about user pools."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.proof.applied import Resource, read_applied
from gateprint.access.proof.stack import prove
from gateprint.access.proof.synthesized import read_stack
from gateprint.stack import address
from gateprint.stack.origin import origins_of
from gateprint.stack.publish import publish
from gateprint.workflow.inputs import load
from gateprint.workflow.places import Places
from tests.stack.synthesized import synth
from tests.support.golden import assert_golden
from tests.support.project import ROOT

GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = ROOT / "blueprints" / "examples"
INPUTS = load(Places(ROOT, EXAMPLES, ROOT / "config", ROOT / "lambdas"))
CLINIC = next(each for each in INPUTS.blueprints if each.name == "clinic")
ARN = "arn:aws:cognito-idp:us-east-2:123456789012:userpool/us-east-2_another1"


@pytest.mark.cdktf
def test_golden_stack_of_the_example(tmp_path: Path) -> None:
    outdir = synth(tmp_path, ROOT, GATEPRINT_BLUEPRINTS=str(EXAMPLES))
    text = (outdir / "stacks" / "clinic-nonprod" / "cdk.tf.json").read_text(encoding="utf-8")
    assert_golden(GOLDEN / "clinic-nonprod.tf.json", text + "\n")


def stack() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / "clinic-nonprod.tf.json").read_text())
    return found


Resources = dict[str, Any]


def of_method(name: str, **changes: Any) -> Callable[[Resources], None]:
    """Change arguments of a method; None leaves one out."""

    def change(found: Resources) -> None:
        method = found["aws_api_gateway_method"][f"clinic_{name}"]
        for key, value in changes.items():
            method.pop(key) if value is None else method.update({key: value})

    return change


def of_authorizer(**changes: Any) -> Callable[[Resources], None]:
    return lambda found: found["aws_api_gateway_authorizer"]["clinic_owners"].update(changes)


def of_another_pool(found: Resources) -> None:
    pools = found["aws_cognito_user_pool"]
    pools["other"] = {**pools["owners"], "name": "clinic-nonprod-other"}
    here = "${aws_cognito_user_pool.other.arn}"
    found["aws_api_gateway_authorizer"]["clinic_owners"]["provider_arns"] = [here]


NOT_AS = "the authorizer owners of clinic is not as it should be"
FAULTS: dict[str, tuple[Callable[[Resources], None], str]] = {
    "no authorization": (
        of_method("get_me", authorization="NONE", authorizer_id=None),
        "GET /me of clinic can be called without a token, but the blueprint says auth: cognito",
    ),
    "no authorizer": (
        of_method("get_me", authorizer_id=None),
        "GET /me of clinic has the authorization COGNITO_USER_POOLS instead of",
    ),
    "scopes where none are": (
        of_method("get_me", authorization_scopes=["clinic/read"]),
        "GET /me of clinic has the authorization COGNITO_USER_POOLS owners clinic/read",
    ),
    "one scope more, so any of three": (
        of_method("get_appointments", authorization_scopes=["clinic/read", "clinic/write", "x/y"]),
        "GET /appointments of clinic has the authorization",
    ),
    "one scope less": (
        of_method("get_appointments", authorization_scopes=["clinic/read"]),
        "GET /appointments of clinic has the authorization",
    ),
    "no scope, so an ID token": (
        of_method("post_appointments", authorization_scopes=None),
        "POST /appointments of clinic has the authorization COGNITO_USER_POOLS owners instead of",
    ),
    "scopes that are no list": (
        of_method("post_appointments", authorization_scopes="clinic/write x"),
        "POST /appointments of clinic has the authorization",
    ),
    "another pool": (of_another_pool, NOT_AS),
    "a second pool": (
        of_authorizer(provider_arns=["${aws_cognito_user_pool.owners.arn}", ARN]),
        NOT_AS,
    ),
    "a pool by its ARN": (of_authorizer(provider_arns=[ARN]), NOT_AS),
    "no pool": (of_authorizer(provider_arns=[]), NOT_AS),
    "another type": (of_authorizer(type="TOKEN"), NOT_AS),
    "another header": (of_authorizer(identity_source="method.request.header.X-Token"), NOT_AS),
    "a function": (of_authorizer(authorizer_uri="arn:aws:lambda:x"), NOT_AS),
    "several of it": (of_authorizer(count=2), "has count, which is not read"),
}


@pytest.mark.parametrize(("plant", "sentence"), FAULTS.values(), ids=FAULTS)
def test_the_proof_finds_what_asks_otherwise(
    plant: Callable[[Resources], None], sentence: str
) -> None:
    document = stack()
    assert prove(CLINIC, read_stack(document, CLINIC.environment)) == ()
    plant(document["resource"])
    found = prove(CLINIC, read_stack(document, CLINIC.environment))
    assert any(sentence in each.sentence for each in found), found


def applied(*pools: str) -> list[Resource]:
    """A state of one API with one method and one authorizer of these pools."""
    pool = {"name": "clinic-nonprod-owners", "arn": "arn:own"}
    api = {"id": "a1", "name": "clinic-nonprod-clinic", "root_resource_id": "r0"}
    authorizer = {"rest_api_id": "a1", "id": "z1", "name": "owners", "provider_arns": list(pools)}
    method = {"rest_api_id": "a1", "resource_id": "r0", "http_method": "GET"}
    method |= {"authorization": "COGNITO_USER_POOLS", "authorizer_id": "z1"}
    found: list[tuple[str, dict[str, Any]]] = [
        ("aws_cognito_user_pool", pool),
        ("aws_api_gateway_rest_api", api),
        ("aws_api_gateway_authorizer", authorizer),
        ("aws_api_gateway_method", {**method, "authorization_scopes": ["b/c", "a/b"]}),
    ]
    return [Resource(f"{kind}.x", kind, values) for kind, values in found]


def test_a_state_tells_pools_and_scopes_as_a_stack_does() -> None:
    [api] = read_applied(applied("arn:own", ARN)).access.apis
    assert api.methods == {"GET /": "COGNITO_USER_POOLS owners a/b b/c"}
    assert api.authorizers[0].user_pools == ("<clinic-nonprod-owners.arn>", ARN)


def test_whose_tokens_are_taken_is_part_of_what_is_published() -> None:
    """Another pool or another scope is another deployment."""
    (api,) = CLINIC.apis
    published = publish(CLINIC, api, "id")
    (authorizer,) = published.pool_authorizers
    assert authorizer.user_pools == ("${aws_cognito_user_pool.owners.arn}",)
    assert [each.scopes for each in published.methods if each.scopes] == [
        ("clinic/read", "clinic/write"),
        ("clinic/write",),
    ]
    other = replace(authorizer, user_pools=(ARN,))
    methods = tuple(replace(each, scopes=()) for each in published.methods)
    digests = {
        published.digest,
        replace(published, pool_authorizers=(other,)).digest,
        replace(published, methods=methods).digest,
    }
    assert len(digests) == 3


def test_every_resource_of_a_pool_has_its_line() -> None:
    known = origins_of(CLINIC)
    made = [
        f"{kind}.{name}"
        for kind, found in stack()["resource"].items()
        if kind.startswith("aws_cognito_") or kind == "aws_api_gateway_authorizer"
        for name in found
    ]
    assert len(made) == 5
    assert [each for each in made if each not in known] == []


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("pets", "owners_pets"),
        ("https://pets.example.com", "owners_https--n--x2f--x2fpets--dexample--dcom"),
        ("a~b", "owners_a--x7eb"),
        ("a_b", "owners_a--ub"),
    ],
)
def test_the_identifier_of_a_resource_server_is_part_of_its_address(
    identifier: str, expected: str
) -> None:
    assert address.resource_server("owners", identifier) == expected
