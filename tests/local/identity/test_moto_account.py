"""What identity reads out of moto is what IAM's API answers: no cloud is started for it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from gateprint.local.identity.account import Document
from gateprint.local.identity.wiring import Identity, identity_of
from tests.local.identity.fakes import ENDPOINT, allowing, signed

ACCOUNT = "123456789012"
REGION = "us-east-2"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
READ, WRITE, ALL = (
    allowing("arn:aws:execute-api:*:*:r/*").text,
    allowing("arn:aws:execute-api:*:*:w/*").text,
    allowing("*").text,
)


@pytest.fixture
def iam(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """IAM in this process; its credentials are nobody's."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    with mock_aws():
        yield boto3.client("iam", region_name=REGION)


def who() -> Identity:
    environment = {"MOTO_ACCOUNT_ID": ACCOUNT, "AWS_DEFAULT_REGION": REGION}
    return identity_of(environment, lambda: dt.datetime.now(dt.UTC))


def test_a_role_with_all_that_belongs_to_it(iam: Any) -> None:
    managed = iam.create_policy(PolicyName="managed", PolicyDocument=READ)["Policy"]["Arn"]
    limit = iam.create_policy(PolicyName="limit", PolicyDocument=ALL)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=managed, PolicyDocument=WRITE, SetAsDefault=True)
    made = iam.create_role(
        RoleName="pets",
        Path="/shop/",
        AssumeRolePolicyDocument=TRUST,
        PermissionsBoundary=limit,
        MaxSessionDuration=7200,
        Tags=[{"Key": "team", "Value": "pets"}],
    )["Role"]
    iam.put_role_policy(RoleName="pets", PolicyName="own", PolicyDocument=READ)
    iam.attach_role_policy(RoleName="pets", PolicyArn=managed)
    found = who().account.role(made["RoleId"])
    assert found is not None
    assert found == who().account.role_by_arn(f"arn:aws:iam::{ACCOUNT}:role/shop/pets")
    assert found.trust == TRUST
    assert found.policies == (Document("own", READ), Document(managed, WRITE))
    assert found.boundary == Document(limit, ALL)
    assert (dict(found.tags), found.max_session_seconds) == ({"team": "pets"}, 7200)


def test_what_is_not_there_is_none(iam: Any) -> None:
    account = who().account
    assert account.role("AROANOBODY") is None
    assert account.role_by_arn(f"arn:aws:iam::{ACCOUNT}:role/nobody") is None
    assert account.user("AIDANOBODY") is None
    assert account.user_credentials("AKIANOBODY") is None
    assert account.metadata(f"arn:aws:iam::{ACCOUNT}:saml-provider/nobody") is None


def test_a_boundary_that_is_gone_decides_nothing(iam: Any) -> None:
    gone = f"arn:aws:iam::{ACCOUNT}:policy/gone"
    made = iam.create_role(
        RoleName="pets", AssumeRolePolicyDocument=TRUST, PermissionsBoundary=gone
    )["Role"]
    found = who().account.role(made["RoleId"])
    assert found is not None
    assert found.boundary == Document(gone, "")


def test_a_role_that_is_made_anew_is_another(iam: Any) -> None:
    made = iam.create_role(RoleName="pets", AssumeRolePolicyDocument=TRUST)["Role"]
    iam.delete_role(RoleName="pets")
    iam.create_role(RoleName="pets", AssumeRolePolicyDocument=TRUST)
    assert who().account.role(made["RoleId"]) is None
    assert who().account.role_by_arn(made["Arn"]) is not None


def test_the_metadata_of_a_provider(iam: Any) -> None:
    made = iam.create_saml_provider(Name="auth0", SAMLMetadataDocument="x" * 1000)
    assert who().account.metadata(made["SAMLProviderArn"]) == "x" * 1000


def test_a_users_key_signs_until_it_is_inactive(iam: Any) -> None:
    user = iam.create_user(UserName="robot")["User"]
    key = iam.create_access_key(UserName="robot")["AccessKey"]
    request = signed(
        f"{ENDPOINT}/x", key=key["AccessKeyId"], secret=key["SecretAccessKey"], token=None
    )
    here = who()
    found = here.authentication.authenticate(request, REGION)
    assert getattr(found, "user_id", None) == user["UserId"]
    assert getattr(found, "arn", None) == f"arn:aws:iam::{ACCOUNT}:user/robot"
    iam.update_access_key(UserName="robot", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    refused = here.authentication.authenticate(request, REGION)
    assert getattr(refused, "error", None) == "UnrecognizedClientException"


def test_a_deleted_key_is_unknown(iam: Any) -> None:
    iam.create_user(UserName="robot")
    key = iam.create_access_key(UserName="robot")["AccessKey"]["AccessKeyId"]
    assert who().account.user_credentials(key) is not None
    iam.delete_access_key(UserName="robot", AccessKeyId=key)
    assert who().account.user_credentials(key) is None


def test_a_user_has_its_groups_policies(iam: Any) -> None:
    made = iam.create_user(UserName="robot", Tags=[{"Key": "team", "Value": "pets"}])["User"]
    iam.put_user_policy(UserName="robot", PolicyName="own", PolicyDocument=READ)
    iam.create_group(GroupName="robots")
    iam.put_group_policy(GroupName="robots", PolicyName="theirs", PolicyDocument=WRITE)
    iam.add_user_to_group(GroupName="robots", UserName="robot")
    found = who().account.user(made["UserId"])
    assert found is not None
    assert found.name == "robot"
    assert found.policies == (Document("own", READ), Document("theirs", WRITE))
    assert dict(found.tags) == {"team": "pets"}


def test_a_key_of_motos_own_sts_is_unknown(iam: Any) -> None:
    given = boto3.client("sts", region_name=REGION).assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/anything", RoleSessionName="mallory"
    )["Credentials"]
    request = signed(
        f"{ENDPOINT}/x",
        key=given["AccessKeyId"],
        secret=given["SecretAccessKey"],
        token=given["SessionToken"],
    )
    found = who().authentication.authenticate(request, REGION)
    assert getattr(found, "error", None) == "UnrecognizedClientException"
