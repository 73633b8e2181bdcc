"""The policies of VPC endpoints, which are asked before anything else of a private API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateprint.local.web import Invocation
from tests.local.data_plane.made import (
    ACCOUNT,
    API,
    CALLER,
    REGION,
    STAGE,
    Cloud,
    call,
    method,
    snapshot,
    text,
)

DOOR, UNKNOWN = "vpce-0123456789abcdef0", "vpce-0fedcba9876543210"
ARN = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/{STAGE}"
PRIVATE = {"endpointConfiguration": {"types": ["PRIVATE"]}}
BEHIND = (("X-Gateprint-Vpc-Endpoint", DOOR),)
REASON = "because no VPC endpoint policy allows the execute-api:Invoke action"


def letting_through(resource: str, effect: str = "Allow", *roles: str) -> str:
    statement: dict[str, Any] = {
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": resource,
    }
    if roles:
        statement["Condition"] = {"StringEquals": {"aws:PrincipalArn": list(roles)}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def cloud(policy: str, *, is_signed: bool = False) -> Cloud:
    kind = "AWS_IAM" if is_signed else "NONE"
    api = snapshot({"GET /pets": method(authorizationType=kind)}, **PRIVATE)
    return Cloud(api, invocation=Invocation("{}"), endpoint_policies={DOOR: policy})


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (letting_through(f"{ARN}/GET/pets"), 200),
        (letting_through("*"), 200),
        (letting_through(f"{ARN}/POST/pets"), 403),
        (letting_through("*", "Deny"), 403),
        (letting_through("*", "Allow", "arn:aws:iam::123456789012:role/reader"), 403),
        ("no policy at all", 403),
    ],
)
def test_who_signs_nothing_passes_where_everybody_does(policy: str, expected: int) -> None:
    assert call(cloud(policy), headers=BEHIND).status == expected


def test_a_refusal_names_the_endpoints_policy() -> None:
    nothing = letting_through(f"{ARN}/POST/pets")
    assert REASON in text(call(cloud(nothing), headers=BEHIND))[1]
    denied = text(call(cloud(letting_through("*", "Deny")), headers=BEHIND))[1]
    assert "with an explicit deny in a VPC endpoint policy" in denied


@pytest.mark.parametrize(
    ("role", "expected"), [(CALLER.role_arn, 200), (f"{CALLER.role_arn}s", 403)]
)
def test_who_signs_passes_as_a_role(role: str, expected: int) -> None:
    policy = letting_through(f"{ARN}/GET/pets", "Allow", role)
    assert call(cloud(policy, is_signed=True), headers=BEHIND).status == expected


def test_an_endpoint_that_is_not_known_has_no_policy() -> None:
    nothing = cloud(letting_through(f"{ARN}/POST/pets"))
    assert call(nothing, headers=(("X-Gateprint-Vpc-Endpoint", UNKNOWN),)).status == 200
