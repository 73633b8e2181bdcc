"""Written user pools, and authorizers that name them → the ones whose defaults are final; pure."""

from __future__ import annotations

from gateprint.model import resolved, written
from gateprint.model.blueprint import Blueprint
from gateprint.model.naming import stack_name


def resolve_pools(blueprint: Blueprint, environment: str) -> tuple[resolved.UserPool, ...]:
    """Return the user pools that a blueprint creates in an environment."""
    stack = stack_name(blueprint.name, environment)
    return tuple(
        resolved.UserPool(
            name=name,
            aws_name=f"{stack}-{name}",
            password_length=pool.password_length,
            mfa=pool.mfa,
            has_self_sign_up=pool.self_sign_up,
            is_protected=pool.deletion_protection,
            domain=f"{pool.domain}-{environment}" if pool.domain else None,
            scopes=pool.scopes,
            clients=tuple(_client(each, client) for each, client in pool.clients.items()),
        )
        for name, pool in blueprint.user_pools.items()
    )


def _client(name: str, client: written.PoolClient) -> resolved.PoolClient:
    return resolved.PoolClient(
        name=name,
        scopes=tuple(dict.fromkeys(client.scopes)),
        callback_urls=tuple(dict.fromkeys(client.callback_urls)),
        logout_urls=tuple(dict.fromkeys(client.logout_urls)),
        access_token_seconds=client.access_token,
        id_token_seconds=client.id_token,
        refresh_token_seconds=client.refresh_token,
    )


def pool_authorizer(name: str, said: written.Authorizer) -> resolved.PoolAuthorizer:
    """Return an authorizer that takes tokens of user pools."""
    return resolved.PoolAuthorizer(name, tuple(dict.fromkeys(said.user_pools)))
