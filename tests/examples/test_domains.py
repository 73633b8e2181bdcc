"""blueprints/examples/domains.yaml and operations.yaml with the real Terraform."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import urllib3

from tests.examples.verified import of_kind, verified, wrong
from tests.support.project import Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACKS = ("grooming-local", "boarding-local")
VISITS, LABS = "dev.clinic.example.com", "dev.labs.example.com"
TRUSTSTORE = "s3://clinic-trust/partners.pem"
FORBIDDEN = (403, {"message": "Forbidden"})


@pytest.fixture(scope="module")
def clinic(deployed: Mapping[str, Project]) -> Project:
    return deployed[STACKS[0]]


def ask(project: Project, path: str, host: str = "") -> tuple[int, object]:
    headers = {"Host": host} if host else {}
    answer = urllib3.request("GET", f"{project.endpoint}{path}", headers=headers, retries=False)
    return answer.status, json.loads(answer.data)


def api_id(project: Project, name: str) -> str:
    found = project.client("apigateway").get_rest_apis()["items"]
    return next(str(each["id"]) for each in found if each["name"] == name)


def test_a_domain_leads_to_its_stage(clinic: Project) -> None:
    opened = (200, {"open": True})
    assert ask(clinic, "/visits/open", VISITS) == opened
    assert ask(clinic, f"/_aws/domains/{VISITS}/visits/open") == opened
    refused = (403, {"message": "Missing Authentication Token"})
    assert ask(clinic, "/visits/visits", VISITS) == refused, "IAM decides as ever"
    assert ask(clinic, "/open", VISITS) == FORBIDDEN, "no base path"


def test_what_is_behind_mutual_tls_is_not_reached_without_it(clinic: Project) -> None:
    default = f"/_aws/execute-api/{api_id(clinic, 'grooming-local-labs')}/dev/results/7"
    assert ask(clinic, default) == FORBIDDEN, "no default endpoint"
    assert ask(clinic, "/results/7", LABS) == FORBIDDEN, "nobody shows a certificate here"
    domain = clinic.client("apigateway").get_domain_name(domainName=LABS)
    assert domain["mutualTlsAuthentication"]["truststoreUri"] == "s3://clinic-trust/partners.pem"
    assert domain["securityPolicy"] == "TLS_1_2"
    assert domain["tags"]["gateprint:blueprint"] == "grooming"


def test_verify_asks_at_domains_and_at_the_default_endpoint(clinic: Project) -> None:
    visits, labs = verified(clinic, "visits"), verified(clinic, "labs")
    assert wrong(visits) == wrong(labs) == []
    at = f"GET {VISITS}/visits/visits"
    asked = [(request, expected) for _, request, expected, _ in of_kind(visits, "domain")]
    assert asked == [
        (at, "let through"),
        (at, "403, not authorized"),
        (at, "403, Missing Authentication Token"),
        (f"ANY {VISITS}/visits", f"leads to {api_id(clinic, 'grooming-local-visits')}/dev"),
    ]
    assert [request for _, request, *_ in of_kind(labs, "closed", "certificate")] == [
        "GET /gateprint-probe",
        f"GET {LABS}/gateprint-probe",
        f"CONNECT {LABS}",
    ]


def change(path: str, value: str) -> dict[str, object]:
    return {"patchOperations": [{"op": "replace", "path": path, "value": value}]}


def test_verify_finds_a_base_path_that_leads_elsewhere(clinic: Project) -> None:
    gateway, place = clinic.client("apigateway"), {"domainName": VISITS, "basePath": "visits"}
    right, other = (api_id(clinic, f"grooming-local-{each}") for each in ("visits", "labs"))
    gateway.update_base_path_mapping(**place, **change("/restapiId", other))
    rows = verified(clinic, "visits")
    called = verified(clinic, "visits", "--call")
    gateway.update_base_path_mapping(**place, **change("/restapiId", right))
    leads = ("domain", "", f"ANY {VISITS}/visits", f"leads to {other}/dev")
    assert wrong(rows) == [leads], "nothing is sent to whoever is there now"
    assert leads in wrong(called)
    assert [kind for kind, *_ in wrong(called)] == ["domain"] * 3, "IAM's refusal names the API"


def test_verify_finds_what_is_reached_without_a_certificate(clinic: Project) -> None:
    gateway, labs = clinic.client("apigateway"), api_id(clinic, "grooming-local-labs")
    gateway.update_rest_api(restApiId=labs, **change("/disableExecuteApiEndpoint", "false"))
    uri = "/mutualTlsAuthentication/truststoreUri"
    gateway.update_domain_name(domainName=LABS, **change(uri, ""))
    rows = verified(clinic, "labs")
    gateway.update_rest_api(restApiId=labs, **change("/disableExecuteApiEndpoint", "true"))
    gateway.update_domain_name(domainName=LABS, **change(uri, TRUSTSTORE))
    version = "/mutualTlsAuthentication/truststoreVersion"
    gateway.update_domain_name(domainName=LABS, **change(version, "3HL4kqtJvjVBH40Nrjfkd"))
    reached = "403 Missing Authentication Token"
    assert wrong(rows) == [
        ("closed", "", "GET /gateprint-probe", reached),
        ("certificate", "", f"GET {LABS}/gateprint-probe", reached),
        ("certificate", "", f"CONNECT {LABS}", "asks for no certificate"),
    ]


def test_a_route_is_throttled_by_its_own_limit(clinic: Project) -> None:
    path = f"/_aws/execute-api/{api_id(clinic, 'boarding-local-boarding')}/test/places"
    found = [ask(clinic, path)[0] for _ in range(12)]
    assert found[:3] == [200, 200, 200]
    assert 429 in found


def test_domains_and_throttles_change_in_place(deployed: Mapping[str, Project]) -> None:
    clinic = deployed[STACKS[0]]
    changes = {
        "domains.yaml": {
            "      /visits: {": "      /appointments: {",
        },
        "operations.yaml": {
            "throttle: {rate: 10, burst: 3}": "throttle: {rate: 20, burst: 5}",
            "log_level: error": "log_level: info",
        },
    }
    for stack in STACKS:
        deployed[stack].assert_unchanged(stack)
    for name, edits in changes.items():
        path = clinic.root / "blueprints" / name
        text = path.read_text(encoding="utf-8")
        for old, new in edits.items():
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    clinic.synth()
    for stack in STACKS:
        deployed[stack].apply_again(stack)
        deployed[stack].assert_unchanged(stack)
    assert ask(clinic, "/appointments/open", VISITS) == (200, {"open": True})
    assert ask(clinic, "/visits/open", VISITS) == FORBIDDEN
