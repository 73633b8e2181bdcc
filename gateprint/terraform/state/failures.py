"""What S3 refuses, as failures that say which permission or setting is missing; pure."""

from __future__ import annotations

from contextlib import AbstractContextManager

from gateprint.model.resolved import Environment
from gateprint.terraform import aws_failures
from gateprint.terraform.aws_failures import Asked

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


def explained(environment: Environment, bucket: str) -> AbstractContextManager[None]:
    """Turn what S3's client raises into a failure with a remedy."""
    asked = Asked(
        service="S3",
        unasked=f"the state bucket {bucket} could not be asked",
        again="try again",
        about=f" for the state bucket {bucket}",
        remedy=lambda code, operation: _remedy(code, operation, environment),
    )
    return aws_failures.explained(environment, asked)


def _remedy(code: str, operation: str, environment: Environment) -> str:
    if code == "NoSuchBucket":
        return f"make it: gateprint state init --environment {environment.name}"
    if code in DENIED:
        needed = _PERMISSIONS.get(operation, f"s3:{operation}")
        return f"use credentials that have {needed} there, and the state's KMS key if it has one"
    if code in _REGION:
        return f"write the bucket's own region as state.region in config/{environment.name}.yaml"
    return "wait a minute, and try again" if code in _BUSY else ""
