"""The functions, roles and log groups that moto holds, as the runner needs them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.utils import get_backend
from moto.logs.models import logs_backends

from gateprint.local.functions.function import Credentials, Function
from gateprint.local.identity.credentials import Holder
from gateprint.local.identity.wiring import identity

# Of one process; the older ones are forgotten, so that the server's memory stays the same.
MAX_EVENTS_PER_STREAM = 1_000
CREDENTIALS_LIFE = dt.timedelta(hours=12)
LATEST = "$LATEST"


class MotoAccount:
    """Implements the runner's `Account` with moto's backends."""

    def find(self, function_arn: str) -> Function | None:
        """Return a function as it is now, by its ARN, with or without version or alias."""
        held = _held(function_arn)
        return None if held is None else _function(held)

    def code(self, function_arn: str) -> bytes:
        """Return its zip file, as it was uploaded."""
        held = _held(function_arn)
        return b"" if held is None else bytes(held.code_bytes)

    def credentials(self, function: Function) -> Credentials:
        """Return temporary credentials of the function's role; the session has its name.

        They are as good as those of STS: the function may call APIs of the data plane with them.
        """
        here = identity()
        role = here.account.role_by_arn(function.role_arn)
        holder = Holder(
            arn=_session_arn(function),
            role_arn=function.role_arn,
            user_id=f"{role.id if role else 'AROA'}:{function.name}",
            account=function.account,
        )
        session = here.sessions.issue(holder, here.clock() + CREDENTIALS_LIFE, {})
        issued = session.credentials
        return Credentials(issued.caller.access_key, issued.secret, issued.token or "")

    def write_log(self, function: Function, stream: str, lines: Sequence[str]) -> None:
        """Add lines to a stream of the function's log group; Lambda makes both where needed."""
        backend = _logs(function.account, function.region)
        backend.ensure_log_group(function.log_group)
        streams = backend.groups[function.log_group].streams
        if stream not in streams:
            backend.create_log_stream(function.log_group, stream)
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in lines if line]
        streams[stream].put_log_events(events)
        del streams[stream].events[:-MAX_EVENTS_PER_STREAM]


def _session_arn(function: Function) -> str:
    partition = function.arn.split(":")[1]
    role = function.role_arn.rpartition("/")[2]
    return f"arn:{partition}:sts::{function.account}:assumed-role/{role}/{function.name}"


# Moto's own look-ups take longer than all the rest of an invocation; a backend never changes.
@cache
def _lambda(account: str, region: str) -> Any:
    return get_backend(account, region)


@cache
def _logs(account: str, region: str) -> Any:
    return logs_backends[account][region]


def _held(function_arn: str) -> Any:
    parts = function_arn.split(":")
    if len(parts) not in {7, 8} or parts[2] != "lambda":
        return None
    try:
        return _lambda(parts[4], parts[3]).get_function(function_arn)
    except LambdaClientError:
        return None


def _function(held: Any) -> Function:
    reserved = held.reserved_concurrency
    is_latest = held.function_arn.endswith(f":function:{held.function_name}")
    return Function(
        arn=held.function_arn,
        name=held.function_name,
        version=LATEST if is_latest else str(held.version),
        region=held.region,
        handler=held.handler,
        runtime=held.run_time,
        role_arn=held.role,
        variables=tuple(sorted(held.environment_vars.items())),
        timeout_seconds=int(held.timeout),
        memory_mib=int(held.memory_size),
        scratch_mib=int(held.ephemeral_storage),
        log_group=held.logging_config["LogGroup"],
        code_sha256=held.code_sha_256,
        concurrency=None if reserved is None else int(reserved),
    )
