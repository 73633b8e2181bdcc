"""What S3 refuses, as failures that say which permission or setting is missing; pure."""

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
_SIGN_IN = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
}
DENIED = {"AccessDenied", "403", "Forbidden", "AllAccessDisabled"}
_REGION = {
    "PermanentRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
}
_BUSY = {"SlowDown", "OperationAborted", "ServiceUnavailable", "InternalError", "503", "500"}
# What an operation needs where it is not the operation's own name (S3 user guide, "Required
# permissions for Amazon S3 API operations").
_PERMISSIONS = {
    "HeadBucket": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "HeadObject": "s3:GetObject, s3:ListBucket",
    "GetObject": "s3:GetObject, s3:ListBucket",
    "GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}


def code_of(error: ClientError) -> str:
    """Return AWS's code; for HEAD, whose answers have no body, it is the HTTP status."""
    response: Mapping[str, Any] = error.response
    return str(response.get("Error", {}).get("Code", ""))


@contextmanager
def explained(environment: Environment, bucket: str) -> Iterator[None]:
    """Turn what S3's client raises into a failure with a remedy."""
    try:
        yield
    except _NOT_SIGNED_IN as error:
        remedy = f"sign in to account {environment.account}, as with aws sso login or AWS_PROFILE"
        raise ToolFailed("there are no AWS credentials", remedy, _detail(error)) from error
    except ClientError as error:
        raise _refused(error, environment, bucket) from error
    except (HTTPClientError, NotConnected) as error:
        where = environment.endpoint or "S3"
        raise ToolFailed(
            f"{where} does not answer", _answering(environment), _detail(error)
        ) from error
    except BotoCoreError as error:
        problem = f"the state bucket {bucket} could not be asked"
        raise ToolFailed(problem, "see the message", _detail(error)) from error


def _answering(environment: Environment) -> str:
    if environment.endpoint:
        return f"run gateprint local start --environment {environment.name}"
    return "check the network, and try again"


def _refused(error: ClientError, environment: Environment, bucket: str) -> ToolFailed:
    code = code_of(error)
    problem = f"AWS refused {error.operation_name} for the state bucket {bucket}: {code}"
    return ToolFailed(problem, _remedy(code, error.operation_name, environment), _detail(error))


def _remedy(code: str, operation: str, environment: Environment) -> str:
    if code == "NoSuchBucket":
        return f"make it: gateprint state init --environment {environment.name}"
    if code in _SIGN_IN:
        return f"sign in again to account {environment.account}"
    if code in DENIED:
        needed = _PERMISSIONS.get(operation, f"s3:{operation}")
        return f"use credentials that have {needed} there, and the state's KMS key if it has one"
    if code in _REGION:
        return f"write the bucket's own region as state.region in config/{environment.name}.yaml"
    if code in _BUSY:
        return "wait a minute, and try again"
    return "see the message, and try again"


def _detail(error: Exception) -> str:
    """Return the first line: those below may repeat what was signed."""
    return masked(str(error).partition("\n")[0])
