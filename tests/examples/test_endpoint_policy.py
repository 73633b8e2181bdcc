"""The policy of the VPC endpoint that private.yaml names, by the account's stack."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.examples.conftest import ENDPOINT
from tests.examples.test_restricted import ask
from tests.support.project import Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

INSIDE = {"Vpc_Endpoint": ENDPOINT, "Source_Ip": "10.20.3.4"}
REASON = "because no VPC endpoint policy allows the execute-api:Invoke action"


@pytest.fixture(scope="module")
def ledger(deployed: Mapping[str, Project]) -> Project:
    return deployed["ledger-local"]


def test_the_endpoint_lets_through_what_the_private_api_needs(
    deployed: Mapping[str, Project], ledger: Project
) -> None:
    [endpoint] = ledger.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    front = "arn:aws:execute-api:us-east-2:000000000000:*/dev"
    statements = json.loads(endpoint["PolicyDocument"])["Statement"]
    found = {each["Sid"]: (each["Resource"], each.get("Condition")) for each in statements}
    bookkeeper = ["arn:aws:iam::000000000000:role/bookkeeper"]
    assert found == {
        "unsigned": ([f"{front}/GET/health"], None),
        "signed1": (
            [f"{front}/POST/entries"],
            {"StringEquals": {"aws:PrincipalArn": bookkeeper}},
        ),
    }
    assert ask(ledger, "ledger", "GET /health", **INSIDE)[0] == 200
    deployed["account-local"].assert_unchanged("account-local")


def test_what_the_endpoint_does_not_let_through_is_refused_whatever_the_api_says(
    ledger: Project,
) -> None:
    ec2 = ledger.client("ec2")
    [endpoint] = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    closed = endpoint["PolicyDocument"].replace("/GET/health", "/GET/other")
    ec2.modify_vpc_endpoint(VpcEndpointId=ENDPOINT, PolicyDocument=closed)
    try:
        status, body = ask(ledger, "ledger", "GET /health", **INSIDE)
        assert (status, REASON in body["Message"]) == (403, True)
        ec2.modify_vpc_endpoint(VpcEndpointId=ENDPOINT, ResetPolicy=True)
        assert ask(ledger, "ledger", "GET /health", **INSIDE)[0] == 200
    finally:
        policy = endpoint["PolicyDocument"]
        ec2.modify_vpc_endpoint(VpcEndpointId=ENDPOINT, PolicyDocument=policy)
