"""Makes the state bucket, or mends it: reads its settings, and takes the measures it needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment, S3State
from gateprint.terraform.aws_failures import code_of
from gateprint.terraform.state.failures import DENIED, explained
from gateprint.terraform.state.measures import Measure, Settings, measures
from gateprint.terraform.state.store import s3_state

Clients = Callable[[str], Any]
Progress = Callable[[str], None]

# The one region that is not named when a bucket is made (S3 API reference, "CreateBucket").
_FIRST_REGION = "us-east-1"
_NOT_SET = {
    "NoSuchPublicAccessBlockConfiguration",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
    "NoSuchBucketPolicy",
    "NoSuchLifecycleConfiguration",
}


def prepare_bucket(
    environment: Environment, clients: Clients, progress: Progress, *, is_rehearsed: bool = False
) -> tuple[Measure, ...]:
    """Make an environment's state bucket as it must be; return what was made, kept or mended.

    `clients` makes boto3 clients of the bucket's region. `is_rehearsed` asks and changes nothing.
    May be repeated as often as one likes. What is stricter already stays.

    Raises:
        ToolFailed: the bucket or the credentials are of another account, the bucket is in
            another region, HCP Terraform keeps the state, or AWS refuses.
    """
    state = s3_state(environment)
    maker = _Maker(environment, state, clients("s3"), progress, is_rehearsed)
    with explained(environment, state.bucket):
        _require_account(environment, clients("sts"))
        return maker.prepare()


def _require_account(environment: Environment, sts: Any) -> None:
    """A bucket is made in the account of the credentials, whatever its name says."""
    account = sts.get_caller_identity()["Account"]
    if account != environment.account:
        raise ToolFailed(
            f"these credentials are of account {account}, "
            f"and {environment.name} is account {environment.account}",
            f"sign in to {environment.account}, as with AWS_PROFILE, and run it again "
            f"with --environment {environment.name}",
        )


@dataclass(frozen=True, slots=True)
class _Maker:
    environment: Environment
    state: S3State
    s3: Any
    progress: Progress
    is_rehearsed: bool

    def prepare(self) -> tuple[Measure, ...]:
        is_there = self._is_there()
        first = Measure("bucket", "kept" if is_there else "made", self._place())
        if not is_there:
            self._create()
        # Of a bucket that was just made too: S3 has made most settings, or somebody was faster.
        found = Settings() if self.is_rehearsed and not is_there else self._settings()
        is_embedded = self.environment.endpoint is not None
        every = [first, *measures(found, self.state, is_embedded=is_embedded)]
        for each in every:
            self._take(each)
        return tuple(replace(each, call="", arguments={}) for each in every)

    def _place(self) -> str:
        return f"{self.state.bucket} in {self.state.region}, account {self.environment.account}"

    def _take(self, measure: Measure) -> None:
        if measure.call and not self.is_rehearsed:
            self.progress(f"{self.state.bucket}: {measure.setting}, {measure.detail}")
            getattr(self.s3, measure.call)(**self._own(), **measure.arguments)

    def _own(self) -> dict[str, str]:
        """Name the bucket and its owner: S3 refuses where they do not belong together."""
        return {"Bucket": self.state.bucket, "ExpectedBucketOwner": self.environment.account}

    def _is_there(self) -> bool:
        try:
            found = self.s3.head_bucket(**self._own())
        except ClientError as error:
            code = code_of(error)
            if code in {"404", "NoSuchBucket"}:
                return False
            if code in DENIED:
                raise self._not_ours() from error
            raise
        region = found.get("BucketRegion", self.state.region)
        if region != self.state.region:
            raise ToolFailed(
                f"the bucket {self.state.bucket} is in {region}, not in {self.state.region}",
                f"write region: {region} under state in config/{self.environment.name}.yaml",
            )
        return True

    def _create(self) -> None:
        if self.is_rehearsed:
            return
        self.progress(f"making the bucket {self._place()}")
        where = {"LocationConstraint": self.state.region}
        more: dict[str, Any] = {"CreateBucketConfiguration": where}
        if self.state.region == _FIRST_REGION:
            more = {}
        try:
            self.s3.create_bucket(
                Bucket=self.state.bucket, ObjectOwnership="BucketOwnerEnforced", **more
            )
        except ClientError as error:
            if code_of(error) == "BucketAlreadyExists":
                raise self._not_ours() from error
            if code_of(error) != "BucketAlreadyOwnedByYou":
                raise

    def _not_ours(self) -> ToolFailed:
        account = self.environment.account
        return ToolFailed(
            f"the bucket {self.state.bucket} is not account {account}'s, "
            "or these credentials may not look at it",
            f"write another state.bucket in config/{self.environment.name}.yaml "
            "(names are unique over all of AWS), or use credentials that have s3:ListBucket on it",
        )

    def _settings(self) -> Settings:
        public = self._read("get_public_access_block").get("PublicAccessBlockConfiguration", {})
        owned = self._read("get_bucket_ownership_controls").get("OwnershipControls", {})
        encryption = self._read("get_bucket_encryption")
        policy = self._read("get_bucket_policy").get("Policy")
        lifecycle = self._read("get_bucket_lifecycle_configuration")
        return Settings(
            versioning=self._read("get_bucket_versioning"),
            encryption=encryption.get("ServerSideEncryptionConfiguration", {}).get("Rules", ()),
            public=public,
            ownership=next((each["ObjectOwnership"] for each in owned.get("Rules", ())), None),
            policy=json.loads(policy) if policy else None,
            lifecycle=lifecycle,
        )

    def _read(self, call: str) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = getattr(self.s3, call)(**self._own())
        except ClientError as error:
            if code_of(error) in _NOT_SET:
                return {}
            raise
        return found
