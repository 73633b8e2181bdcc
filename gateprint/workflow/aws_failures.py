"""What AWS refuses of questions about what is deployed, as failures with a remedy; pure."""

from __future__ import annotations

from contextlib import AbstractContextManager

from gateprint.model.resolved import Environment
from gateprint.terraform import aws_failures
from gateprint.terraform.aws_failures import Asked

_ACTIONS = "sts:GetCallerIdentity, iam:GetAccountAuthorizationDetails, iam:GetPolicy, "
_ACTIONS += "iam:GetPolicyVersion and apigateway:GET"


def explained(environment: Environment) -> AbstractContextManager[None]:
    """Turn what AWS's client raises into a failure with a remedy."""
    return aws_failures.explained(environment, _ASKED)


def _remedy(code: str, _operation: str) -> str:
    if code.startswith(("AccessDenied", "UnauthorizedOperation")):
        return f"ask with credentials that may use {_ACTIONS}"
    if "Throttl" in code or "TooManyRequests" in code or "LimitExceeded" in code:
        return "wait a minute, and ask again"
    return ""


_ASKED = Asked(
    service="AWS",
    unasked="AWS could not be asked",
    again="ask again",
    about="",
    remedy=_remedy,
    start=", and deploy",
)
