"""What outgrows an inline policy goes to managed ones, and back, with the real Terraform."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.evaluate import Policies, evaluate
from gateprint.access.iam.request import Request, session
from gateprint.access.iam.statement import Policy, read_policy
from gateprint.local.cloud import CloudSettings
from gateprint.model.resolved import Api, Grant, MockBackend, ResolvedBlueprint, Role, Route, Stage
from gateprint.stack.bootstrap import activate
from tests.access.generated import environment
from tests.local.conftest import Client, Terraform
from tests.local.one_of_each import configuration

pytestmark = [pytest.mark.terraform, pytest.mark.cdktf]
API_ID = "a1b2c3d4e5"
NAME = "reader"


def blueprint(count: int) -> ResolvedBlueprint:
    """A role that may call all routes but the last."""
    routes = tuple(
        Route("GET", f"/collection-{each:03}", MockBackend(200, "")) for each in range(count)
    )
    role = Role(
        NAME,
        (Grant("pets", ("dev",), tuple(each.key for each in routes[:-1])),),
        identity_provider=environment().identity_providers[0],
    )
    api = Api("pets", routes)
    return ResolvedBlueprint("pets", environment(), (Stage("dev"),), (api,), roles=(role,))


def roles_of(whole: ResolvedBlueprint, outdir: Path) -> dict[str, Any]:
    """Return the Terraform resources of the roles, as CDKTF writes them."""
    activate(dict(os.environ))
    from cdktf import App  # noqa: PLC0415

    from gateprint.stack.base import new_stack  # noqa: PLC0415
    from gateprint.stack.roles import add_roles  # noqa: PLC0415

    app = App(outdir=str(outdir))
    add_roles(new_stack(app, "roles", environment(), {}), whole, {"pets": API_ID})
    app.synth()
    found = json.loads((outdir / "stacks/roles/cdk.tf.json").read_text())
    return dict(found["resource"])


def held(iam: Any) -> list[Policy]:
    """Return the role's policies as the account has them."""
    names = iam.list_role_policies(RoleName=NAME)["PolicyNames"]
    inline = [iam.get_role_policy(RoleName=NAME, PolicyName=name) for name in names]
    found = [read_policy(each["PolicyName"], each["PolicyDocument"], "identity") for each in inline]
    for each in iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]:
        arn = each["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        found.append(read_policy(each["PolicyName"], document["Document"], "identity"))
    return found


def callable_routes(iam: Any, count: int) -> list[int]:
    """Return the numbers of the routes that the role may call."""
    policies = Policies(tuple(held(iam)))
    where = environment()
    caller = session(f"arn:aws:iam::{where.account}:role/{NAME}")
    arn = f"arn:aws:execute-api:{where.region}:{where.account}:{API_ID}/dev/GET/collection"
    return [
        each
        for each in range(count)
        if evaluate(policies, Request("execute-api:Invoke", f"{arn}-{each:03}", caller)).outcome
        == "allow"
    ]


def test_policies_are_divided_and_put_together_again(
    terraform: Terraform, running: CloudSettings, aws: Client, tmp_path: Path
) -> None:
    iam = aws("iam")
    frame = {
        key: value
        for key, value in configuration(running.endpoint).items()
        if key in {"terraform", "provider"}
    }
    for step, (count, names) in enumerate(
        [
            (250, ["api-gateway-policy", "pets.reader.1", "pets.reader.2", "pets.reader.3"]),
            (50, ["api-gateway-policy"]),
        ]
    ):
        resources = roles_of(blueprint(count), tmp_path / f"out{step}")
        terraform.write({**frame, "resource": resources})
        if step == 0:
            terraform.init()
        terraform.apply()
        assert terraform.has_changes() == ""
        assert [each.name for each in held(iam)] == names
        assert callable_routes(iam, count) == list(range(count - 1))
    terraform.destroy()
