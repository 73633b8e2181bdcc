"""The web ACL of blueprints/examples/operations.yaml with the real Terraform."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.scan.planning import plans
from tests.support.project import ROOT, Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACK = "boarding-local"
ACL = "arn:aws:wafv2:us-east-2:123456789012:regional/webacl/kennel/1a2b3c4d"
ASSOCIATION = "aws_wafv2_web_acl_association.boarding_live"


@pytest.fixture(scope="module")
def boarding(deployed: Mapping[str, Project]) -> Project:
    return deployed[STACK]


@pytest.fixture
def web_acl(boarding: Project) -> Iterator[dict[str, Any]]:
    """Yield what changes the stand-in for the web ACL; afterwards it has no rules again."""
    named = {"Name": "kennel", "Scope": "REGIONAL", "Id": "1a2b3c4d"}
    wafv2 = boarding.client("wafv2")
    yield named
    _change(wafv2, named, {"Allow": {}})


def _change(wafv2: Any, named: dict[str, Any], action: dict[str, Any]) -> None:
    found = wafv2.get_web_acl(**named)
    wafv2.update_web_acl(
        **named,
        DefaultAction=action,
        VisibilityConfig=found["WebACL"]["VisibilityConfig"],
        LockToken=found["LockToken"],
    )


def stage(project: Project, name: str) -> tuple[str, dict[str, Any]]:
    """Return the API's id, and what AWS says of its stage."""
    gateway = project.client("apigateway")
    found = gateway.get_rest_apis()["items"]
    [api_id] = [each["id"] for each in found if each["name"] == "boarding-local-boarding"]
    return api_id, gateway.get_stage(restApiId=api_id, stageName=name)


def places(project: Project, name: str) -> int:
    api_id, _stage = stage(project, name)
    url = f"{project.endpoint}/_aws/execute-api/{api_id}/{name}/places"
    return urllib3.request("GET", url, retries=False).status


def test_the_stage_has_its_web_acl_and_the_others_none(boarding: Project) -> None:
    found = {name: stage(boarding, name)[1].get("webAclArn") for name in ("dev", "test", "live")}
    assert found == {"dev": None, "test": None, "live": ACL}


def test_a_stage_is_served_while_its_web_acl_has_nothing_to_block(
    boarding: Project, web_acl: dict[str, Any]
) -> None:
    assert places(boarding, "live") == 200
    _change(boarding.client("wafv2"), web_acl, {"Block": {}})
    assert (places(boarding, "live"), places(boarding, "dev")) == (403, 200)


def test_terraform_plans_the_web_acl_for_a_real_account(tmp_path: Path) -> None:
    golden = ROOT / "tests" / "golden" / "boarding-nonprod.tf.json"
    [planned] = plans(ROOT, [golden], tmp_path / "plans")
    changes = json.loads(planned.read_text(encoding="utf-8"))["resource_changes"]
    [change] = [each["change"] for each in changes if each["address"] == ASSOCIATION]
    assert (change["actions"], change["after"]["web_acl_arn"]) == (["create"], ACL)
    assert change["after_unknown"]["resource_arn"], "the stage's, after its apply"
