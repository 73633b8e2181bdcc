"""Lambda's Invoke in the embedded cloud: runs functions where moto would want Docker."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import MutableMapping
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction
from moto.logs.models import LogEvent, LogStream

from gateprint.local.additions.grafting import wrap
from gateprint.local.functions.runner import FunctionRunner, Run

# https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: LogResult
LOG_TAIL_BYTES = 4096


# What the service itself answers, with which status.
SERVICE_ERRORS = {
    "InvalidZipFileException": 502,
    "RequestTooLargeException": 413,
    "TooManyRequestsException": 429,
}


def install(runner: FunctionRunner) -> None:
    """Let Invoke, and the services that call functions, use the runner."""

    def invoke(
        _original: Any, function: Any, body: Any, headers: Any, answer: MutableMapping[str, str]
    ) -> bytes:
        event = _event(body)
        kind = headers.get("X-Amz-Invocation-Type", "RequestResponse")
        if kind == "DryRun":
            return b""
        if kind == "Event":
            given = (function.function_arn, event)
            threading.Thread(target=runner.run, args=given, daemon=True).start()
            return b""
        return _answered(runner.run(function.function_arn, event), answer)

    wrap(LambdaFunction, "invoke", invoke)
    for model in (LogEvent, LogStream):
        model.instances_tracked = _Untracked()


class _Untracked(list[Any]):
    """Moto keeps everything that it ever made for its dashboard, which is closed here."""

    def append(self, _: Any) -> None:
        """Forget it, so that the server's memory stays the same."""


def _event(body: Any) -> str:
    """Return the request's JSON; an empty request is an empty event."""
    text = body.decode() if isinstance(body, bytes) else body or "{}"
    try:
        json.loads(text or "{}")
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise LambdaClientError("InvalidRequestContentException", message) from error
    return text or "{}"


def _answered(run: Run, answer: MutableMapping[str, str]) -> bytes:
    error = run.invocation.error
    if error in SERVICE_ERRORS:
        failure = LambdaClientError(error, json.loads(run.invocation.payload)["message"])
        failure.code = SERVICE_ERRORS[error]
        raise failure
    if error:
        answer["x-amz-function-error"] = "Unhandled"
    tail = "\n".join(run.log).encode()[-LOG_TAIL_BYTES:]
    answer["x-amz-log-result"] = base64.b64encode(tail).decode()
    answer["x-amz-executed-version"] = "$LATEST"
    return run.invocation.payload.encode()
