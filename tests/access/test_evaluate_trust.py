"""Who may assume a role: federated users, services and other principals."""

from __future__ import annotations

from typing import Any

import pytest

from gateprint.access.iam.request import (
    Principal,
    Request,
    federated,
    service,
    session,
    user,
)
from gateprint.access.policy import service_trust_policy, trust_policy
from tests.access.decisions import ACCOUNT, OTHER, ROLE, document, trusting
from tests.access.shapes import grant, shape

PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/auth0"
ANNA = federated(PROVIDER)
GATEWAY = service("apigateway.amazonaws.com")
AUDIENCE = "https://signin.aws.amazon.com/saml"
SIGNED_IN = {"saml:aud": (AUDIENCE,), "saml:iss": ("urn:acme.auth0.com",)}


def signing_in(caller: Principal = ANNA, /, **context: tuple[str, ...]) -> Request:
    return Request("sts:AssumeRoleWithSAML", ROLE, caller, context)


def assuming(caller: Principal, **context: tuple[str, ...]) -> Request:
    return Request("sts:AssumeRole", ROLE, caller, context)


def statement(
    principal: object, action: str = "sts:AssumeRoleWithSAML", **more: Any
) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, **more}


def outcome(trust: dict[str, Any], request: Request) -> str:
    return trusting(trust, request).outcome


def generated() -> dict[str, Any]:
    _, blueprint = shape(["GET /a"], [grant(["GET /a"])])
    return trust_policy(blueprint.roles[0], blueprint.environment)


def test_a_generated_trust_policy_takes_a_sign_in_for_aws_by_this_provider() -> None:
    found = trusting(generated(), signing_in(**SIGNED_IN))
    assert found.outcome == "allow"
    assert found.statement is not None
    assert (found.statement.policy, found.statement.index) == ("trust", 0)


@pytest.mark.parametrize(
    "context",
    [
        {},
        {**SIGNED_IN, "saml:aud": ()},
        {**SIGNED_IN, "saml:aud": (f"{AUDIENCE}/",)},
        {**SIGNED_IN, "saml:aud": ("https://signin.aws.amazon.com.evil/saml",)},
        {**SIGNED_IN, "saml:iss": ("urn:ACME.auth0.com",)},
        {"saml:iss": ("urn:acme.auth0.com",)},
    ],
)
def test_it_takes_no_other_sign_in(context: dict[str, tuple[str, ...]]) -> None:
    assert outcome(generated(), signing_in(**context)) == "implicit-deny"


def test_it_takes_no_other_provider_action_or_kind_of_caller() -> None:
    trust = generated()
    assert outcome(trust, signing_in(federated(f"{PROVIDER}-api"), **SIGNED_IN)) == "implicit-deny"
    assert outcome(trust, signing_in(service(PROVIDER), **SIGNED_IN)) == "implicit-deny"
    request = Request("sts:TagSession", ROLE, ANNA, SIGNED_IN)
    assert outcome(trust, request) == "implicit-deny"


def test_keys_are_compared_without_case() -> None:
    context = {"SAML:AUD": (AUDIENCE,), "Saml:Iss": ("urn:acme.auth0.com",)}
    assert outcome(generated(), signing_in(**context)) == "allow"


@pytest.mark.parametrize(
    ("operator", "groups", "expected"),
    [
        ("ForAnyValue:StringEquals", ("student", "staff"), "allow"),
        ("ForAnyValue:StringEquals", ("student",), "implicit-deny"),
        ("ForAnyValue:StringEquals", (), "implicit-deny"),
        ("ForAllValues:StringEquals", ("student", "staff"), "implicit-deny"),
        # Why gateprint does not write ForAllValues: without the attribute everybody is taken.
        ("ForAllValues:StringEquals", (), "allow"),
    ],
)
def test_an_attribute_with_several_values_needs_a_set_operator(
    operator: str, groups: tuple[str, ...], expected: str
) -> None:
    condition = {operator: {"saml:edupersonaffiliation": ["staff", "auditor"]}}
    trust = document(statement({"Federated": PROVIDER}, Condition=condition))
    assert outcome(trust, signing_in(**{"SAML:edupersonaffiliation": groups})) == expected


def test_session_tags_need_their_own_action() -> None:
    condition = {
        "StringLike": {"aws:RequestTag/team": "*"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
    }
    trust = document(statement({"Federated": PROVIDER}, "sts:TagSession", Condition=condition))
    tags = {"aws:RequestTag/team": ("pets",), "aws:TagKeys": ("team",)}
    assert outcome(trust, Request("sts:TagSession", ROLE, ANNA, tags)) == "allow"
    more = {**tags, "aws:TagKeys": ("team", "admin")}
    assert outcome(trust, Request("sts:TagSession", ROLE, ANNA, more)) == "implicit-deny"


def test_a_service_assumes_what_trusts_it() -> None:
    trust = service_trust_policy("lambda.amazonaws.com")
    assert outcome(trust, assuming(service("lambda.amazonaws.com"))) == "allow"
    assert outcome(trust, assuming(GATEWAY)) == "implicit-deny"
    assert outcome(trust, signing_in(service("lambda.amazonaws.com"))) == "implicit-deny"


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/bert"}, "allow"),
        ({"AWS": ACCOUNT}, "allow"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "allow"),
        ({"AWS": "*"}, "allow"),
        ("*", "allow"),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:user/Bert"}, "implicit-deny"),
        ({"AWS": OTHER}, "implicit-deny"),
        ({"Service": "apigateway.amazonaws.com"}, "implicit-deny"),
    ],
)
def test_a_user_assumes_a_role_that_trusts_user_account_or_everybody(
    principal: object, expected: str
) -> None:
    bert = user(f"arn:aws:iam::{ACCOUNT}:user/bert")
    assert outcome(document(statement(principal, "sts:AssumeRole")), assuming(bert)) == expected


def test_a_session_is_named_by_its_role_too() -> None:
    trust = document(statement({"AWS": ROLE}, "sts:AssumeRole"))
    assert outcome(trust, assuming(session(ROLE))) == "allow"
    assert outcome(trust, assuming(session(f"{ROLE}s"))) == "implicit-deny"


def test_everybody_may_be_federated_too() -> None:
    assert outcome(document(statement("*")), signing_in()) == "allow"


def test_a_denial_wins() -> None:
    denial = {**statement("*"), "Effect": "Deny", "Condition": {"Null": {"saml:sub": "true"}}}
    trust = document(statement({"Federated": PROVIDER}), denial)
    assert outcome(trust, signing_in()) == "explicit-deny"
    assert outcome(trust, signing_in(**{"SAML:sub": ("anna",)})) == "allow"
