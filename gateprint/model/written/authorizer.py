"""Who issues the tokens that `auth: jwt` and `auth: cognito` take, as a blueprint writes it; pure.

The claims are those of RFC 7519, their use in access tokens that of RFC 9068.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gateprint.model import fields, kinds
from gateprint.model.issuers import TokenIssuer
from gateprint.model.schema import Model

# RFC 7518, "Algorithms for JWS": asymmetric ones alone. With HS256 whoever checks could also sign.
ALGORITHMS = tuple(f"{kind}{bits}" for kind in ("RS", "ES", "PS") for bits in (256, 384, 512))
_WELL_KNOWN = ".well-known/jwks.json"

# RFC 6749, "Access Token Scope": what a scope is written with.
Scope = Annotated[
    str,
    kinds.matching(
        r"[!#-\[\]-~]{1,128}",
        "a scope: up to 128 letters, digits and signs, no space, quote or backslash",
        "read:pets",
        "wrong-scope",
    ),
]


Audience = Annotated[
    str,
    kinds.matching(
        r"[!-~]{1,256}",
        "an audience: up to 256 letters, digits and signs, no space",
        "https://pets.example.com",
    ),
]


# Cognito: the region in front of the id is the pool's own. A name is one of `user_pools`.
_POOL_ARN = (
    r"arn:aws[a-z-]*:cognito-idp:[a-z0-9-]{1,25}:\d{12}:userpool/[a-z0-9-]{1,25}_[0-9A-Za-z]+"
)
Pool = Annotated[
    str,
    kinds.matching(
        rf"{fields.NAME}|{_POOL_ARN}",
        "a user pool: its name under user_pools, or its ARN",
        "arn:aws:cognito-idp:us-east-2:123456789012:userpool/us-east-2_a1B2c3D4e",
    ),
]


class Authorizer(Model):
    """Whose tokens are taken: of an `issuer`, Auth0 or any other, or of Cognito's `user_pools`.

    For each API that uses an issuer there is a Lambda function, built from `lambdas/authorizer`.
    It lets in who sends `Authorization: Bearer <token>` with an access token that is signed with
    one of the issuer's keys, is for the audience, and is in force: `exp` is required, and `nbf` or
    `iat`. See [tokens](auth/jwt.md). Tokens of user pools API Gateway checks by itself: see
    [Cognito](auth/cognito.md).
    """

    issuer: fields.Issuer | None = None
    """Who signs the tokens, exactly as their claim `iss` says it. That of Auth0 ends with a slash.
    Required without `user_pools`.

    In AWS: a setting of the function
    """
    user_pools: Annotated[list[Pool], Field(min_length=1, max_length=10)] = Field(
        default_factory=list, examples=[["customers"]]
    )
    """Whose users' tokens are taken, for `auth: cognito`: names of `user_pools`, or ARNs of others.
    Stands without `issuer`, and without what goes with it.

    In AWS: `provider_arns` of an authorizer of the type `COGNITO_USER_POOLS`
    """
    audience: Annotated[list[Audience], Field(min_length=1, max_length=10)] = Field(
        default_factory=list, examples=[["https://pets.example.com"]]
    )
    """Whom the tokens are for: one of these is in the claim `aud`. Name the API here, not an
    application: an ID token is for the application, and must not open an API. Required with
    `issuer`.

    In AWS: a setting of the function
    """
    algorithms: Annotated[
        list[Annotated[str, kinds.one_of(ALGORITHMS, "an asymmetric algorithm for signatures")]],
        Field(min_length=1, max_length=len(ALGORITHMS)),
    ] = Field(default=["RS256"])
    """How the tokens may be signed. What a token says of itself decides nothing.

    In AWS: a setting of the function
    """
    jwks: fields.Issuer | None = Field(
        default=None, examples=["https://acme.auth0.com/.well-known/jwks.json"]
    )
    """Where the issuer publishes its keys. Nothing is looked up there but keys.

    Default: the issuer, and `/.well-known/jwks.json`

    In AWS: a setting of the function
    """
    cache: Annotated[int, kinds.duration("0s", "1h")] = 300
    """How long API Gateway remembers what a token may call. So long a token still works that has
    run out or was revoked. `0s` asks the function each time.

    In AWS: `authorizer_result_ttl_in_seconds`
    """
    leeway: Annotated[int, kinds.duration("0s", "2m")] = 0
    """How much the issuer's clock may differ from that of AWS.

    In AWS: a setting of the function
    """


def token_issuer(name: str, said: Authorizer) -> TokenIssuer:
    """Return an authorizer with its defaults, one that has an issuer."""
    issuer = said.issuer or ""
    return TokenIssuer(
        name=name,
        issuer=issuer,
        audiences=tuple(dict.fromkeys(said.audience)),
        algorithms=tuple(dict.fromkeys(said.algorithms)),
        jwks=said.jwks or f"{issuer.rstrip('/')}/{_WELL_KNOWN}",
        cache_seconds=said.cache,
        leeway_seconds=said.leeway,
    )
