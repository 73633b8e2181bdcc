"""Where bundles are kept: the state bucket, or a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import ClientError

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment, S3State
from gateprint.terraform.aws_failures import code_of
from gateprint.terraform.runs.folder import write_private
from gateprint.terraform.state.failures import explained
from gateprint.terraform.state.store import s3_state

_ABSENT = {"NoSuchKey", "404", "NotFound"}
_FOLDER = "runs"


class Store(Protocol):
    """Keeps bytes by key; keys are relative, with `/`."""

    @property
    def name(self) -> str:
        """Return how messages call it."""

    def put(self, key: str, data: bytes) -> None:
        """Keep these bytes, instead of what was there."""

    def get(self, key: str, most_bytes: int) -> bytes | None:
        """Return the bytes, at most one more than `most_bytes`; None where nothing is kept."""


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Keeps bundles below a folder, which several machines may share; its owner alone reads."""

    path: Path

    @property
    def name(self) -> str:
        """Return the folder, as the user wrote it."""
        return str(self.path)

    def put(self, key: str, data: bytes) -> None:
        """Write a file, in one step."""
        try:
            write_private(self.path / _FOLDER / key, data)
        except OSError as error:
            raise self._failed("written", error) from error

    def get(self, key: str, most_bytes: int) -> bytes | None:
        """Read a file."""
        try:
            with (self.path / _FOLDER / key).open("rb") as file:
                return file.read(most_bytes + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._failed("read", error) from error

    def _failed(self, what: str, error: OSError) -> ToolFailed:
        problem = f"the store {self.path} cannot be {what}"
        return ToolFailed(problem, "name a folder of your own", str(error))


@dataclass(frozen=True, slots=True)
class S3Store:
    """Keeps bundles in an environment's state bucket, encrypted as the state is.

    `s3` is a boto3 client of the bucket's region; it may be used by several threads.
    """

    environment: Environment
    s3: Any

    @property
    def name(self) -> str:
        """Return the bucket and the beginning of the keys."""
        state = s3_state(self.environment)
        return f"s3://{state.bucket}/{_folder(state)}"

    def put(self, key: str, data: bytes) -> None:
        """Put an object."""
        state = s3_state(self.environment)
        with explained(self.environment, state.bucket):
            self.s3.put_object(**self._object(key), Body=data, **self._encryption())

    def get(self, key: str, most_bytes: int) -> bytes | None:
        """Get the beginning of an object."""
        with explained(self.environment, s3_state(self.environment).bucket):
            try:
                found = self.s3.get_object(**self._object(key))
            except ClientError as error:
                if code_of(error) in _ABSENT:
                    return None
                raise
            with found["Body"] as body:
                data: bytes = body.read(most_bytes + 1)
            return data

    def _object(self, key: str) -> Mapping[str, str]:
        state = s3_state(self.environment)
        return {"Bucket": state.bucket, "Key": f"{_folder(state)}/{key}"}

    def _encryption(self) -> Mapping[str, str]:
        key = s3_state(self.environment).kms_key
        if key is None:
            return {"ServerSideEncryption": "AES256"}
        return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}


def _folder(state: S3State) -> str:
    """Return what all keys begin with: beside the states, so that listing those stays short."""
    return f"{state.prefix}-{_FOLDER}"
