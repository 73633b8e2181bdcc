"""What AWS's client raises, as failures with AWS's own message and what to do; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    UnauthorizedSSOTokenError,
)
from botocore.exceptions import ConnectionError as NotConnected

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Environment
from gateprint.model.secrets import masked

_NOT_SIGNED_IN = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    ProfileNotFound,
    SSOError,
    UnauthorizedSSOTokenError,
)


@contextmanager
def explained(environment: Environment) -> Iterator[None]:
    """Turn what AWS's client raises into a failure with a remedy."""
    try:
        yield
    except _NOT_SIGNED_IN as error:
        remedy = f"sign in to account {environment.account}, as with aws sso login or AWS_PROFILE"
        raise ToolFailed("there are no AWS credentials", remedy, _detail(error)) from error
    except ClientError as error:
        raise _refused(error, environment) from error
    except (HTTPClientError, NotConnected) as error:
        where = environment.endpoint or "AWS"
        remedy = "check the network, and ask again"
        if environment.endpoint:
            remedy = f"run gateprint local start --environment {environment.name}, and deploy"
        raise ToolFailed(f"{where} does not answer", remedy, _detail(error)) from error
    except BotoCoreError as error:
        raise ToolFailed("AWS could not be asked", "see its message", _detail(error)) from error


_SIGN_IN = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "RequestExpired",
}
_ACTIONS = "sts:GetCallerIdentity, iam:GetAccountAuthorizationDetails, iam:GetPolicy, "
_ACTIONS += "iam:GetPolicyVersion and apigateway:GET"


def _refused(error: ClientError, environment: Environment) -> ToolFailed:
    response: Mapping[str, Any] = error.response
    code = str(response.get("Error", {}).get("Code", ""))
    problem = f"AWS refused {error.operation_name}: {code}"
    if code in _SIGN_IN:
        remedy = f"sign in again to account {environment.account}"
    elif code.startswith(("AccessDenied", "UnauthorizedOperation")):
        remedy = f"ask with credentials that may use {_ACTIONS}"
    elif "Throttl" in code or "TooManyRequests" in code or "LimitExceeded" in code:
        remedy = "wait a minute, and ask again"
    else:
        remedy = "see its message, and ask again"
    return ToolFailed(problem, remedy, _detail(error))


def _detail(error: Exception) -> str:
    """Return the first line: those below may repeat what was signed."""
    return masked(str(error).partition("\n")[0])
