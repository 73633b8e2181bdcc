"""Cognito's user pools: their own keys, protection against deletion, changed resource servers.

moto signs the tokens of all pools with one key, which is published with it: everybody could make
tokens of every pool.
"""

from __future__ import annotations

import json
from typing import Any

from joserfc.jwk import RSAKey
from moto.cognitoidp.exceptions import InvalidParameterException
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool, cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpJsonWebKeyResponse, CognitoIdpResponse
from moto.cognitoidp.urls import url_paths
from moto.core.responses import ActionResult, EmptyResult

from gateprint.local.additions.grafting import add_missing, body, wrap

# The only id of a key that moto writes into tokens.
KID = "dummy"
_KEYS = "{0}/(?P<user_pool_id>[^/]+)/.well-known/jwks.json$"
_BITS = 2_048
_FIXED = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")
PROTECTED = (
    "The user pool cannot be deleted because deletion protection is activated. Deletion protection "
    "must be inactivated first."
)


def install() -> None:
    """Repair how user pools are made and deleted, and what publishes their keys."""
    wrap(CognitoIdpUserPool, "__init__", with_own_key)
    wrap(CognitoIdpBackend, "delete_user_pool", delete_user_pool)
    wrap(CognitoIdpBackend, "update_user_pool", update_user_pool)
    add_missing(
        CognitoIdpResponse,
        {
            "delete_resource_server": delete_resource_server,
            "update_resource_server": update_resource_server,
        },
    )
    CognitoIdpJsonWebKeyResponse.serve_json_web_key = staticmethod(serve_keys)
    url_paths[_KEYS] = serve_keys


def with_own_key(original: Any, pool: Any, *args: Any, **kwargs: Any) -> None:
    """Make a pool with a key that is made with it, and gone with it."""
    original(pool, *args, **kwargs)
    pool.json_web_key = RSAKey.generate_key(_BITS)
    pool.gateprint_keys = {KID: RSAKey.import_key(pool.json_web_key.as_dict(private=False))}


def public_keys(pool: Any) -> dict[str, RSAKey]:
    """Return a pool's public keys by their ids."""
    found: dict[str, RSAKey] = pool.gateprint_keys
    return found


def serve_keys(*args: Any) -> tuple[int, dict[str, str], bytes]:
    """Answer with a pool's keys, as RFC 7517 writes a set."""
    name = str(args[1]).partition("?")[0].split("/")[-3]
    for backends in tuple(cognitoidp_backends.values()):
        for backend in tuple(backends.values()):
            if name in backend.user_pools:
                return 200, {"Content-Type": "application/json"}, _key_set(backend.user_pools[name])
    return 404, {"Content-Type": "application/json"}, b'{"message": "User pool does not exist."}'


def _key_set(pool: Any) -> bytes:
    more = {"alg": "RS256", "use": "sig"}
    keys = [{**key.as_dict(), "kid": kid, **more} for kid, key in public_keys(pool).items()]
    return json.dumps({"keys": keys}).encode()


def delete_user_pool(original: Any, backend: Any, user_pool_id: str) -> None:
    """DeleteUserPool, which deletion protection refuses."""
    pool = backend.user_pools.get(user_pool_id)
    if pool is not None and pool.extended_config.get("DeletionProtection") == "ACTIVE":
        raise InvalidParameterException(PROTECTED)
    original(backend, user_pool_id)


def update_user_pool(original: Any, backend: Any, user_pool_id: str, config: Any) -> None:
    """UpdateUserPool, which never changes what only CreateUserPool takes, and forgets no tags."""
    known = backend.describe_user_pool(user_pool_id).extended_config
    fixed = {each: known[each] for each in _FIXED if each in known}
    tags = {each: known[each] for each in ("UserPoolTags",) if each in known}
    original(backend, user_pool_id, {**tags, **config, **fixed})


def update_resource_server(response: Any) -> ActionResult:
    """UpdateResourceServer: name and scopes, both whole."""
    asked = body(response)
    backend = cognitoidp_backends[response.current_account][response.region]
    server = backend.describe_resource_server(asked["UserPoolId"], asked["Identifier"])
    server.name, server.scopes = asked["Name"], asked.get("Scopes") or []
    return ActionResult({"ResourceServer": server.to_json()})


def delete_resource_server(response: Any) -> EmptyResult:
    """DeleteResourceServer."""
    asked = body(response)
    backend = cognitoidp_backends[response.current_account][response.region]
    backend.describe_resource_server(asked["UserPoolId"], asked["Identifier"])
    del backend.describe_user_pool(asked["UserPoolId"]).resource_servers[asked["Identifier"]]
    return EmptyResult()
