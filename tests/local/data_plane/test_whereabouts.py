"""Where a request pretends to come from, and what the resource policy makes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from gateprint.access.evaluate import Decision
from gateprint.access.restriction import denials
from gateprint.local.identity.account import AccountRole, Document
from gateprint.local.identity.authorization import AccountAuthorization
from gateprint.local.identity.credentials import Sessions
from gateprint.local.web import Caller, Invocation
from gateprint.model.resolved import Api
from gateprint.model.restriction import Restriction
from tests.local.data_plane.made import (
    API,
    CALLER,
    NOW,
    TOKENS,
    Cloud,
    call,
    method,
    proxy,
    snapshot,
    text,
)
from tests.local.data_plane.test_authorizers import ARN, AUTHORIZER, BEARER, asking, policy
from tests.local.identity.fakes import FakeAccount

OFFICE = Api("pets", (), only_from=Restriction(("203.0.113.0/24",)))
DOOR, VPC = "vpce-0123456789abcdef0", "vpc-0123456789abcdef0"
PRIVATE = Api("pets", (), None, "PRIVATE", (DOOR,), only_from=Restriction(("10.1.0.0/16",), (VPC,)))
EVERYBODY = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": f"{ARN}/*",
}
ANONYMOUS = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "


@dataclass
class Policed(Cloud):
    """A cloud in which the resource policy decides about who signs nothing."""

    def authorize(
        self,
        caller: Caller | None,
        method_arn: str,
        resource_policy: str | None,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        self.contexts.append(context)
        return TOKENS.authorize(caller, method_arn, resource_policy, context)


def policed(api: Api, methods: Mapping[str, Any], **more: Any) -> Policed:
    statements = [*denials(api, f"{ARN.partition('/')[0]}/*"), EVERYBODY]
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    kind = {"endpointConfiguration": {"types": [api.endpoint]}}
    return Policed(snapshot(methods, policy=document, **kind, **more))


def status(cloud: Cloud, **pretended: str) -> int:
    headers = {f"X-Gateprint-{name.replace('_', '-')}": each for name, each in pretended.items()}
    return call(cloud, headers=tuple(headers.items())).status


@pytest.mark.parametrize(
    ("pretended", "expected"),
    [
        ({}, 403),
        ({"Source_Ip": "203.0.113.7"}, 200),
        ({"Source_Ip": "203.0.114.7"}, 403),
        ({"Source_Ip": "2001:db8::1"}, 403),
        ({"Source_Ip": "203.0.113.7, 127.0.0.1"}, 400),
        ({"Source_Ip": "203.0.113.7", "Vpc_Endpoint": "DOOR"}, 400),
        ({"Source_Ip": "127.0.0.1", "Vpc_Endpoint": DOOR}, 403),
    ],
)
def test_the_address_decides_about_a_restricted_api(
    pretended: dict[str, str], expected: int
) -> None:
    assert status(policed(OFFICE, {"GET /pets": method()}), **pretended) == expected


def test_what_proxies_say_of_an_address_is_not_believed() -> None:
    headers = (("X-Forwarded-For", "203.0.113.7"), ("Forwarded", "for=203.0.113.7"))
    found = call(policed(OFFICE, {"GET /pets": method()}), headers=headers)
    message = json.loads(found.body)["Message"]
    assert (found.status, message.startswith(ANONYMOUS)) == (403, True)
    assert message.endswith(f":{API}/dev/GET/pets with an explicit deny")


INSIDE = {"Vpc_Endpoint": DOOR, "Vpc": VPC, "Source_Ip": "10.1.2.3"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 200),
        ({"Vpc_Endpoint": "vpce-00000000000000000"}, 403),
        ({"Vpc": "vpc-00000000000000000"}, 403),
        ({"Source_Ip": "10.2.0.1"}, 403),
        ({"Vpc": "any"}, 400),
    ],
)
def test_a_private_api_asks_for_endpoint_vpc_and_address(
    changed: dict[str, str], expected: int
) -> None:
    cloud = policed(PRIVATE, {"GET /pets": method()})
    assert status(cloud, **{**INSIDE, **changed}) == expected
    assert status(cloud) == 403, "from the internet"


def test_backends_see_the_address_and_none_of_the_headers() -> None:
    cloud = Cloud(snapshot({"GET /pets": method(proxy())}))
    headers = (("X-Gateprint-Source-Ip", "203.0.113.7"), ("X-Other", "yes"))
    assert call(cloud, headers=headers).status == 200
    [event] = cloud.events
    assert event["requestContext"]["identity"]["sourceIp"] == "203.0.113.7"
    assert "X-Other" in event["headers"]
    assert not [each for each in event["headers"] if each.lower().startswith("x-gateprint")]


def test_an_authorizer_is_not_asked_where_the_policy_denies() -> None:
    """Before the function is called, explicit denials are looked for."""
    cloud = policed(OFFICE, {"GET /pets": asking()}, authorizers=[AUTHORIZER])
    cloud.invocation = policy("Allow", f"{ARN}/GET/pets")
    refused = call(cloud, headers=(BEARER,))
    assert (text(refused)[1].count(ANONYMOUS), cloud.events) == (1, [])
    assert call(cloud, headers=(BEARER, ("X-Gateprint-Source-Ip", "203.0.113.7"))).status == 200
    assert len(cloud.events) == 1


@pytest.mark.parametrize(
    ("member_of", "pretended", "expected"),
    [
        (None, {}, "explicit-deny"),
        ("o-exampleorgid", {}, "allow"),
        ("o-otherorgid0", {}, "explicit-deny"),
        ("o-otherorgid0", {"aws:PrincipalOrgID": ("o-exampleorgid",)}, "allow"),
    ],
)
def test_the_accounts_organization_is_that_of_its_callers(
    member_of: str | None, pretended: dict[str, tuple[str, ...]], expected: str
) -> None:
    account = FakeAccount(member_of=member_of)
    account.roles["AROAEXAMPLE"] = _role()
    api = Api("pets", (), only_from=Restriction(organization="o-exampleorgid"))
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": denials(api, f"{ARN.partition('/')[0]}/*")}
    )
    authorization = AccountAuthorization(account, Sessions(lambda: NOW), lambda: NOW)
    found = authorization.authorize(CALLER, f"{ARN}/GET/pets", document, pretended)
    assert found.outcome == expected


def _role() -> Any:
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    return AccountRole(CALLER.role_arn, "AROAEXAMPLE", "{}", (Document("calls", text),))


def test_a_private_api_is_not_reached_without_an_endpoint() -> None:
    cloud = Cloud(
        snapshot({"GET /pets": method()}, endpointConfiguration={"types": ["PRIVATE"]}),
        invocation=Invocation("{}"),
    )
    assert text(call(cloud))[1].count("a private API is reached from its VPC alone") == 1
