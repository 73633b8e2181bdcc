"""A role and its grants, with every default final; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateprint.model.resolved.environment import IdentityProvider


@dataclass(frozen=True, slots=True)
class Grant:
    """Routes of one API that a role may call on stages of this environment, spelled out."""

    api: str
    stages: tuple[str, ...]
    routes: tuple[str, ...]
    overreach: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role; `identity_provider` is None where the role exists already."""

    name: str
    grants: tuple[Grant, ...]
    identity_provider: IdentityProvider | None = None
    description: str | None = None
    max_session_seconds: int = 3600
    is_assumed_by_gateway: bool = False
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
