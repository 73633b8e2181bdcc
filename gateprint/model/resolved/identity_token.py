"""A user's token beside the signature of a request, with every default final; pure."""

from __future__ import annotations

import json
from dataclasses import dataclass

from gateprint.model.issuers import TokenIssuer

# What Lambda calls instead of the handler, in lambdas/shared; it reads the variable.
GUARD_HANDLER = "shared.guard.handler"
GUARD_FILE = "shared/guard.py"
GUARD_VARIABLE = "IDENTITY_TOKEN"
# Amazon Linux 2, of the older ones, has no C library that cryptography still supports.
GUARD_RUNTIMES = ("python3.12", "python3.13")


@dataclass(frozen=True, slots=True)
class IdentityToken:
    """Whose token a request carries in `header`; its `claim` is the SAML session's name."""

    issuer: TokenIssuer
    claim: str
    header: str

    def settings_json(self, handler: str, *, is_proxy: bool) -> str:
        """Return what the guard of a function is told, `handler` being the function's own."""
        settings = {
            "algorithms": list(self.issuer.algorithms),
            "audience": list(self.issuer.audiences),
            "claim": self.claim,
            "handler": handler,
            "header": self.header,
            "issuer": self.issuer.issuer,
            "jwks": self.issuer.jwks,
            "leeway": self.issuer.leeway_seconds,
            "proxy": is_proxy,
        }
        return json.dumps(settings, sort_keys=True)
