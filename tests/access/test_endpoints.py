"""The policies of VPC endpoints: who passes to what, what is refused, and what is proved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from gateprint.access.endpoints import check_endpoints, endpoint_policy, with_passages
from gateprint.access.evaluate import evaluate_trust
from gateprint.access.iam.request import ANONYMOUS, Request, session
from gateprint.access.iam.statement import read_policy
from gateprint.access.policy import to_json
from gateprint.access.proof.found import StackAccess
from gateprint.access.proof.stack import prove_account
from gateprint.model import source
from gateprint.model.resolved import Cors, Environment, Passage, ResolvedBlueprint, VpcEndpoint
from tests.access.shapes import grant, shape
from tests.model.made import environment_of

DOOR, OTHER = "vpce-0123456789abcdef0", "vpce-0fedcba9876543210"
ARN = "arn:aws:execute-api:us-east-2:123456789012"
ROLE = "arn:aws:iam::123456789012:role"
ROUTES = ["GET /health", "POST /entries", "GET /entries/{id}"]


def private(*doors: str, **more: Any) -> ResolvedBlueprint:
    """Of three routes of a private API one is public, and one is granted to the role."""
    _, blueprint = shape(ROUTES, [grant(ROUTES[1:2])])
    [api] = blueprint.apis
    routes = tuple(
        replace(each, auth="none", public="probes") if each.key == ROUTES[0] else each
        for each in api.routes
    )
    changed = replace(api, routes=routes, endpoint="PRIVATE", vpc_endpoints=doors, **more)
    return replace(blueprint, apis=(changed,))


def environment(*blueprints: ResolvedBlueprint, is_account_wide: bool = False) -> Environment:
    endpoint = VpcEndpoint(DOOR, is_account_wide)
    found = replace(environment_of(), vpc_endpoints=(endpoint,))
    return with_passages(found, blueprints)


def policy_of(found: Environment) -> dict[str, Any]:
    return endpoint_policy(found, found.vpc_endpoints[0])


def decided(policy: Mapping[str, Any], request: str, role: str = "") -> str:
    """Return what the policy says of a request to some API of the account."""
    caller = session(f"{ROLE}/{role}") if role else ANONYMOUS
    context = {"aws:principalarn": (caller.role_arn,)} if role else {}
    asked = Request("execute-api:Invoke", f"{ARN}:a1b2c3d4e5/{request}", caller, context)
    return evaluate_trust(read_policy("endpoint", policy, "resource"), asked).outcome


def role_of(blueprint: ResolvedBlueprint) -> str:
    return blueprint.roles[0].name


def stage_of(blueprint: ResolvedBlueprint) -> str:
    return blueprint.stages[0].name


def test_public_routes_pass_for_everybody_and_signed_ones_for_who_is_granted_them() -> None:
    blueprint = private(DOOR, cors=Cors(("*",), 600, is_preflight_function=False))
    policy, stage = policy_of(environment(blueprint)), stage_of(blueprint)
    role = role_of(blueprint)
    found = {
        (request, who): decided(policy, f"{stage}/{request}", who)
        for request in ("GET/health", "OPTIONS/entries", "POST/entries", "GET/entries/7")
        for who in ("", role, "stranger")
    }
    allowed = {each for each, outcome in found.items() if outcome == "allow"}
    open_to_all = {("GET/health", who) for who in ("", role, "stranger")}
    preflights = {("OPTIONS/entries", who) for who in ("", role, "stranger")}
    assert allowed == open_to_all | preflights | {("POST/entries", role)}
    assert decided(policy, "other/GET/health") == "implicit-deny"
    assert decided(policy, "GET/health") == "implicit-deny"


def test_apis_behind_another_endpoint_and_of_another_environment_do_not_count() -> None:
    elsewhere = replace(private(DOOR), environment=replace(environment_of(), name="prod"))
    assert environment(private(OTHER), elsewhere).vpc_endpoints == (VpcEndpoint(DOOR),)


def test_a_route_that_two_apis_have_passes_for_the_roles_of_both() -> None:
    one = private(DOOR)
    [role] = one.roles
    other = replace(one, roles=(replace(role, name="writer"),))
    [entry] = [
        each for each in environment(one, other).vpc_endpoints[0].passages if each.roles is not None
    ]
    assert entry.roles == tuple(sorted((f"{ROLE}/{role.name}", f"{ROLE}/writer")))


def test_the_whole_account_passes_where_the_author_says_so() -> None:
    policy = policy_of(environment(private(DOOR), is_account_wide=True))
    assert decided(policy, "any/POST/thing", "stranger") == "allow"
    [statement] = policy["Statement"]
    assert statement["Resource"] == [f"{ARN}:*"]


MANY = tuple(Passage("dev", "GET", f"/{'x' * 90}{number}") for number in range(200))


@pytest.mark.parametrize(
    ("endpoint", "codes"),
    [
        (VpcEndpoint(DOOR, passages=MANY[:1]), []),
        (VpcEndpoint(DOOR), ["unused-endpoint"]),
        (VpcEndpoint(DOOR, is_account_wide=True), ["unused-endpoint"]),
        (VpcEndpoint(DOOR, passages=MANY), ["over-quota"]),
        (VpcEndpoint(DOOR, is_account_wide=True, passages=MANY), []),
    ],
)
def test_a_policy_that_closes_its_endpoint_or_is_too_long_is_refused(
    endpoint: VpcEndpoint, codes: list[str]
) -> None:
    document = source.read("config/nonprod.yaml", f"vpc_endpoints:\n  {DOOR}: {{}}\n")
    found = list(check_endpoints(document, replace(environment_of(), vpc_endpoints=(endpoint,))))
    assert [each.code for each in found] == codes
    assert {each.location.line for each in found} <= {2}


def proved(found: Environment, policy: Mapping[str, Any] | None) -> list[str]:
    policies = {} if policy is None else {DOOR: to_json(policy)}
    stack = StackAccess((), {}, {}, (), endpoint_policies=policies)
    bare = replace(found, identity_providers=())
    return [each.sentence for each in prove_account(bare, stack)]


@pytest.mark.parametrize("is_account_wide", [False, True])
def test_the_policy_that_is_written_is_proved(*, is_account_wide: bool) -> None:
    found = environment(private(DOOR), is_account_wide=is_account_wide)
    assert proved(found, policy_of(found)) == []


def edited(policy: Mapping[str, Any], index: int, **edits: Any) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(policy))
    statement = {**copied["Statement"][index], **edits}
    copied["Statement"][index] = {k: v for k, v in statement.items() if v is not None}
    return copied


UNSIGNED, SIGNED = 0, 1
OPERATOR = {"StringLike": {"aws:PrincipalArn": [f"{ROLE}/*"]}}
KEY = {"StringEquals": {"aws:PrincipalAccount": ["123456789012"]}}
# What is planted in which statement, and how the difference begins.
PLANTED: dict[str, tuple[int, dict[str, Any], str]] = {
    "everybody in place of the role": (SIGNED, {"Condition": None}, "lets through what"),
    "another role": (
        SIGNED,
        {"Condition": {"StringEquals": {"aws:PrincipalArn": [f"{ROLE}/x"]}}},
        "lets through what",
    ),
    "a looser operator": (SIGNED, {"Condition": OPERATOR}, "has a policy that says more"),
    "another key": (SIGNED, {"Condition": KEY}, "has a policy that says more"),
    "every API": (UNSIGNED, {"Resource": [f"{ARN}:*"]}, "lets through what"),
    "other accounts": (UNSIGNED, {"Resource": ["*"]}, "lets through what"),
    "nothing": (UNSIGNED, {"Resource": []}, "does not let through"),
    "every action": (UNSIGNED, {"Action": "*"}, "has a policy that says more"),
    "a denial": (UNSIGNED, {"Effect": "Deny"}, "has a policy that says more"),
    "all but": (UNSIGNED, {"NotResource": ["x"]}, "has a policy that says more"),
    "nobody in a condition": (
        UNSIGNED,
        {"Condition": {"StringEquals": {"aws:PrincipalArn": [""]}}},
        "has a policy that says more",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_another_policy_than_the_stated_one_is_a_difference(name: str) -> None:
    index, edits, words = PLANTED[name]
    found = environment(private(DOOR))
    [sentence] = proved(found, edited(policy_of(found), index, **edits))
    assert sentence.startswith(f"{DOOR} {words}")


def test_an_endpoint_without_its_policy_and_a_policy_of_nobodys_endpoint_are_differences() -> None:
    found = environment(private(DOOR))
    assert proved(found, None) == [f"{DOOR} has no policy of this stack"]
    unsaid = replace(found, vpc_endpoints=())
    assert proved(unsaid, policy_of(found)) == [
        f"{DOOR} is not in the environment, and has a policy"
    ]
