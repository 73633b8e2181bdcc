"""A user pool of Amazon Cognito that a blueprint creates, as its author writes it; pure.

Cognito developer guide, "Amazon Cognito user pools"; API reference, "CreateUserPool",
"CreateUserPoolClient" and "CreateResourceServer".
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gateprint.model import fields, kinds
from gateprint.model.schema import Model

# Scopes that Cognito knows by itself (API reference, CreateUserPoolClient, AllowedOAuthScopes).
OWN_SCOPES = ("openid", "email", "phone", "profile", "aws.cognito.signin.user.admin")

# CreateResourceServer: an identifier may hold slashes, the name behind the last one may not.
PoolScope = Annotated[
    str,
    kinds.matching(
        r"[!#-\[\]-~]{1,160}/[!#-.0-\[\]-~]{1,96}",
        "a scope of a user pool: the identifier of a resource server, a slash and a name",
        "pets/read",
        "wrong-scope",
    ),
]
ClientScope = Annotated[
    str,
    kinds.matching(
        r"openid|email|phone|profile|aws\.cognito\.signin\.user\.admin"
        r"|[!#-\[\]-~]{1,160}/[!#-.0-\[\]-~]{1,96}",
        f"a scope that a client may ask for: {', '.join(OWN_SCOPES)}, or one of the pool's",
        "pets/read",
        "wrong-scope",
    ),
]
# CreateUserPoolClient, CallbackURLs: https without a fragment; http for localhost alone.
CallbackUrl = Annotated[
    str,
    kinds.matching(
        r"https://[a-z0-9.-]{1,253}(:[1-9]\d{0,4})?(/[A-Za-z0-9._~/-]{0,512})?"
        r"|http://localhost(:[1-9]\d{0,4})?(/[A-Za-z0-9._~/-]{0,512})?",
        "a callback address: https, or http://localhost, without query and fragment",
        "https://app.example.com/signed-in",
        "wrong-callback",
    ),
]
# CreateUserPoolDomain; the three words are refused in whatever is a prefix.
DomainPrefix = Annotated[
    str,
    kinds.matching(
        r"(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?",
        "a domain prefix: small letters, digits and inner hyphens; not aws, amazon or cognito",
        "acme-pets",
        "wrong-name",
    ),
]


class PoolClient(Model):
    """An application whose users sign in: a page or an app, which keeps no secret.

    It gets tokens by the authorization code flow with PKCE (RFC 7636), never by the implicit one;
    or, without `callback_urls`, asks for the password itself by SRP. There is no client secret: it
    would be in Terraform's state. See [Cognito](auth/cognito.md).
    """

    callback_urls: Annotated[list[CallbackUrl], Field(max_length=100)] = Field(
        default_factory=list, examples=[["https://app.example.com/signed-in"]]
    )
    """Where the sign-in page may send users back to, compared exactly. It needs the pool's
    `domain`.

    In AWS: `callback_urls`, and the authorization code flow
    """
    logout_urls: Annotated[list[CallbackUrl], Field(max_length=100)] = Field(
        default_factory=list, examples=[["https://app.example.com/"]]
    )
    """Where users may be sent after they sign out, compared exactly.

    In AWS: `logout_urls`
    """
    scopes: Annotated[list[ClientScope], Field(min_length=1, max_length=50)] = Field(
        default=["openid"], examples=[["openid", "pets/read"]]
    )
    """What its access tokens may be good for. Every user who signs in may ask for all of these.

    In AWS: `allowed_oauth_scopes`
    """
    access_token: Annotated[int, kinds.duration("5m", "24h")] = 3_600
    """How long an access token is in force. API Gateway does not ask whether it was revoked.

    In AWS: `access_token_validity`
    """
    id_token: Annotated[int, kinds.duration("5m", "24h")] = 3_600
    """How long an ID token is in force.

    In AWS: `id_token_validity`
    """
    refresh_token: Annotated[int, kinds.duration("1h", "87600h")] = 86_400
    """How long a user stays signed in.

    In AWS: `refresh_token_validity`
    """


class UserPool(Model):
    """A directory of users, which the blueprint creates in each of its environments.

    Always: sign-in names without case, passwords of all kinds of characters, recovery by a verified
    email address, and answers that do not tell whether a user exists.
    """

    password_length: Annotated[int, kinds.integer(8, 99)] = 12
    """How many characters a password has at least.

    In AWS: `password_policy`
    """
    mfa: Annotated[str, kinds.one_of(("off", "optional", "on"), "a setting of mfa")] = "optional"
    """Whether users show a second factor, a time-based code (TOTP): never, if they set it up, or
    always. `off` and `on` need no quotes.

    In AWS: `mfa_configuration`, `software_token_mfa_configuration`
    """
    self_sign_up: kinds.Boolean = False
    """Whether everybody may make an account. Otherwise administrators make them.

    In AWS: the opposite of `allow_admin_create_user_only`
    """
    deletion_protection: kinds.Boolean = True
    """Whether AWS refuses to delete the pool, and all users with it. To give up the pool, apply
    `false` first.

    In AWS: `deletion_protection`
    """
    domain: DomainPrefix | None = Field(default=None, examples=["acme-pets"])
    """Beginning of the address of Cognito's sign-in page. The environment's name follows, with a
    hyphen; nobody else in the region has the same.

    In AWS: `aws_cognito_user_pool_domain`
    """
    scopes: Annotated[
        dict[PoolScope, Annotated[str, kinds.text(256, "the description")]], Field(max_length=100)
    ] = Field(default_factory=dict, examples=[{"pets/read": "List and read pets."}])
    """What access tokens can be good for, and what that means. Before the last slash stands the
    identifier of a resource server.

    Key: the whole scope, as a route's `scopes` name it

    In AWS: `aws_cognito_resource_server`
    """
    clients: Annotated[dict[fields.Name, PoolClient], Field(max_length=100)] = Field(
        default_factory=dict
    )
    """The applications whose users sign in.

    Key: the client's name, 1 to 32 small letters, digits and hyphens, a letter first

    In AWS: `aws_cognito_user_pool_client`
    """
