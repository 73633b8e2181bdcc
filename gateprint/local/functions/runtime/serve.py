"""Answers invocations, one after the other, until the server is gone; the process's main loop."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from decimal import Decimal
from typing import Any, NoReturn

from . import limits, loading, logs, packages, wire
from .context import Context
from .faults import Fault, fault_of

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: invocation payload
MAX_RESPONSE_BYTES = 6_291_556


def serve(number: int) -> None:
    """Set the process up as the server's first message says, load the handler, and answer."""
    connection = socket.socket(fileno=number)
    connection.set_inheritable(False)
    settings, _ = wire.receive(connection)
    limits.end_with(settings["server"], settings["lifeline"])
    root = os.environ["LAMBDA_TASK_ROOT"]
    sys.argv[:] = [""]
    sys.path.insert(0, root)
    packages.include(settings["packages"], root)
    logs.set_up()
    limits.confine(settings["memory_mib"], settings["file_mib"])
    handler = _load(root)
    wire.send(connection, {"kind": "ready"})
    _answer_all(connection, handler, settings["arn"], root)


def _load(root: str) -> loading.Handler | Fault:
    try:
        return loading.load(os.environ["_HANDLER"], root)
    except MemoryError:
        _die_of_hunger()


def _answer_all(
    connection: socket.socket, handler: loading.Handler | Fault, arn: str, root: str
) -> None:
    while True:
        try:
            head, event = wire.receive(connection)
        except (EOFError, OSError):
            os._exit(0)  # whatever threads the handler has left
        context = Context(head["request_id"], arn, head["deadline_ms"])
        logs.current.request_id = context.aws_request_id
        answer = handler if isinstance(handler, Fault) else _call(handler, event, context, root)
        _reply(connection, answer, context.aws_request_id)


def _call(handler: loading.Handler, event: bytes, context: Context, root: str) -> str | Fault:
    """Return the handler's answer as JSON. SystemExit ends the process, as on AWS."""
    try:
        asked = json.loads(event)
    except ValueError as error:
        return Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}")
    try:
        return _marshalled(handler(asked, context))
    except MemoryError:
        _die_of_hunger()
    except Exception as error:  # noqa: BLE001  # whatever the handler raises is its answer
        return fault_of(error, root)


def _marshalled(result: Any) -> str | Fault:
    try:
        text = json.dumps(result, default=_plain, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        return Fault("Runtime.MarshalError", f"Unable to marshal response: {error}")
    return text if len(text.encode(errors="replace")) <= MAX_RESPONSE_BYTES else _too_large()


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _reply(connection: socket.socket, answer: str | Fault, request_id: str) -> None:
    head: dict[str, Any] = {"kind": "answer", "memory_kib": limits.peak_memory_kib()}
    if isinstance(answer, Fault):
        sys.stdout.write(answer.log_text())
        head |= {"kind": "error", "type": answer.type}
        answer = json.dumps(answer.answer(request_id), ensure_ascii=False)
    sys.stdout.flush()
    sys.stderr.flush()
    wire.send(connection, head, answer.encode(errors="replace"))


def _too_large() -> Fault:
    limit = f"maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)"
    return Fault("Function.ResponseSizeTooLarge", f"Response payload size exceeded {limit}.")


def _die_of_hunger() -> NoReturn:
    """End as a process that Lambda kills for its memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit
