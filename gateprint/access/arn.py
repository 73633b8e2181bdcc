"""Execute-api ARNs, as IAM policies name stages, methods and paths; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiArn:
    """The ARN of one REST API: `arn:{partition}:execute-api:{region}:{account}:{api_id}`.

    `api_id` is an id, or a Terraform reference to one that does not exist yet.
    """

    partition: str
    region: str
    account: str
    api_id: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:execute-api:{self.region}:{self.account}:{self.api_id}"

    def of(self, stage: str, method: str, path: str) -> str:
        """Return the ARN pattern of one route on one stage."""
        return f"{self}/{request_pattern(stage, method, path)}"


def request_pattern(stage: str, method: str, path: str) -> str:
    """Return `stage/METHOD/path` as IAM matches it: parameters become `*`, ANY becomes `*`.

    The root path leaves a slash at the end: `dev/GET/` (API Gateway developer guide, "Output
    from a Lambda authorizer").
    """
    verb = "*" if method == "ANY" else method
    return f"{stage}/{verb}/{path_pattern(path)}"


def path_pattern(path: str) -> str:
    """Return a path without its first slash, each parameter as `*`."""
    segments = path.strip("/").split("/")
    return "/".join("*" if each.startswith("{") else each for each in segments)
