"""What AWS says when it refuses a signature or its credentials, by API Gateway's types; pure.

Which texts there are: IAM user guide, "Troubleshoot signed requests for AWS APIs"; re:Post, "How do
I troubleshoot signature mismatch errors when making SigV4 signed requests with IAM authentication
to API Gateway?". The rest is what callers of API Gateway report in public, such as aws4 #33 and
#118 and insomnia #713 on GitHub. AWS documents one gateway response type for signatures and one for
expired tokens; that an incomplete header counts as a missing token is reported as well
(aws-cognito-angular-quickstart #50).
"""

from __future__ import annotations

import base64
import hashlib

from gateprint.local.web import Refusal

MISSING = Refusal("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
EXPIRED_TOKEN = Refusal(
    "EXPIRED_TOKEN",
    "The security token included in the request is expired",
    "ExpiredTokenException",
)
# AWS does not say to which type an unknown access key belongs.
UNKNOWN_TOKEN = Refusal(
    "INVALID_SIGNATURE",
    "The security token included in the request is invalid.",
    "UnrecognizedClientException",
)


def invalid(message: str) -> Refusal:
    """Return a refusal of a signature that is complete, and wrong."""
    return Refusal("INVALID_SIGNATURE", message, "InvalidSignatureException")


def incomplete(message: str) -> Refusal:
    """Return a refusal of something that is no signature."""
    return Refusal("MISSING_AUTHENTICATION_TOKEN", message, "IncompleteSignatureException")


MISMATCH = invalid(
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. "
    "Consult the service documentation for details."
)
HOST_NOT_SIGNED = invalid(
    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
)
SIGNED_TWICE = invalid(
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
)


def not_signed(header: str) -> Refusal:
    """Return the refusal of an x-amz-* header that the signature does not cover."""
    return invalid(f"'{header}' must be a 'SignedHeader' in the AWS Authorization.")


def fingerprint(authorization: str) -> str:
    """Return what AWS shows in place of an Authorization header."""
    digest = hashlib.sha256(authorization.encode()).digest()
    return base64.b64encode(digest).decode()
