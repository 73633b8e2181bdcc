"""Digests that bind what is applied to what was reviewed; pure.

A saved plan's own bytes differ each time; two plans of the same thing differ in their JSON by
`timestamp` and by the order of `relevant_attributes`, which only says what drift to show.
Measured with Terraform 1.11.4.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_NOT_DONE = frozenset({"timestamp", "relevant_attributes"})


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the plan JSON in the one form that is digested.

    Made of the unmasked document, so that a secret that differs makes another digest; so the
    result holds secrets, and is never written.
    """
    done = {name: value for name, value in document.items() if name not in _NOT_DONE}
    return _compact(done)


def plan_digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a plan's canonical form."""
    return hashlib.sha256(canonical(document)).hexdigest()


def run_digest(
    *, plan: str, configuration: str, lock_file: str, tools: Mapping[str, str], revision: str
) -> str:
    """Return the SHA-256 of all that one stack's apply depends on.

    `plan`, `configuration` and `lock_file` are digests, `tools` are versions by name, `revision`
    is the git revision, empty outside of a repository. As JSON, no field can run into another.
    """
    fields = {
        "configuration": configuration,
        "lock_file": lock_file,
        "plan": plan,
        "revision": revision,
        "tools": dict(tools),
    }
    return hashlib.sha256(_compact(fields)).hexdigest()


def _compact(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()
