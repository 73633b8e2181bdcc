"""How a request fails, and what the data plane refuses to serve at all; pure.

Status codes are those of the API Gateway developer guide, "Gateway response types for API
Gateway". The error types, which AWS sends as `x-amzn-errortype`, and the messages are not
documented in one place; they are those that callers of REST APIs report.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateprint.errors import GateprintError

INTERNAL = "Internal server error"


class NotServed(GateprintError):
    """Something is deployed that the data plane does not do; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A gateway response type: its status, AWS's error type, and the usual message."""

    status: int
    error: str
    message: str


# Callers of REST APIs report this error type, and `null` as the message, for both failures.
_AUTHORIZER = Kind(500, "AuthorizerConfigurationException", "")

KINDS = {
    "ACCESS_DENIED": Kind(403, "AccessDeniedException", "Access Denied"),
    "API_CONFIGURATION_ERROR": Kind(500, "InternalServerErrorException", INTERNAL),
    "AUTHORIZER_CONFIGURATION_ERROR": _AUTHORIZER,
    "AUTHORIZER_FAILURE": _AUTHORIZER,
    "BAD_REQUEST_BODY": Kind(400, "BadRequestException", "Invalid request body"),
    "BAD_REQUEST_PARAMETERS": Kind(400, "BadRequestException", "Bad Request"),
    "DEFAULT_4XX": Kind(400, "BadRequestException", "Bad Request"),
    "DEFAULT_5XX": Kind(500, "InternalServerErrorException", INTERNAL),
    "EXPIRED_TOKEN": Kind(
        403, "ExpiredTokenException", "The security token included in the request is expired"
    ),
    "INTEGRATION_FAILURE": Kind(504, "InternalServerErrorException", INTERNAL),
    "INTEGRATION_TIMEOUT": Kind(504, "InternalServerErrorException", "Endpoint request timed out"),
    "INVALID_API_KEY": Kind(403, "ForbiddenException", "Forbidden"),
    "INVALID_SIGNATURE": Kind(403, "InvalidSignatureException", "Invalid signature"),
    "MISSING_AUTHENTICATION_TOKEN": Kind(
        403, "MissingAuthenticationTokenException", "Missing Authentication Token"
    ),
    "QUOTA_EXCEEDED": Kind(429, "LimitExceededException", "Limit Exceeded"),
    "REQUEST_TOO_LARGE": Kind(413, "RequestTooLargeException", "Request Too Long"),
    "RESOURCE_NOT_FOUND": Kind(404, "NotFoundException", "Not Found"),
    "THROTTLED": Kind(429, "TooManyRequestsException", "Too Many Requests"),
    "UNAUTHORIZED": Kind(401, "UnauthorizedException", "Unauthorized"),
    "UNSUPPORTED_MEDIA_TYPE": Kind(415, "BadRequestException", "Unsupported Media Type"),
    "WAF_FILTERED": Kind(403, "ForbiddenException", "Forbidden"),
}
TYPES = frozenset(KINDS)


class Fault(GateprintError):
    """API Gateway answers by itself, with the gateway response of type `kind`.

    `reason` is for the log; callers never see it. IAM's refusals name their text `Message`.
    """

    def __init__(
        self,
        kind: str,
        message: str = "",
        *,
        status: int | None = None,
        error: str = "",
        reason: str = "",
        is_of_iam: bool = False,
    ) -> None:
        self.kind = kind
        self.message = message or KINDS[kind].message
        self.status = status or KINDS[kind].status
        self.error = error or KINDS[kind].error
        self.reason = reason
        self.key = "Message" if is_of_iam else "message"
        super().__init__(reason or self.message)
