"""Checks tokens of Cognito's user pools as API Gateway does: whose, which kind, which scopes.

API Gateway developer guide, "Control access to REST APIs using Amazon Cognito user pools as an
authorizer" and "Integrate a REST API with an Amazon Cognito user pool": without scopes on the
method an ID token is taken, with scopes an access token that has at least one of them. What is in
the tokens: Cognito developer guide, "Verifying JSON web tokens". Signatures are joserfc's work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from gateprint.local.gateway.exchange import Exchange
from gateprint.local.gateway.faults import Fault
from gateprint.local.gateway.snapshot import PoolAuthorizer

# Cognito signs with nothing else. What a token says of itself decides nothing.
ALGORITHM = "RS256"
# API Gateway developer guide, "Quotas": all headers together have 10,240 bytes.
LONGEST_TOKEN = 10_240
# Callers of REST APIs report this text, and "Unauthorized" for everything else.
EXPIRED = "The incoming token has expired"
_CLIENT = {"id": "aud", "access": "client_id"}
# Of an event's claims these are dates, written as Java does.
_DATES = ("exp", "iat")


@dataclass(frozen=True, slots=True)
class Pool:
    """A user pool: the issuer in its tokens, its public keys by id, and its clients' ids."""

    issuer: str
    keys: Mapping[str, RSAKey]
    clients: frozenset[str]


class Pools(Protocol):
    """Knows the user pools."""

    def pool(self, arn: str) -> Pool | None:
        """Return a user pool; None where it is not in this cloud."""


class NoPools:
    """A cloud without user pools."""

    def pool(self, _arn: str) -> None:
        """Know none."""


@dataclass(frozen=True, slots=True)
class PoolTokens:
    """Checks tokens of user pools; `clock` is in seconds since 1970."""

    pools: Pools = field(default_factory=NoPools)
    clock: Callable[[], float] = time.time

    def claims(self, exchange: Exchange, authorizer: PoolAuthorizer) -> Mapping[str, str]:
        """Return the claims of the request's token, as backends see them.

        Raises:
            Fault: there is no token, or it is refused.
        """
        token = exchange.header(authorizer.header)
        # With or without the word of RFC 6750, which API Gateway does not ask for.
        token = token[7:] if token[:7].lower() == "bearer " else token
        if not token or len(token) > LONGEST_TOKEN:
            raise Fault("UNAUTHORIZED")
        for arn in authorizer.user_pools:
            pool = self.pools.pool(arn)
            claims = _verified(token, pool) if pool is not None else None
            if pool is not None and claims is not None:
                self._check(claims, pool, authorizer.scopes)
                return {name: _text(name, value) for name, value in claims.items()}
        raise Fault("UNAUTHORIZED")

    def _check(self, claims: Mapping[str, Any], pool: Pool, scopes: frozenset[str]) -> None:
        use = "access" if scopes else "id"
        if claims.get("token_use") != use or claims.get(_CLIENT[use]) not in pool.clients:
            raise Fault("UNAUTHORIZED")
        until = claims.get("exp")
        if not isinstance(until, int | float) or isinstance(until, bool):
            raise Fault("UNAUTHORIZED")
        if not self.clock() < until:
            raise Fault("UNAUTHORIZED", EXPIRED)
        if scopes and not scopes & _scopes(claims):
            raise Fault("UNAUTHORIZED")


def _verified(token: str, pool: Pool) -> Mapping[str, Any] | None:
    """Return the claims of a token that a pool has signed; None of any other."""

    def key(found: Any) -> RSAKey:
        kid = found.headers().get("kid")
        if not isinstance(kid, str) or kid not in pool.keys:
            raise ValueError("the pool has no such key")
        return pool.keys[kid]

    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError, TypeError, RecursionError):
        return None
    is_own = isinstance(claims, dict) and claims.get("iss") == pool.issuer
    return claims if is_own and isinstance(claims.get("aud", ""), str) else None


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    said = claims.get("scope")
    return frozenset(said.split(" ")) if isinstance(said, str) else frozenset()


def _text(name: str, value: Any) -> str:
    """Return a claim as backends see it: a text.

    API Gateway developer guide, "Input format of a Lambda function for proxy integration", shows
    such claims: lists are joined with commas, and two times are dates.
    """
    if name in _DATES and isinstance(value, int | float) and abs(value) < 1e11:  # noqa: PLR2004
        return datetime.fromtimestamp(value, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
