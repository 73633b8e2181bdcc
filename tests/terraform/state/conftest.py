"""A bucket per test in moto, within this process; nothing listens anywhere."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from gateprint.model.resolved import Environment, S3State
from gateprint.terraform.state.store import StateStore

ACCOUNT = "123456789012"
REGION = "us-east-2"
_numbers = itertools.count()

Clients = Callable[[str], Any]


def environment(bucket: str, name: str = "prod", **more: Any) -> Environment:
    """An environment whose state is in the bucket."""
    kms_key = more.pop("kms_key", None)
    state = S3State(bucket, more.pop("state_region", REGION), "gateprint", kms_key)
    return Environment(name, more.pop("account", ACCOUNT), REGION, state, **more)


@pytest.fixture(scope="package")
def aws() -> Iterator[Clients]:
    """Clients of moto's AWS, by service."""
    with mock_aws():
        session = boto3.Session(region_name=REGION)
        clients = {name: session.client(name) for name in ("s3", "sts")}
        yield clients.__getitem__


@pytest.fixture
def s3(aws: Clients) -> Any:
    return aws("s3")


@pytest.fixture
def bucket_name() -> str:
    """A name that no bucket has yet."""
    return f"acme-terraform-state-{next(_numbers)}"


@pytest.fixture
def bucket(s3: Any, bucket_name: str) -> str:
    """A bucket that is there, versioned."""
    s3.create_bucket(Bucket=bucket_name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=bucket_name, VersioningConfiguration={"Status": "Enabled"})
    return bucket_name


class States:
    """What Terraform and others do in the bucket."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self.s3 = s3
        self.bucket = bucket

    def put(self, key: str, content: str = "") -> str:
        """Write an object; return its ETag."""
        etag: str = self.s3.put_object(Bucket=self.bucket, Key=key, Body=content.encode())["ETag"]
        return etag.strip('"')

    def apply(self, stack: str, serial: int = 1, resources: int = 1) -> str:
        """Write a state as Terraform does."""
        state = {"version": 4, "serial": serial, "resources": [{}] * resources}
        return self.put(f"gateprint/{stack}.tfstate", json.dumps(state))

    def lock(self, stack: str, lock_id: str, who: str = "ci@builder") -> str:
        """Take the lock of a stack as Terraform does."""
        content = {
            "ID": lock_id,
            "Operation": "OperationTypeApply",
            "Info": "",
            "Who": who,
            "Version": "1.11.4",
            "Created": "2026-11-22T18:35:41.123456789Z",
            "Path": f"{self.bucket}/gateprint/{stack}.tfstate",
        }
        return self.put(f"gateprint/{stack}.tfstate.tflock", json.dumps(content))

    def keys(self, prefix: str = "") -> list[str]:
        """Return the keys that are there."""
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [each["Key"] for each in found.get("Contents", ())]

    def records(self, stack: str) -> list[str]:
        """Return the names of a stack's records."""
        folder = f"gateprint/applied/{stack}/"
        return [key.removeprefix(folder) for key in self.keys(folder)]


@pytest.fixture
def states(s3: Any, bucket: str) -> States:
    return States(s3, bucket)


@pytest.fixture
def store(s3: Any, bucket: str) -> StateStore:
    """The states of `prod`."""
    return StateStore(environment(bucket), s3)


class Between:
    """A client for which somebody else does something just before, or after, one of its calls."""

    def __init__(self, s3: Any, call: str, act: Callable[[], object], *, after: bool) -> None:
        self._s3, self._call, self._act, self._after = s3, call, act, after

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._s3, name)
        if name != self._call:
            return real

        def call(**arguments: Any) -> Any:
            act, self._act = self._act, lambda: None
            if not self._after:
                act()
            answer = real(**arguments)
            if self._after:
                act()
            return answer

        return call
