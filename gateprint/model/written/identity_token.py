"""A user's token beside the signature of a request, as a blueprint writes it; pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gateprint.model import kinds
from gateprint.model.schema import Model

DEFAULT_HEADER = "X-Identity-Token"


class IdentityToken(Model):
    """A token of the person who signed in, which a signed request carries in a header of its own.

    It is verified in the function, before its handler begins. A request without one is a 401; one
    whose token is of somebody else than the SAML session that signed it is a 403. The handler
    finds the verified claims in `event["identity"]`. See [identity tokens](auth/identity-token.md).
    """

    claim: Annotated[
        str,
        kinds.matching(
            r"[A-Za-z_][A-Za-z0-9_.:/-]{0,127}",
            "a claim's name: a letter, and up to 127 letters, digits and _.:/-",
            "email",
        ),
    ] = Field(examples=["email"])
    """Which claim names the person as the SAML session does: it is equal to the session's name, in
    the same case of letters. Where it is `email`, a claim `email_verified` must not be false.

    In AWS: a setting of the function
    """
    issuer: str | None = Field(default=None, examples=["auth0"])
    """Whose tokens are taken, by its name under `authorizers`. Required where there are several.

    Default: the one authorizer

    In AWS: a setting of the function
    """
    header: Annotated[
        str,
        kinds.matching(
            r"X-(?!Amz|Amzn|Api-Key|Forwarded)[A-Z][a-z0-9]{0,19}(-[A-Z][a-z0-9]{0,19}){0,3}",
            "a header of its own: X-, and words that begin with a capital",
            DEFAULT_HEADER,
        ),
    ] = DEFAULT_HEADER
    """The request's header that holds the token, and nothing else.

    In AWS: among `Access-Control-Allow-Headers`, and a setting of the function
    """
