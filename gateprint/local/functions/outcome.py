"""How an invocation ended, what Lambda answers then, and what it logs; pure.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html shows the lines of the log.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from math import ceil
from typing import Literal

from gateprint.local.functions.function import Function
from gateprint.local.web import Invocation

Ending = Literal["answered", "failed", "exited", "timed-out"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process did with one event.

    `detail` is the error's type where the handler failed, and how the process ended where it did.
    `output` is all that it wrote to stdout and stderr. `init_seconds` is 0 in a warm process.
    """

    ending: Ending
    payload: str = ""
    detail: str = ""
    output: str = ""
    memory_kib: int = 0
    seconds: float = 0.0
    init_seconds: float = 0.0


def invocation_of(outcome: Outcome, function: Function, request_id: str) -> Invocation:
    """Return what Lambda answers."""
    if outcome.ending == "answered":
        return Invocation(outcome.payload)
    if outcome.ending == "failed":
        return Invocation(outcome.payload, outcome.detail)
    if outcome.ending == "timed-out":
        return _ended("Sandbox.Timedout", request_id, _time_out(function))
    return _ended("Runtime.ExitError", request_id, outcome.detail)


def _ended(kind: str, request_id: str, why: str) -> Invocation:
    message = f"RequestId: {request_id} Error: {why}"
    return Invocation(json.dumps({"errorType": kind, "errorMessage": message}), kind)


def _time_out(function: Function) -> str:
    return f"Task timed out after {function.timeout_seconds:.2f} seconds"


def exit_text(code: int | None, signal_name: str) -> str:
    """Tell, in Lambda's words, how a process ended."""
    if signal_name:
        return f"Runtime exited with error: signal: {signal_name}"
    if code:
        return f"Runtime exited with error: exit status {code}"
    return "Runtime exited without providing a reason"


def log_lines(
    outcome: Outcome, function: Function, request_id: str, ended: dt.datetime
) -> tuple[str, ...]:
    """Return what goes to the log: what the process wrote, between Lambda's own lines."""
    lines = [f"START RequestId: {request_id} Version: {function.version}"]
    lines += outcome.output.splitlines()
    if outcome.ending == "exited":
        lines.append(f"RequestId: {request_id} Error: {outcome.detail}\nRuntime.ExitError")
    lines.append(f"END RequestId: {request_id}")
    lines.append(_report(outcome, function, request_id))
    if outcome.ending == "timed-out":
        moment = ended.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        lines.append(f"{moment} {request_id} {_time_out(function)}")
    return tuple(lines)


def _report(outcome: Outcome, function: Function, request_id: str) -> str:
    milliseconds = outcome.seconds * 1000
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {ceil(milliseconds)} ms",
        f"Memory Size: {function.memory_mib} MB",
        f"Max Memory Used: {ceil(outcome.memory_kib / 1024)} MB",
    ]
    if outcome.init_seconds:
        fields.append(f"Init Duration: {outcome.init_seconds * 1000:.2f} ms")
    return "\t".join(fields)
