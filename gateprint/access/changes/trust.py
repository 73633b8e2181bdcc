"""Who may assume a role, in the values that its trust policy is made of; pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from gateprint.model.metadata import signing_certificates
from gateprint.model.resolved import Role


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose sign-ins a role accepts, what they have to say of the caller, and for how long.

    `certificates` are the SHA-256 fingerprints of those that the provider may sign with: who has
    such a key decides who assumes the role. `when` maps attributes to accepted values.
    """

    identity_provider: str
    issuer: str
    certificates: tuple[str, ...]
    when: Mapping[str, tuple[str, ...]]
    is_assumed_by_gateway: bool
    max_session_seconds: int


def trust_of(role: Role) -> Trust | None:
    """Return who may assume the role, or None where the role exists already."""
    provider = role.identity_provider
    if provider is None:
        return None
    return Trust(
        provider.name,
        provider.issuer,
        _fingerprints(provider.metadata_xml),
        {key: tuple(sorted(set(values))) for key, values in sorted(role.when.items())},
        role.is_assumed_by_gateway,
        role.max_session_seconds,
    )


@lru_cache(maxsize=64)
def _fingerprints(metadata_xml: str) -> tuple[str, ...]:
    """Many roles share a provider, so the answer is kept.

    The embedded cloud's own sign-in page has none here: its key is not part of the input.
    """
    if not metadata_xml:
        return ()
    found = {base64.b64decode("".join(each.split())) for each in signing_certificates(metadata_xml)}
    return tuple(sorted(hashlib.sha256(each).hexdigest() for each in found))
