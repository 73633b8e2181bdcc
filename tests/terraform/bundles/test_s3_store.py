"""Bundles in the state bucket: where they are, how they are encrypted, and what S3 refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment, HcpState, S3State
from gateprint.terraform.bundles.stores import S3Store
from gateprint.terraform.bundles.transfer import pull, push
from gateprint.terraform.state.store import StateStore
from tests.terraform.bundles.test_bundles import a_run, content

BUCKET, PREFIX = "some-state-bucket", "gateprint"


def an_environment(kms_key: str | None = None, bucket: str = BUCKET) -> Environment:
    state = S3State(bucket, "us-east-2", PREFIX, kms_key)
    return Environment("prod", "123456789012", "us-east-2", state)


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client(
            "s3", region_name="us-east-2", aws_access_key_id="test", aws_secret_access_key="test"
        )
        place: Any = {"LocationConstraint": "us-east-2"}
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        yield client


def objects(s3: Any) -> dict[str, Any]:
    found = s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    return {each["Key"]: s3.head_object(Bucket=BUCKET, Key=each["Key"]) for each in found}


def test_a_run_travels_through_the_state_bucket(s3: Any, tmp_path: Path) -> None:
    store, run = S3Store(an_environment(), s3), a_run(tmp_path / "here")
    digest = push(run, store).digest
    assert content(pull(digest, tmp_path / "there", store)) == content(run)
    found = objects(s3)
    assert all(key.startswith(f"{PREFIX}-runs/{digest}/") for key in found)
    assert {each["ServerSideEncryption"] for each in found.values()} == {"AES256"}


def test_a_bundle_is_encrypted_with_the_states_key(s3: Any, tmp_path: Path) -> None:
    push(a_run(tmp_path / "here"), S3Store(an_environment("alias/terraform"), s3))
    found = {each["SSEKMSKeyId"] for each in objects(s3).values()}
    assert found == {"alias/terraform"}


def test_bundles_are_no_states(s3: Any, tmp_path: Path) -> None:
    push(a_run(tmp_path / "here"), S3Store(an_environment(), s3))
    assert StateStore(an_environment(), s3).list().stacks == {}


def test_what_is_not_there_is_nothing(s3: Any) -> None:
    assert S3Store(an_environment(), s3).get("none", 10) is None


def test_a_bucket_that_is_not_there_is_said(s3: Any, tmp_path: Path) -> None:
    store = S3Store(an_environment(bucket="another-bucket"), s3)
    with pytest.raises(ToolFailed, match="NoSuchBucket"):
        push(a_run(tmp_path / "here"), store)


def test_hcp_terraform_has_no_bucket() -> None:
    environment = Environment("prod", "123456789012", "us-east-2", HcpState("acme", "shop"))
    with pytest.raises(ToolFailed, match="no state bucket"):
        S3Store(environment, None).get("key", 1)
