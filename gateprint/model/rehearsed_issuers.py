"""A blueprint whose authorizers take the tokens of the embedded cloud's own sign-in page; pure."""

from __future__ import annotations

from typing import TypeVar

from gateprint.model.blueprint import Blueprint
from gateprint.model.fields import is_loopback
from gateprint.model.written.authorizer import Authorizer

# What the sign-in page signs with.
_ALGORITHMS = ["RS256"]
_B = TypeVar("_B", bound=Blueprint)


def with_own_issuer(blueprint: _B, issuer: str | None) -> _B:
    """Return the blueprint with this issuer in place of those that it names; with None unchanged.

    An issuer that is on this machine stays: it was made for rehearsals. Audiences stay too, so that
    two authorizers are as different as their audiences are.
    """
    if issuer is None:
        return blueprint
    authorizers = {name: _own(each, issuer) for name, each in blueprint.authorizers.items()}
    return blueprint.model_copy(update={"authorizers": authorizers})


def _own(authorizer: Authorizer, issuer: str) -> Authorizer:
    if authorizer.issuer is None or is_loopback(authorizer.issuer):
        return authorizer
    own = {"issuer": issuer, "jwks": None, "algorithms": _ALGORITHMS}
    return authorizer.model_copy(update=own)
