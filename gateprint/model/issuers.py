"""Who issues tokens, with every default final, and the function that checks them; pure."""

from __future__ import annotations

from dataclasses import dataclass

AUTHORIZER_SOURCE = "authorizer"
# As `find_handlers` tells of a module of Node.
AUTHORIZER_MODULE = "index.mjs:handler"
AUTHORIZER_HANDLER = "index.handler"
AUTHORIZER_RUNTIME = "nodejs22.x"


@dataclass(frozen=True, slots=True)
class TokenIssuer:
    """An authorizer with every default final; `jwks` is where its keys are."""

    name: str
    issuer: str
    audiences: tuple[str, ...]
    algorithms: tuple[str, ...]
    jwks: str
    cache_seconds: int
    leeway_seconds: int


def authorizer_function(api: str, authorizer: str) -> str:
    """Return the name of the function that checks tokens for an API; no function of a user has it.

    Names of APIs and authorizers have no `_`, those of functions no hyphen.
    """
    return f"{api}_{authorizer}-authorizer"
