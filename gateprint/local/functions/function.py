"""A function as its account holds it, and the environment variables of its processes; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """Everything that decides how a function runs; where any of it changes, processes are new.

    `variables` are the function's own. `concurrency` is the reserved one, None where there is none.
    """

    arn: str
    name: str
    version: str
    region: str
    handler: str
    runtime: str
    role_arn: str
    variables: tuple[tuple[str, str], ...]
    timeout_seconds: int
    memory_mib: int
    scratch_mib: int
    log_group: str
    code_sha256: str
    concurrency: int | None = None

    @property
    def account(self) -> str:
        """The number of the account that holds it."""
        return self.arn.split(":")[4]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a function signs its own AWS calls with."""

    access_key: str
    secret_key: str
    token: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process runs: its code, its scratch folder, its log stream, and the cloud."""

    task_root: str
    scratch: str
    log_stream: str
    endpoint: str


def environment(function: Function, place: Place, credentials: Credentials) -> dict[str, str]:
    """Return all variables of a process: the function's own and Lambda's, nothing of the user's.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, "Defined runtime
    environment variables". AWS_ENDPOINT_URL and TMPDIR are ours: the SDK then talks to the embedded
    cloud, and temporary files lie in a folder of the process's own.
    """
    return {**dict(function.variables), **_of_lambda(function, place), **_signing(credentials)}


def _of_lambda(function: Function, place: Place) -> Mapping[str, str]:
    return {
        "_HANDLER": function.handler,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ENDPOINT_URL": place.endpoint,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mib),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": place.log_stream,
        "AWS_REGION": function.region,
        "LAMBDA_TASK_ROOT": place.task_root,
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
        "TMPDIR": place.scratch,
        "TZ": ":UTC",
    }


def _signing(credentials: Credentials) -> Mapping[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_SESSION_TOKEN": credentials.token,
    }
