"""The bucket is made, mended, or refused where it is somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment, HcpState
from gateprint.terraform.state.bucket import prepare_bucket
from tests.terraform.state.conftest import ACCOUNT, Clients, environment


def say_nothing(_line: str) -> None:
    """A progress that nobody watches."""


class Recorder:
    """A client that remembers which calls were made with what."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)

        def call(**arguments: Any) -> Any:
            self.calls.append((name, arguments))
            return real(**arguments)

        return call

    @property
    def changes(self) -> list[str]:
        return [name for name, _ in self.calls if not name.startswith(("get_", "head_"))]


def with_s3(aws: Clients, s3: object) -> Clients:
    return lambda name: s3 if name == "s3" else aws(name)


def outcomes(
    aws: Clients, bucket: str, progress: Callable[[str], None] = say_nothing, **more: Any
) -> dict[str, str]:
    where = environment(bucket, **more)
    return {each.setting: each.outcome for each in prepare_bucket(where, aws, progress)}


@pytest.mark.parametrize("region", ["us-east-2", "us-east-1"])
def test_a_bucket_is_made_with_everything_and_then_kept(
    aws: Clients, bucket_name: str, region: str
) -> None:
    recorder = Recorder(boto3.client("s3", region_name=region))
    clients = with_s3(aws, recorder)
    lines: list[str] = []
    made = outcomes(clients, bucket_name, lines.append, state_region=region)
    assert set(made.values()) <= {"made", "mended", "kept"}
    assert made["bucket"] == made["versioning"] == made["policy"] == made["lifecycle"] == "made"
    assert lines[0] == f"making the bucket {bucket_name} in {region}, account {ACCOUNT}"
    changes = len(recorder.changes)
    again = outcomes(clients, bucket_name, lines.append, state_region=region)
    assert set(again.values()) == {"kept"}
    assert len(recorder.changes) == changes


def test_every_call_that_can_names_the_owner(aws: Clients, bucket_name: str) -> None:
    recorder = Recorder(aws("s3"))
    outcomes(with_s3(aws, recorder), bucket_name)
    without = {
        name for name, asked in recorder.calls if asked.get("ExpectedBucketOwner") != ACCOUNT
    }
    assert without == {"create_bucket"}  # which has no such argument


def test_what_is_lax_is_mended_and_the_rest_stays(aws: Clients, s3: Any, bucket: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    theirs = '{"Version": "2012-10-17", "Statement": [{"Sid": "Theirs", "Effect": "Deny", \
        "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "arn:aws:s3:::%s"}]}'
    s3.put_bucket_policy(Bucket=bucket, Policy=theirs % bucket)
    found = outcomes(aws, bucket)
    assert (found["bucket"], found["versioning"], found["policy"]) == ("kept", "mended", "mended")
    assert '"Theirs"' in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_a_rehearsal_changes_nothing(aws: Clients, bucket_name: str) -> None:
    recorder = Recorder(aws("s3"))
    clients, where = with_s3(aws, recorder), environment(bucket_name)
    found = prepare_bucket(where, clients, say_nothing, is_rehearsed=True)
    assert {each.outcome for each in found} == {"made"}
    assert recorder.changes == []


def test_the_embedded_cloud_stays_open_to_plain_http(aws: Clients, bucket_name: str) -> None:
    found = outcomes(aws, bucket_name, endpoint="http://127.0.0.1:4599")
    assert (found["policy"], found["versioning"]) == ("left", "made")


def test_credentials_of_another_account_make_nothing(aws: Clients, bucket_name: str) -> None:
    recorder = Recorder(aws("s3"))
    with pytest.raises(ToolFailed, match="credentials are of account 123456789012"):
        outcomes(with_s3(aws, recorder), bucket_name, account="210987654321")
    assert recorder.calls == []


def test_a_bucket_in_another_region_is_refused(aws: Clients, bucket: str) -> None:
    with pytest.raises(ToolFailed, match="is in us-east-2, not in eu-west-1"):
        outcomes(aws, bucket, state_region="eu-west-1")


class Foreign:
    """S3 with a bucket of another account: `codes` are what its calls are refused with."""

    def __init__(self, **codes: str) -> None:
        self._codes = codes

    def __getattr__(self, name: str) -> Any:
        def call(**_: Any) -> Any:
            raise ClientError({"Error": {"Code": self._codes[name], "Message": ""}}, name)

        return call


@pytest.mark.parametrize(
    "s3",
    [Foreign(head_bucket="403"), Foreign(head_bucket="404", create_bucket="BucketAlreadyExists")],
)
def test_a_bucket_of_somebody_else_is_refused(aws: Clients, s3: object) -> None:
    with pytest.raises(ToolFailed, match="is not account 123456789012's") as failed:
        outcomes(with_s3(aws, s3), "taken")
    assert "write another state.bucket in config/prod.yaml" in failed.value.remedy


class Faster:
    """S3 in which somebody of the same account makes the bucket just before we do."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def __getattr__(self, name: str) -> Any:
        return getattr(self._s3, name)

    def create_bucket(self, **arguments: Any) -> None:
        self._s3.create_bucket(**arguments)
        enabled = {"Status": "Enabled"}
        self._s3.put_bucket_versioning(Bucket=arguments["Bucket"], VersioningConfiguration=enabled)
        raise ClientError({"Error": {"Code": "BucketAlreadyOwnedByYou"}}, "CreateBucket")


def test_what_somebody_faster_has_set_stays(aws: Clients, bucket_name: str) -> None:
    found = outcomes(with_s3(aws, Faster(aws("s3"))), bucket_name)
    assert (found["versioning"], found["lifecycle"]) == ("kept", "made")


def test_hcp_terraform_has_no_bucket_to_make(aws: Clients) -> None:
    hcp = Environment("prod", ACCOUNT, "us-east-2", HcpState("acme", "apis"))
    with pytest.raises(ToolFailed) as failed:
        prepare_bucket(hcp, aws, say_nothing)
    assert "HCP Terraform keeps its state, and locks it" in failed.value.problem
    assert "the organization acme" in failed.value.remedy
