"""The blueprint's user pools as constructs: their resource servers, clients and domains."""

from __future__ import annotations

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.cognito_resource_server import (
    CognitoResourceServer,
    CognitoResourceServerScope,
)
from cdktf_cdktf_provider_aws.cognito_user_pool import (
    CognitoUserPool,
    CognitoUserPoolAccountRecoverySetting,
    CognitoUserPoolAccountRecoverySettingRecoveryMechanism,
    CognitoUserPoolAdminCreateUserConfig,
    CognitoUserPoolPasswordPolicy,
    CognitoUserPoolSoftwareTokenMfaConfiguration,
    CognitoUserPoolUsernameConfiguration,
)
from cdktf_cdktf_provider_aws.cognito_user_pool_client import (
    CognitoUserPoolClient,
    CognitoUserPoolClientTokenValidityUnits,
)
from cdktf_cdktf_provider_aws.cognito_user_pool_domain import CognitoUserPoolDomain

from gateprint.model.resolved import PoolClient, ResolvedBlueprint, UserPool
from gateprint.stack import address
from gateprint.stack.base import named, output
from gateprint.stack.text import literal

_MFA = {"off": "OFF", "optional": "OPTIONAL", "on": "ON"}
# The password itself never reaches Cognito with SRP (CreateUserPoolClient, ExplicitAuthFlows).
_UNIT = "seconds"
_FLOWS = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]


def add_pools(stack: TerraformStack, blueprint: ResolvedBlueprint) -> None:
    """Add every user pool, and outputs that tell the ids of pools and clients."""
    clients: dict[str, dict[str, str]] = {}
    for pool in blueprint.user_pools:
        resource = _pool(stack, pool)
        servers = _resource_servers(stack, pool, resource)
        clients[pool.name] = {
            each.name: _client(stack, pool, resource, each, servers).id for each in pool.clients
        }
        if pool.domain is not None:
            domain = CognitoUserPoolDomain(
                stack, f"pool-domain.{pool.name}", domain=pool.domain, user_pool_id=resource.id
            )
            named(domain, address.part(pool.name))
    if blueprint.user_pools:
        ids = {each.name: f"${{{pool_address(each.name)}.id}}" for each in blueprint.user_pools}
        output(stack, "user_pool_ids", ids, "The ids of the user pools, by name.")
        output(stack, "client_ids", clients, "The ids of the clients, by user pool and name.")


def pool_address(pool: str) -> str:
    """Return the address of a user pool."""
    return f"aws_cognito_user_pool.{address.part(pool)}"


def _pool(stack: TerraformStack, pool: UserPool) -> CognitoUserPool:
    by_email = CognitoUserPoolAccountRecoverySettingRecoveryMechanism(
        name="verified_email", priority=1
    )
    resource = CognitoUserPool(
        stack,
        f"pool.{pool.name}",
        name=pool.aws_name,
        account_recovery_setting=CognitoUserPoolAccountRecoverySetting(
            recovery_mechanism=[by_email]
        ),
        admin_create_user_config=CognitoUserPoolAdminCreateUserConfig(
            allow_admin_create_user_only=not pool.has_self_sign_up
        ),
        auto_verified_attributes=["email"],
        deletion_protection="ACTIVE" if pool.is_protected else "INACTIVE",
        mfa_configuration=_MFA[pool.mfa],
        password_policy=CognitoUserPoolPasswordPolicy(
            minimum_length=pool.password_length,
            require_lowercase=True,
            require_numbers=True,
            require_symbols=True,
            require_uppercase=True,
            temporary_password_validity_days=7,
        ),
        software_token_mfa_configuration=None
        if pool.mfa == "off"
        else CognitoUserPoolSoftwareTokenMfaConfiguration(enabled=True),
        username_configuration=CognitoUserPoolUsernameConfiguration(case_sensitive=False),
    )
    return named(resource, address.part(pool.name))


def _resource_servers(
    stack: TerraformStack, pool: UserPool, resource: CognitoUserPool
) -> list[CognitoResourceServer]:
    added = []
    for identifier, scopes in sorted(pool.resource_servers.items()):
        name = address.resource_server(pool.name, identifier)
        server = CognitoResourceServer(
            stack,
            f"resource-server.{name}",
            identifier=literal(identifier),
            name=literal(identifier),
            user_pool_id=resource.id,
            scope=[
                CognitoResourceServerScope(
                    scope_name=literal(each), scope_description=literal(description)
                )
                for each, description in sorted(scopes.items())
            ],
        )
        added.append(named(server, name))
    return added


def _client(
    stack: TerraformStack,
    pool: UserPool,
    resource: CognitoUserPool,
    client: PoolClient,
    servers: list[CognitoResourceServer],
) -> CognitoUserPoolClient:
    """Add a client. The implicit flow, which shows tokens in addresses, is never allowed."""
    name = address.joined(pool.name, client.name)
    has_flow = bool(client.callback_urls)
    made = CognitoUserPoolClient(
        stack,
        f"pool-client.{name}",
        name=client.name,
        user_pool_id=resource.id,
        generate_secret=False,
        access_token_validity=client.access_token_seconds,
        id_token_validity=client.id_token_seconds,
        refresh_token_validity=client.refresh_token_seconds,
        token_validity_units=[
            CognitoUserPoolClientTokenValidityUnits(
                access_token=_UNIT, id_token=_UNIT, refresh_token=_UNIT
            )
        ],
        allowed_oauth_flows_user_pool_client=has_flow,
        allowed_oauth_flows=["code"] if has_flow else None,
        allowed_oauth_scopes=[literal(each) for each in client.scopes] if has_flow else None,
        callback_urls=list(client.callback_urls) or None,
        logout_urls=list(client.logout_urls) or None,
        explicit_auth_flows=_FLOWS,
        supported_identity_providers=["COGNITO"],
        prevent_user_existence_errors="ENABLED",
        enable_token_revocation=True,
        # Cognito refuses scopes of resource servers that are not there yet.
        depends_on=servers or None,
    )
    return named(made, name)
