"""The sign-in page as an OpenID provider: tokens for its people, its keys, and its discovery.

OpenID Connect Core 1.0, section 2, says what an ID token has; Discovery 1.0, section 3, what is at
the well-known address; RFC 7517 what the keys look like.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

DISCOVERY, KEYS = "/.well-known/openid-configuration", "/.well-known/jwks.json"
_ALGORITHM = "RS256"
_BITS = 2048
LIFE = dt.timedelta(hours=1)


@dataclass(frozen=True)
class OwnIssuer:
    """An issuer at the site's address. Its key is made at first need, and gone with the process.

    It is another one than that of SAML: what is signed for one purpose is never good for the other.
    """

    url: str
    kid: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def issuer(self) -> str:
        """Return what tokens call it, with the slash that blueprints have too."""
        return f"{self.url}/"

    @cached_property
    def _key(self) -> RSAKey:
        return RSAKey.generate_key(_BITS)

    def discovery(self) -> Mapping[str, Any]:
        """Return what clients ask an issuer for first; there is no flow but the page's own form."""
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.url}{KEYS}",
            "authorization_endpoint": f"{self.url}/tokens",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [_ALGORITHM],
        }

    def keys(self) -> Mapping[str, Any]:
        """Return the public key, as a set."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": _ALGORITHM}]}

    def token(
        self, name: str, audiences: Sequence[str], scope: str, claim: str, now: dt.datetime
    ) -> str:
        """Return a token of whom the SAML session calls `name`; `claim` says so, beside `sub`."""
        seconds = int(now.timestamp())
        claims = {
            **{claim: name for claim in (claim,) if claim},
            "email": name,
            "email_verified": True,
            "iss": self.issuer,
            "sub": name,
            "aud": list(audiences),
            "iat": seconds,
            "nbf": seconds,
            "exp": seconds + int(LIFE.total_seconds()),
            **({"scope": scope} if scope else {}),
        }
        return jwt.encode({"alg": _ALGORITHM, "kid": self.kid, "typ": "JWT"}, claims, self._key)
