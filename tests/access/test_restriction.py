"""Where callers must come from: the Deny statements, who is let in, and what is read back."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from gateprint.access.answers.answer import Caller, Target, read_source, rule
from gateprint.access.answers.question import Call, WrongQuestion, read_whereabouts
from gateprint.access.policy import api_arn, inline_policy_name, resource_policy, role_documents
from gateprint.access.restriction import read_restriction
from gateprint.access.whereabouts import Whereabouts, inside
from gateprint.model.resolved import Api, Cors, ResolvedBlueprint
from gateprint.model.restriction import Restriction, is_inner, just_outside
from tests.access.shapes import grant, shape
from tests.model.made import environment_of

ROUTES = ["GET /pets", "GET /terms"]
OFFICE = Restriction(("203.0.113.0/24", "2001:db8::/32"))
ORGANIZATION = Restriction(organization="o-exampleorgid")
BOTH = replace(OFFICE, organization="o-exampleorgid")
VPC = Restriction(vpcs=("vpc-0123456789abcdef0",))
DOOR = "vpce-0123456789abcdef0"
CORS = Cors(("*",), 600, is_preflight_function=False)
STAGES = ("dev",)


def restricted(only: Restriction | None, *public: str, **more: Any) -> ResolvedBlueprint:
    """Two routes, one of which the role is granted, unless they are public."""
    signed = [key for key in ROUTES if key not in public]
    _, blueprint = shape(ROUTES, [grant(signed[:1])] if signed else [])
    [api] = blueprint.apis
    routes = tuple(
        replace(each, auth="none", public="yes") if each.key in public else each
        for each in api.routes
    )
    changed = replace(api, routes=routes, only_from=only, **more)
    return replace(blueprint, apis=(changed,))


def policy_of(blueprint: ResolvedBlueprint) -> Any:
    return resource_policy(environment_of(), STAGES, blueprint.apis[0], "a1b2c3")


def decided(blueprint: ResolvedBlueprint, where: Whereabouts, call: str = "GET /pets") -> str:
    [api], [role] = blueprint.apis, blueprint.roles
    document = role_documents(blueprint, role, {api.name: "a1b2c3"}).inline
    name = inline_policy_name(blueprint, role)
    sources = (read_source(name, document, "identity"),) if document else ()
    policy = policy_of(blueprint)
    source = read_source("resource policy", policy, "resource") if policy else None
    target = Target(api, api_arn(environment_of(), "a1b2c3"), "dev", source, where)
    caller = Caller(role.name, f"arn:aws:iam::123456789012:role/{role.name}", sources)
    return rule(target, caller, Call(*call.split())).outcome


def test_each_thing_that_is_asked_is_a_statement_of_its_own() -> None:
    statements = policy_of(restricted(BOTH))["Statement"]
    assert [(each["Sid"], each["Effect"], each["Condition"]) for each in statements] == [
        ("sourceip", "Deny", {"NotIpAddress": {"aws:SourceIp": list(OFFICE.source_ips)}}),
        ("organization", "Deny", {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}),
    ]


def test_an_api_without_a_restriction_has_no_policy() -> None:
    assert policy_of(restricted(None)) is None


def test_preflights_are_of_no_organization() -> None:
    denial, allow = policy_of(restricted(ORGANIZATION, cors=CORS))["Statement"]
    assert denial["Condition"]["Null"] == {"aws:PrincipalArn": "false"}
    assert [each.rpartition("a1b2c3/")[2] for each in allow["Resource"]] == [
        "dev/OPTIONS/pets",
        "dev/OPTIONS/terms",
    ]


def test_a_private_api_asks_for_the_address_behind_its_endpoint() -> None:
    networks = Restriction(("10.1.0.0/16",))
    blueprint = restricted(networks, endpoint="PRIVATE", vpc_endpoints=(DOOR,))
    conditions = [each["Condition"] for each in policy_of(blueprint)["Statement"]]
    assert conditions == [
        {"StringNotEquals": {"aws:SourceVpce": [DOOR]}},
        {"NotIpAddress": {"aws:VpcSourceIp": ["10.1.0.0/16"]}},
    ]


AT_OFFICE, AT_HOME = "203.0.113.9", "198.51.100.1"
DECISIONS = [
    (OFFICE, Whereabouts(AT_OFFICE), "allow"),
    (OFFICE, Whereabouts("2001:db8::9"), "allow"),
    (OFFICE, Whereabouts(AT_HOME), "explicit-deny"),
    (OFFICE, Whereabouts("2001:db9::9"), "explicit-deny"),
    (BOTH, Whereabouts(AT_OFFICE, organization="o-exampleorgid"), "allow"),
    (BOTH, Whereabouts(AT_HOME, organization="o-exampleorgid"), "explicit-deny"),
    (BOTH, Whereabouts(AT_OFFICE, organization="o-otherorgid0"), "explicit-deny"),
    (None, Whereabouts(AT_HOME), "allow"),
]


@pytest.mark.parametrize(("only", "where", "expected"), DECISIONS)
def test_all_that_is_asked_must_hold(
    only: Restriction | None, where: Whereabouts, expected: str
) -> None:
    assert decided(restricted(only), where) == expected


@pytest.mark.parametrize("only", [OFFICE, ORGANIZATION, BOTH])
def test_coming_from_the_right_place_grants_nothing(only: Restriction) -> None:
    """Table A: within an account an Allow of the resource policy would be enough."""
    blueprint = restricted(only)
    where = inside(blueprint.apis[0])
    assert decided(blueprint, where, "GET /pets") == "allow"
    assert decided(blueprint, where, "GET /terms") == "implicit-deny"


@pytest.mark.parametrize(
    ("where", "expected"),
    [(Whereabouts(AT_OFFICE), "allow"), (Whereabouts(AT_HOME), "explicit-deny")],
)
def test_a_public_route_is_allowed_from_the_right_place_alone(
    where: Whereabouts, expected: str
) -> None:
    assert decided(restricted(OFFICE, "GET /terms"), where, "GET /terms") == expected


@pytest.mark.parametrize(
    ("vpc", "expected"),
    [("vpc-0123456789abcdef0", "allow"), ("vpc-0fedcba9876543210", "explicit-deny")],
)
def test_any_endpoint_of_a_vpc_leads_to_a_private_api(vpc: str, expected: str) -> None:
    blueprint = restricted(VPC, endpoint="PRIVATE")
    assert decided(blueprint, Whereabouts(vpc=vpc, vpc_endpoint=DOOR)) == expected


@pytest.mark.parametrize("only", [OFFICE, ORGANIZATION, BOTH])
@pytest.mark.parametrize("cors", [None, CORS])
def test_what_is_deployed_is_read_back_as_it_was_written(
    only: Restriction, cors: Cors | None
) -> None:
    document = json.dumps(policy_of(restricted(only, cors=cors)))
    assert read_restriction(document) == (only, "")


def denial(**changed: Any) -> str:
    [statement] = policy_of(restricted(OFFICE))["Statement"]
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **changed}]})


@pytest.mark.parametrize(
    "document",
    [
        denial(Condition={"NotIpAddressIfExists": {"aws:SourceIp": ["203.0.113.0/24"]}}),
        denial(Condition={"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}),
        denial(Condition={"NotIpAddress": {"aws:sourceip": ["203.0.113.0/24"]}}),
        denial(Condition={"NotIpAddress": {"aws:SourceIp": ["office"]}}),
        denial(Principal={"AWS": "123456789012"}),
        denial(Action="execute-api:*"),
        denial(Resource="arn:aws:execute-api:us-east-2:123456789012:a1b2c3/dev/*"),
        denial(Condition={}),
        '{"Statement": 1}',
        "no JSON",
    ],
)
def test_what_was_written_by_others_is_not_taken_for_ours(document: str) -> None:
    found, problem = read_restriction(document)
    assert (found, bool(problem)) == (None, True)


WITHIN = [
    (OFFICE, OFFICE, True),
    (OFFICE, Restriction(), True),
    (Restriction(), OFFICE, False),
    (BOTH, OFFICE, True),
    (OFFICE, BOTH, False),
    (Restriction(("203.0.113.0/25",)), OFFICE, True),
    (Restriction(("203.0.112.0/23",)), OFFICE, False),
    (Restriction(("10.0.0.0/9", "10.128.0.0/9")), Restriction(("10.0.0.0/8",)), True),
    (Restriction(("10.0.0.0/8",)), Restriction(("10.0.0.0/9", "10.128.0.0/9")), True),
    (VPC, Restriction(vpcs=("vpc-1", *VPC.vpcs)), True),
    (Restriction(organization="o-otherorgid0"), ORGANIZATION, False),
]


@pytest.mark.parametrize(("one", "other", "expected"), WITHIN)
def test_a_restriction_is_within_another_if_it_lets_in_nobody_else(
    one: Restriction, other: Restriction, expected: bool
) -> None:
    assert one.is_within(other) is expected


def test_the_neighbours_of_networks_are_in_none_of_them() -> None:
    networks = ("10.0.0.0/24", "10.0.1.0/25", "0.0.0.0/8")
    assert list(just_outside(networks)) == ["1.0.0.0", "9.255.255.255", "10.0.1.128"]


def test_inner_networks_are_known() -> None:
    api = Api("pets", (), only_from=Restriction(("10.1.0.0/16", "203.0.113.0/24")))
    assert inside(api).source_ip == "10.1.0.0"
    networks = ("10.1.0.0/16", "fd00::/9", "8.0.0.0/5")
    assert [is_inner(ip_network(each)) for each in networks] == [True, True, False]


@pytest.mark.parametrize(
    ("source", "endpoint", "subject"),
    [("office", None, "--from"), ("203.0.113.0/24", None, "--from"), (None, "vpce", "--vpc-end")],
)
def test_a_place_that_is_none_is_refused(
    source: str | None, endpoint: str | None, subject: str
) -> None:
    with pytest.raises(WrongQuestion) as refused:
        read_whereabouts(source, endpoint)
    assert refused.value.subject.startswith(subject)
