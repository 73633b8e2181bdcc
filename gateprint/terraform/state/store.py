"""One environment's states in S3: listing them, recording what was applied, reading locks."""

from __future__ import annotations

import datetime as dt
import email.utils
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal

from botocore.exceptions import ClientError

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment, S3State
from gateprint.terraform.aws_failures import code_of
from gateprint.terraform.state.failures import DENIED, explained
from gateprint.terraform.state.keys import StateKeys
from gateprint.terraform.state.listing import Listed, Listing, listing_of
from gateprint.terraform.state.lock import Lock, parse_lock

Clock = Callable[[], dt.datetime]
Recorded = Literal["recorded", "outrun", "missing"]

# S3 tells times in whole seconds: of the state, and of its answer.
_TOLERANCE = dt.timedelta(seconds=2)
_LARGEST_LOCK_BYTES = 65_536
_LARGEST_EMPTY_STATE_BYTES = 65_536
_ABSENT = {"NoSuchKey", "404", "NotFound"}
# S3 user guide, "How to perform conditional deletes".
_CHANGED = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}


def utc_now() -> dt.datetime:
    """Return the time of this machine's clock."""
    return dt.datetime.now(dt.UTC)


def s3_state(environment: Environment) -> S3State:
    """Return where an environment's state is.

    Raises:
        ToolFailed: HCP Terraform keeps it.
    """
    if isinstance(environment.state, S3State):
        return environment.state
    raise ToolFailed(
        f"{environment.name} has no state bucket: HCP Terraform keeps its state, and locks it",
        f"see the organization {environment.state.organization} there, "
        "or name an environment that has state.bucket",
    )


@dataclass(frozen=True, slots=True)
class StateStore:
    """The states, locks and records of one environment; may be used by several threads.

    `s3` is a boto3 client of the bucket's region. Where `owner` is given, every call is refused
    by S3 unless this account owns the bucket. Every method raises ToolFailed where S3 refuses or
    does not answer, and ValueError for a stack of another environment.
    """

    environment: Environment
    s3: Any
    owner: str | None = None
    clock: Clock = utc_now
    state: S3State = field(init=False)
    keys: StateKeys = field(init=False)

    def __post_init__(self) -> None:
        state = s3_state(self.environment)
        object.__setattr__(self, "state", state)
        object.__setattr__(self, "keys", StateKeys(state.prefix, self.environment.name))

    def list(self) -> Listing:
        """Return the environment's stacks, with one question per 1,000 keys of the prefix."""
        with self._explained():
            return listing_of(self.keys, self._objects(self.keys.folder))

    def record_applied(
        self, stack: str, digest: str, *, seconds_since_apply: float | None = None
    ) -> Recorded:
        """Record that a configuration was applied, and gave the state that is there now.

        `outrun`: somebody has written the state since the apply ended, `missing`: there is no
        state; then nothing is recorded, and the stack is planned next time. By S3's own clock;
        `seconds_since_apply` is how long ago, None does not ask. Safe to repeat, and beside
        other runs: only records older than what was read here are deleted, and after the new one
        is there.
        """
        with self._explained():
            before = tuple(self._record_keys(stack))
            found = self._head(self.keys.state(stack))
            if found is None:
                return "missing"
            if seconds_since_apply is not None and self._is_outrun(found, seconds_since_apply):
                return "outrun"
            key = self.keys.record(stack, digest, found["ETag"])
            self.s3.put_object(**self._object(key), Body=b"", **self._encryption())
            self._delete(each for each in before if each != key)
            return "recorded"

    def forget_applied(self, stack: str) -> None:
        """Delete a stack's records: whatever its configuration, it is planned next time."""
        with self._explained():
            self._delete(tuple(self._record_keys(stack)))

    def read_lock(self, stack: str) -> Lock | None:
        """Return who holds the lock of a stack's state; None where nobody does."""
        with self._explained():
            found = self._get(self.keys.lock(stack), _LARGEST_LOCK_BYTES)
        if found is None:
            return None
        answer, content = found
        return parse_lock(stack, content, answer["ETag"].strip('"'), answer["LastModified"])

    def release(self, stack: str, lock_id: str) -> bool:
        """Release a lock; False where another one is held by now, or none.

        What the lock's holder did is not known, so the stack's records go first: it is planned
        next time. S3 deletes the lock only if its content is still what was compared here.
        """
        found = self.read_lock(stack)
        if found is None or found.id != lock_id:
            return False
        self.forget_applied(stack)
        with self._explained():
            return self._delete_same(self.keys.lock(stack), found.etag)

    def forget_empty(self, stack: str) -> bool:
        """Delete the state of a stack that was destroyed, and its records.

        False, and nothing is deleted, where it still has resources or is locked. The bucket's
        old versions keep it.
        """
        with self._explained():
            found = self._get(self.keys.state(stack), _LARGEST_EMPTY_STATE_BYTES)
            if found is None or not _is_empty(found[1]) or self._head(self.keys.lock(stack)):
                return False
            is_gone = self._delete_same(self.keys.state(stack), found[0]["ETag"])
        if is_gone:
            self.forget_applied(stack)
        return is_gone

    def _explained(self) -> AbstractContextManager[None]:
        return explained(self.environment, self.state.bucket)

    def _bucket(self) -> dict[str, str]:
        owner = {"ExpectedBucketOwner": self.owner} if self.owner else {}
        return {"Bucket": self.state.bucket, **owner}

    def _object(self, key: str) -> dict[str, str]:
        return {**self._bucket(), "Key": key}

    def _encryption(self) -> dict[str, str]:
        """Say what Terraform says of the state: a bucket's policy may ask for it."""
        if self.state.kms_key is None:
            return {"ServerSideEncryption": "AES256"}
        return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.state.kms_key}

    def _objects(self, prefix: str) -> Iterator[Listed]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(**self._bucket(), Prefix=prefix)
        for page in pages:
            for each in page.get("Contents", ()):
                yield Listed(each["Key"], each["ETag"], each["Size"], each["LastModified"])

    def _record_keys(self, stack: str) -> Iterator[str]:
        for each in self._objects(self.keys.records(stack)):
            meaning = self.keys.read(each.key)
            if meaning is not None and meaning.kind == "record":
                yield each.key

    def _head(self, key: str) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = self.s3.head_object(**self._object(key))
        except ClientError as error:
            if self._is_absent(error, key):
                return None
            raise
        return found

    def _get(self, key: str, most_bytes: int) -> tuple[Mapping[str, Any], bytes] | None:
        """Return an object and the beginning of its content."""
        try:
            found = self.s3.get_object(**self._object(key))
        except ClientError as error:
            if self._is_absent(error, key):
                return None
            raise
        with found["Body"] as body:
            return found, body.read(most_bytes)

    def _is_absent(self, error: ClientError, key: str) -> bool:
        """Tell whether there is no such object; of one that it hides, S3 says that it is denied.

        It hides it where `s3:ListBucket` is granted for a prefix alone, as Terraform's own manual
        has it (S3 API reference, "GetObject", Permissions).
        """
        if code_of(error) in DENIED:
            return all(each.key != key for each in self._objects(key))
        return code_of(error) in _ABSENT

    def _delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.s3.delete_object(**self._object(key))

    def _delete_same(self, key: str, etag: str) -> bool:
        try:
            self.s3.delete_object(**self._object(key), IfMatch=etag)
        except ClientError as error:
            if code_of(error) in _CHANGED | _ABSENT:
                return False
            raise
        return True

    def _is_outrun(self, found: Mapping[str, Any], seconds: float) -> bool:
        ended = self._time_of(found) - dt.timedelta(seconds=seconds)
        modified: dt.datetime = found["LastModified"]
        return modified > ended + _TOLERANCE

    def _time_of(self, found: Mapping[str, Any]) -> dt.datetime:
        """Return when S3 answered, by its own clock, which the state's time is by as well."""
        written = found["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        try:
            return email.utils.parsedate_to_datetime(written)
        except ValueError:
            return self.clock()


def _is_empty(content: bytes) -> bool:
    """Tell whether a state has no resources; one that is too long has been cut, and is no JSON."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("resources") == []
