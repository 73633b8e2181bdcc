"""What STS says when it refuses a sign-in: its codes, its messages, its XML; pure.

From the STS API reference, "AssumeRoleWithSAML", and the IAM user guide, "Troubleshoot SAML
federation with IAM". Messages that these do not have are those that users of AWS quote in public:
saml2aws #759, gimme-aws-creds #251, samltoawsstskeys #61 on GitHub. Where nobody quotes one, the
message is `INVALID`, and the log of the embedded cloud says more.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_SENDER, _FORBIDDEN = 400, 403
_FORBIDDEN_CODES = {
    "AccessDenied",
    "ExpiredToken",
    "IDPRejectedClaim",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
}

INVALID = "Your request included an invalid SAML response"
SIGNATURE = "Response signature invalid"
ISSUER = "Issuer not present in specified provider"
PROVIDER = "Specified provider doesn't exist"
METADATA = "Could not parse metadata"
BASE64 = "Invalid base64 SAMLResponse"
AUDIENCE = "Response does not contain the required audience"
ROLE = "SAML Assertion doesn't contain the requested Role and Metadata in the attributes"
NO_NAME = "RoleSessionName is required in AuthnResponse"
NAME = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}"
SOURCE = 'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
FAILED = "The identity provider (IdP) reported that authentication failed."
LATE = "Token must be redeemed within 5 minutes of issuance"
OVER = "Response has expired"
DENIED = "Not authorized to perform sts:AssumeRoleWithSAML"
ARN = "Request ARN is invalid"
TOO_LONG = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."


class Rejected(Exception):
    """STS refuses: its error code and message; `reason` is for the log and names no person."""

    def __init__(self, code: str, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason


def token(message: str, reason: str = "") -> Rejected:
    """Return the refusal of an assertion."""
    return Rejected("InvalidIdentityToken", message, reason)


def expired(message: str) -> Rejected:
    """Return the refusal of an assertion that comes too late."""
    return Rejected("ExpiredTokenException", message)


def denied(reason: str) -> Rejected:
    """Return the refusal by the role; AWS does not say why."""
    return Rejected("AccessDenied", DENIED, reason)


def constraint(name: str, demand: str, value: str = "") -> Rejected:
    """Return the refusal of a parameter; `value` is left out where it is a secret."""
    shown = f"Value '{value}'" if value else "Value"
    failed = f"1 validation error detected: {shown} at '{name}' failed to satisfy constraint: "
    return Rejected("ValidationError", f"{failed}Member must {demand}")


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An answer of the query protocol."""

    status: int
    xml: str


def answer(rejected: Rejected, request_id: str) -> ErrorAnswer:
    """Return the XML that AWS's clients read."""
    error = f"<Code>{rejected.code}</Code><Message>{escape(rejected.message)}</Message>"
    inner = f"<Error><Type>Sender</Type>{error}</Error><RequestId>{request_id}</RequestId>"
    xml = f'<ErrorResponse xmlns="{_NAMESPACE}">{inner}</ErrorResponse>'
    return ErrorAnswer(_FORBIDDEN if rejected.code in _FORBIDDEN_CODES else _SENDER, xml)
