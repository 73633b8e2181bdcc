"""A user pool of Cognito, and what takes its tokens, with every default final; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PoolClient:
    """An application of a user pool; the code flow is its own where it has `callback_urls`."""

    name: str
    scopes: tuple[str, ...] = ("openid",)
    callback_urls: tuple[str, ...] = ()
    logout_urls: tuple[str, ...] = ()
    access_token_seconds: int = 3_600
    id_token_seconds: int = 3_600
    refresh_token_seconds: int = 86_400


@dataclass(frozen=True, slots=True)
class UserPool:
    """A user pool that the blueprint creates; `scopes` are descriptions by `identifier/name`."""

    name: str
    aws_name: str
    password_length: int = 12
    mfa: str = "optional"
    has_self_sign_up: bool = False
    is_protected: bool = True
    domain: str | None = None
    scopes: Mapping[str, str] = field(default_factory=dict)
    clients: tuple[PoolClient, ...] = ()

    @property
    def resource_servers(self) -> Mapping[str, Mapping[str, str]]:
        """Return the descriptions of scopes by resource server and name."""
        found: dict[str, dict[str, str]] = {}
        for scope, description in self.scopes.items():
            server, _, name = scope.rpartition("/")
            found.setdefault(server, {})[name] = description
        return found


@dataclass(frozen=True, slots=True)
class PoolAuthorizer:
    """What takes tokens of user pools: ARNs, or names of pools of the same blueprint."""

    name: str
    user_pools: tuple[str, ...]


def is_arn(pool: str) -> bool:
    """Tell whether a pool is named by its ARN; no name of a blueprint has a colon."""
    return ":" in pool
