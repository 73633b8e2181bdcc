"""Terraform's lock on a state: who holds it, since when and for what; pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock as it was read; `etag` is its object's.

    `who` is `user@host`. A lock whose content is not Terraform's has its ETag as its id, which
    no id of Terraform's can be, and nothing in `who`, `operation` and `version`.
    """

    stack: str
    id: str
    who: str
    operation: str
    version: str
    since: dt.datetime
    etag: str

    @property
    def host(self) -> str:
        """Return the machine that took it, as Terraform calls it; empty where it says nothing."""
        return self.who.rpartition("@")[2]

    @property
    def is_readable(self) -> bool:
        """Tell whether the content is Terraform's."""
        return self.id != self.etag


def parse_lock(stack: str, content: bytes, etag: str, modified: dt.datetime) -> Lock:
    """Return the lock that an object's content describes.

    The fields are those of Terraform's `statemgr.LockInfo`. `modified` is when the object was
    written, which stands in for a time that cannot be read.
    """
    fields = _fields(content)
    since = _time(fields.get("Created")) or modified
    name = _text(fields, "ID")
    if not name:
        return Lock(stack, etag, "", "", "", modified, etag)
    operation = _text(fields, "Operation").removeprefix("OperationType").lower()
    who, version = _text(fields, "Who"), _text(fields, "Version")
    return Lock(stack, name, who, operation, version, since, etag)


def _fields(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(fields: Mapping[str, Any], name: str) -> str:
    found = fields.get(name)
    return found[:_LONGEST] if isinstance(found, str) else ""


def _time(written: Any) -> dt.datetime | None:
    """Return a time of Go's, which has nine digits behind the second."""
    try:
        found = dt.datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None
