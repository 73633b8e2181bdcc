"""What a role was granted, spelled out: (API, stage, route); pure."""

from __future__ import annotations

from functools import lru_cache

from gateprint.model.resolved import Grant, Role


def grants_of(role: Role) -> frozenset[tuple[str, str, str]]:
    """Return (API, stage, route) of everything that the blueprint grants to the role."""
    return _granted(role.grants)


@lru_cache(maxsize=64)
def _granted(grants: tuple[Grant, ...]) -> frozenset[tuple[str, str, str]]:
    """Many roles are granted the same, all routes above all; so the answer is kept."""
    return frozenset(
        (grant.api, stage, route)
        for grant in grants
        for stage in grant.stages
        for route in grant.routes
    )
