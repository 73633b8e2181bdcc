"""The keys of an environment's objects in the state bucket, and what a key says; pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["state", "lock", "record"]

_STACK = re.compile(r"[a-z][a-z0-9-]{0,99}")
_DIGEST = re.compile(r"[0-9a-f]{16,128}")
_ETAG = re.compile(r"[0-9a-f]{32}(-[0-9]{1,5})?")
_RECORD = re.compile(r"([0-9a-f]{16,128})-([0-9a-f]{32}(?:-[0-9]{1,5})?)")
_RECORDS = "applied"
_KINDS: tuple[tuple[str, Kind], ...] = ((".tfstate", "state"), (".tfstate.tflock", "lock"))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a key is: of which stack, and of a record the digest and the state's ETag."""

    kind: Kind
    stack: str
    digest: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class StateKeys:
    """Where one environment's objects are: state, lock, and records of what was applied.

    The lock's key is Terraform's: the state's, and `.tflock` behind it (Terraform, "Backend Type:
    s3", State Locking). A record is an empty object whose key says it all, so that one listing
    tells what is unchanged.
    """

    prefix: str
    environment: str

    @property
    def folder(self) -> str:
        """Return what all keys begin with."""
        return f"{self.prefix}/"

    def state(self, stack: str) -> str:
        """Return the key of a stack's state, as `S3State.key_of` has it."""
        return f"{self.prefix}/{self._checked(stack)}.tfstate"

    def lock(self, stack: str) -> str:
        """Return the key of a stack's lock."""
        return f"{self.state(stack)}.tflock"

    def records(self, stack: str) -> str:
        """Return what the keys of a stack's records begin with."""
        return f"{self.prefix}/{_RECORDS}/{self._checked(stack)}/"

    def record(self, stack: str, digest: str, etag: str) -> str:
        """Return the key that says: this configuration was applied, and gave this state.

        Raises:
            ValueError: the digest is not 16 to 128 hexadecimal digits.
        """
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not a digest: {digest[:200]!r}")
        return f"{self.records(stack)}{digest}-{plain_etag(etag)}"

    def is_own(self, stack: str) -> bool:
        """Tell whether a stack has a name that this environment gives."""
        return bool(_STACK.fullmatch(stack)) and stack.endswith(f"-{self.environment}")

    def read(self, key: str) -> Meaning | None:
        """Return what a key of the bucket says; None where it is not this environment's.

        Other environments may share the bucket and the prefix, and so may anything else.
        """
        if not key.startswith(self.folder):
            return None
        parts = key.removeprefix(self.folder).split("/")
        found = _record(parts) if len(parts) > 1 else _plain(parts[0])
        return found if found is not None and self.is_own(found.stack) else None

    def _checked(self, stack: str) -> str:
        if not self.is_own(stack):
            raise ValueError(f"no stack of {self.environment}: {stack[:200]!r}")
        return stack


def plain_etag(etag: str) -> str:
    """Return an ETag so that it can stand in a key.

    S3's are 32 hexadecimal digits, with `-` and the number of parts behind those of a multipart
    upload (S3 API reference, "Object"). Another store's are replaced by a digest of theirs.
    """
    bare = etag.strip('"').lower()
    return bare if _ETAG.fullmatch(bare) else hashlib.sha256(etag.encode()).hexdigest()[:32]


def _plain(name: str) -> Meaning | None:
    for ending, kind in _KINDS:
        if name.endswith(ending):
            return Meaning(kind, name.removesuffix(ending))
    return None


def _record(parts: list[str]) -> Meaning | None:
    found = _RECORD.fullmatch(parts[-1])
    if found is None or len(parts) != 3 or parts[0] != _RECORDS:  # noqa: PLR2004
        return None
    return Meaning("record", parts[1], digest=found[1], etag=found[2])
