"""One process of a function: starts it, hands it events, ends it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from gateprint.local.functions.function import Function, Place
from gateprint.local.functions.outcome import Outcome, exit_text
from gateprint.local.functions.runtime import wire

START = Path(__file__).parent / "runtime" / "start.py"
START_NODE = START.with_name("start_node.py")
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, "Init phase"
SECONDS_TO_INIT = 10
# What is kept of one invocation's output.
MAX_OUTPUT_BYTES = 1024 * 1024
SECONDS_TO_END = 5
SECONDS_TO_EXIT = 1


@cache
def python_packages() -> str:
    """Return the folder that holds boto3 and what it needs."""
    found = find_spec("boto3")
    if found is None or found.origin is None:  # pragma: no cover  # gateprint depends on it
        raise ModuleNotFoundError("boto3")
    return str(Path(found.origin).parents[1])


class Sandbox:
    """A process that answers one event at a time; not to be used by two threads at once."""

    def __init__(self, function: Function, place: Place, environment: Mapping[str, str]) -> None:
        """Start the process; must be called in a thread that lives as long as the process may.

        Linux kills it when the *thread* ends that started it. The scratch folder is removed with
        the process.
        """
        self.function = function
        self.log_stream = place.log_stream
        self._scratch = place.scratch
        self._started = time.monotonic()
        self._is_ready = False
        self._output = _log_file()
        self._connection, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        try:
            fds = (theirs.fileno(), lifeline)
            command = _command(function.runtime, theirs.fileno())
            started = _spawn(command, environment, place.task_root, self._output.fileno(), fds)
            self._process = started
            self._send(_settings(function, lifeline), b"")
        finally:
            theirs.close()
            os.close(lifeline)

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def invoke(self, request_id: str, event: bytes) -> Outcome:
        """Have the handler answer one event; the process ends unless it `answered` or `failed`."""
        init = self._await_ready()
        if not isinstance(init, float):
            return self._with_output(init)
        started = time.monotonic()
        timeout = self.function.timeout_seconds
        head = {"request_id": request_id, "deadline_ms": int((time.time() + timeout) * 1000)}
        self._send(head, event)
        outcome = self._answer(started + timeout)
        seconds = time.monotonic() - started
        return self._with_output(replace(outcome, seconds=seconds, init_seconds=init))

    def kill(self) -> None:
        """Kill the process and all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(SECONDS_TO_END)

    def end(self) -> None:
        """Kill the process and all that it started, and let go of everything."""
        self.kill()
        self._connection.close()
        self._output.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _await_ready(self) -> float | Outcome:
        """Wait until the handler is loaded; return the seconds it took, 0 where it was already."""
        if self._is_ready:
            return 0.0
        patience = max(SECONDS_TO_INIT, self.function.timeout_seconds)
        outcome = self._answer(self._started + patience)
        seconds = time.monotonic() - self._started
        if outcome.ending != "answered":
            return replace(outcome, init_seconds=seconds)
        self._is_ready = True
        return seconds

    def _send(self, head: Mapping[str, Any], payload: bytes) -> None:
        """Send a message; that the process is gone shows when its answer is read."""
        self._connection.settimeout(self.function.timeout_seconds)
        with contextlib.suppress(OSError):
            wire.send(self._connection, head, payload)

    def _answer(self, deadline: float) -> Outcome:
        try:
            head, payload = wire.receive(self._connection, deadline)
            text, memory_kib = payload.decode(), int(head.get("memory_kib", 0))
        except TimeoutError:
            self.kill()
            return Outcome("timed-out")
        except (EOFError, OSError, ValueError, TypeError, wire.Broken):
            return Outcome("exited", detail=self._exit_text())
        if head.get("kind") == "error":
            return Outcome("failed", text, str(head.get("type")), memory_kib=memory_kib)
        return Outcome("answered", text, memory_kib=memory_kib)

    def _exit_text(self) -> str:
        """Tell how the process ended; one that only stopped to talk is killed."""
        try:
            code = self._process.wait(SECONDS_TO_EXIT)
        except subprocess.TimeoutExpired:
            self.kill()
            return exit_text(None, "")
        self.kill()  # what it started may still run
        return exit_text(code, (signal.strsignal(-code) or "").lower() if code < 0 else "")

    def _with_output(self, outcome: Outcome) -> Outcome:
        """Add what was written since the last time."""
        number = self._output.fileno()
        written = os.fstat(number).st_size
        if not written:
            return outcome
        text = os.pread(number, MAX_OUTPUT_BYTES, 0).decode(errors="replace")
        os.ftruncate(number, 0)
        return replace(outcome, output=text)


def _log_file() -> BinaryIO:
    """Open a file without a name, to which the process and what it starts only append."""
    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # lives as long as the process
    flags = fcntl.fcntl(file, fcntl.F_GETFL)
    fcntl.fcntl(file, fcntl.F_SETFL, flags | os.O_APPEND)
    return file


def _command(runtime: str, socket_number: int) -> list[str]:
    """Return what starts a process; Python's is without the user's settings and packages."""
    python = [sys.executable, "-I", "-S", "-u", "-X", "utf8"]
    if not runtime.startswith("nodejs"):
        return [*python, str(START), str(socket_number)]
    return [*python, str(START_NODE), str(socket_number), node() or "node"]


def node() -> str | None:
    """Return where Node is, under the name that jsii knows it by as well."""
    return shutil.which(os.environ.get("JSII_NODE") or "node")


def _spawn(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: str,
    output: int,
    fds: tuple[int, int],
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own."""
    return subprocess.Popen(
        list(command),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=fds,
        start_new_session=True,
    )


def _settings(function: Function, lifeline: int) -> dict[str, Any]:
    return {
        "arn": function.arn,
        "file_mib": function.scratch_mib,
        "lifeline": lifeline,
        "memory_mib": function.memory_mib,
        "packages": python_packages(),
        "server": os.getpid(),
    }
