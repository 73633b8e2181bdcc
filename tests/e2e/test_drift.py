"""`gateprint drift` with the real Terraform: what was changed by hand is said, and nothing else."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import pytest

from tests.support.project import Finished, Project

pytestmark = [pytest.mark.cdktf, pytest.mark.terraform]

STACK = "pets-local"
BLUEPRINT: dict[str, Any] = {
    "blueprint": 1,
    "name": "pets",
    "stages": {"dev": {"environment": "nonprod"}},
    "apis": {
        "pets": {
            "routes": {
                "GET /pets": {"mock": {"status": 200}},
                "POST /pets": {"mock": {"status": 200}},
            }
        }
    },
    "roles": {
        "reader": {
            "identity_provider": "auth0",
            "allow": [{"stages": "all", "routes": ["GET /pets"]}],
        }
    },
}


def ask(project: Project, *words: str) -> Finished:
    return project.run(sys.executable, "-m", "gateprint", "drift", *words)


def change_three_things(project: Project) -> str:
    """Widen a role's policy, open a method and throttle a stage by hand; return the added ARN."""
    iam, gateway = project.client("iam"), project.client("apigateway")
    (api,) = gateway.get_rest_apis()["items"]
    place = {"RoleName": "reader", "PolicyName": "api-gateway-policy"}
    document = iam.get_role_policy(**place)["PolicyDocument"]
    (granted,) = document["Statement"][0]["Resource"]
    more = granted.replace("/GET/", "/DELETE/")
    document["Statement"].append(
        {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": more}
    )
    iam.put_role_policy(**place, PolicyDocument=json.dumps(document))
    paths = gateway.get_resources(restApiId=api["id"])["items"]
    gateway.update_method(
        restApiId=api["id"],
        resourceId=next(each["id"] for each in paths if each["path"] == "/pets"),
        httpMethod="POST",
        patchOperations=[{"op": "replace", "path": "/authorizationType", "value": "NONE"}],
    )
    gateway.update_stage(
        restApiId=api["id"],
        stageName="dev",
        patchOperations=[{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "7"}],
    )
    return str(more)


def test_what_was_changed_by_hand_is_said_and_nothing_else(project: Project) -> None:
    project.write(BLUEPRINT)
    project.apply(STACK)

    # Right after an apply Terraform itself calls dozens of attributes drift.
    found = ask(project, STACK)
    assert (found.code, "1 stack: nothing was changed outside" in found.output) == (0, True)

    found = ask(project, "account-local")
    assert found.code == 0, found.output
    assert found.output.splitlines()[-2:] == [
        "no stack was asked",
        "without a state, so never applied: account-local",
    ]

    added = change_three_things(project)
    found = ask(project, STACK, "--out", "runs/drift")
    assert found.code == 3, found.output
    more = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": added}
    lines = [line.rstrip() for line in found.output.splitlines()]
    start = lines.index(STACK)
    assert lines[start : lines.index("", start)] == [
        STACK,
        (
            "  ! POST /pets of pets no longer demands a signature; "
            "the stages publish that with their next deployment, not before"
        ),
        "  ! reader may now call DELETE /pets on dev of pets, which the blueprint does not grant",
        "  aws_api_gateway_method.pets_post_pets",
        "      authorization: AWS_IAM → NONE",
        "  aws_api_gateway_method_settings.pets_dev",
        "      settings[0].throttling_rate_limit: -1 → 7",
        "  aws_iam_role_policy.reader",
        f"      policy.Statement[1]: nothing → {json.dumps(more)[:100]}…",
    ]
    assert re.search(r"^\d+ calls to API Gateway, ", found.output, re.MULTILINE)
    run = project.root / "runs" / "drift"
    told = json.loads((run / "drift.json").read_text(encoding="utf-8"))
    assert [each["outcome"] for each in told["stacks"]] == ["drift"]
    assert json.loads((run / "report.json").read_text(encoding="utf-8"))["exit_code"] == 3
