"""What AWS's client raises, as failures with AWS's own message and what to do; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
_SIGN_IN = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What AWS is asked about, as failures tell it.

    `service` does not answer, unless the environment has an endpoint: then it is that one, and
    `start` says what to do besides starting it. `again` is what to do when all is well. `about`
    says in a problem what the request was for, and `remedy` what cures one of AWS's codes; empty
    where that is not known.
    """

    service: str
    unasked: str
    again: str
    about: str
    remedy: Callable[[str, str], str]
    start: str = ""


def code_of(error: ClientError) -> str:
    """Return AWS's code; for HEAD, whose answers have no body, it is the HTTP status."""
    response: Mapping[str, Any] = error.response
    return str(response.get("Error", {}).get("Code", ""))


@contextmanager
def explained(environment: Environment, asked: Asked) -> Iterator[None]:
    """Turn what AWS's client raises into a failure with a remedy."""
    try:
        yield
    except _NOT_SIGNED_IN as error:
        remedy = f"sign in to account {environment.account}, as with aws sso login or AWS_PROFILE"
        raise ToolFailed("there are no AWS credentials", remedy, _detail(error)) from error
    except ClientError as error:
        raise _refused(error, environment, asked) from error
    except (HTTPClientError, NotConnected) as error:
        problem = f"{environment.endpoint or asked.service} does not answer"
        raise ToolFailed(problem, _answering(environment, asked), _detail(error)) from error
    except BotoCoreError as error:
        raise ToolFailed(asked.unasked, "see the message", _detail(error)) from error


def _answering(environment: Environment, asked: Asked) -> str:
    if environment.endpoint:
        return f"run gateprint local start --environment {environment.name}{asked.start}"
    return f"check the network, and {asked.again}"


def _refused(error: ClientError, environment: Environment, asked: Asked) -> ToolFailed:
    code, operation = code_of(error), error.operation_name
    problem = f"AWS refused {operation}{asked.about}: {code}"
    if code in _SIGN_IN:
        remedy = f"sign in again to account {environment.account}"
    else:
        remedy = asked.remedy(code, operation) or f"see the message, and {asked.again}"
    return ToolFailed(problem, remedy, _detail(error))


def _detail(error: Exception) -> str:
    """Return the first line: those below may repeat what was signed."""
    return masked(str(error).partition("\n")[0])
