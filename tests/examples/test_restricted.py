"""The examples restricted.yaml and private.yaml with the real Terraform: from where alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import urllib3

from tests.support.project import Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACKS = {"restricted": "payroll-local", "private": "ledger-local"}
DENIED = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "


@pytest.fixture(scope="module")
def company(deployed: Mapping[str, Project]) -> Project:
    return deployed[STACKS["restricted"]]


def ask(project: Project, api: str, request: str, **pretended: str) -> tuple[int, Any]:
    """Status and body of a request that nobody signs."""
    found = project.client("apigateway").get_rest_apis()["items"]
    [api_id] = [each["id"] for each in found if each["name"].endswith(f"-local-{api}")]
    headers = {f"X-Gateprint-{name.replace('_', '-')}": each for name, each in pretended.items()}
    method, path = request.split()
    url = f"{project.endpoint}/_aws/execute-api/{api_id}/dev{path}"
    answer = urllib3.request(method, url, headers=headers)
    return answer.status, answer.json() if answer.data else None


def test_a_public_route_is_open_to_the_named_networks_alone(company: Project) -> None:
    status, body = ask(company, "holidays", "GET /holidays")
    assert (status, body["Message"].startswith(DENIED)) == (403, True), "from 127.0.0.1"
    assert body["Message"].endswith("/dev/GET/holidays with an explicit deny")
    assert ask(company, "holidays", "GET /holidays", Source_Ip="203.0.113.7")[0] == 200
    assert ask(company, "holidays", "GET /holidays", Source_Ip="203.0.114.1")[0] == 403
    assert ask(company, "holidays", "GET /holidays", Source_Ip="office")[0] == 400
    behind = {"Source_Ip": "198.51.100.1", "Vpc_Endpoint": "vpce-0123456789abcdef0"}
    assert ask(company, "holidays", "GET /holidays", **behind)[0] == 403


def test_a_preflight_needs_no_organization_and_the_right_network(company: Project) -> None:
    assert ask(company, "payroll", "OPTIONS /payslips", Source_Ip="203.0.113.7")[0] == 200
    assert ask(company, "payroll", "OPTIONS /payslips", Source_Ip="198.51.100.1")[0] == 403


def test_a_private_api_is_reached_through_its_endpoint_alone(company: Project) -> None:
    inside = {"Vpc_Endpoint": "vpce-0123456789abcdef0", "Source_Ip": "10.20.3.4"}
    assert ask(company, "ledger", "GET /health")[0] == 403
    assert ask(company, "ledger", "GET /health", **inside)[0] == 200
    for wrong in ({"Vpc_Endpoint": "vpce-00000000000000000"}, {"Source_Ip": "10.21.0.1"}):
        assert ask(company, "ledger", "GET /health", **{**inside, **wrong})[0] == 403, wrong


def test_verify_asks_from_where_callers_come_from_and_from_elsewhere(company: Project) -> None:
    rows = []
    for api in ("payroll", "holidays", "ledger"):
        words = ("verify", "--environment", "local", "--api", api, "--format", "json")
        done = company.run(sys.executable, "-m", "gateprint", *words)
        assert done.code == 0, done.output
        rows += json.loads(done.output[done.output.index("{") :])["rows"]
    elsewhere = "not from where callers come from"
    refused = {(each["api"], each["route"]) for each in rows if each["why"] == elsewhere}
    assert refused == {
        ("payroll", "POST /payslips"),
        ("payroll", "GET /payslips/{id}"),
        ("holidays", "GET /holidays"),
        ("ledger", "POST /entries"),
        ("ledger", "GET /health"),
    }


def test_another_network_is_served_after_one_apply(company: Project) -> None:
    stack = STACKS["restricted"]
    data = company.read("restricted")
    data["apis"]["holidays"]["only_from"] = {"source_ips": ["198.51.100.0/24"]}
    company.write(data, "restricted")
    company.apply(stack)
    assert ask(company, "holidays", "GET /holidays", Source_Ip="203.0.113.7")[0] == 403
    assert ask(company, "holidays", "GET /holidays", Source_Ip="198.51.100.1")[0] == 200
