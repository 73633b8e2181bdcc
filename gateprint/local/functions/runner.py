"""Runs functions in pools of processes; everything of AWS's that it needs is given to it."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import threading
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from gateprint.local.functions.function import Credentials, Function, Place, environment
from gateprint.local.functions.outcome import Outcome, invocation_of, log_lines
from gateprint.local.functions.package import PackageRefused, unpack
from gateprint.local.functions.pool import MAX_PROCESSES, Pool, Throttled
from gateprint.local.functions.sandbox import Sandbox
from gateprint.local.web import Invocation

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: invocation payload
MAX_EVENT_BYTES = 6 * 1024 * 1024
FOLDER_PREFIX = "functions-"
IDLE_SECONDS = 300.0
SECONDS_BETWEEN_LOOKS = 30.0


class Account(Protocol):
    """What the account holds, as far as functions need it."""

    def find(self, function_arn: str) -> Function | None:
        """Return a function as it is now; None where there is none."""

    def code(self, function_arn: str) -> bytes:
        """Return its zip file."""

    def credentials(self, function: Function) -> Credentials:
        """Return temporary credentials of the function's role."""

    def write_log(self, function: Function, stream: str, lines: Sequence[str]) -> None:
        """Add lines to a stream of the function's log group."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a function answered, and what it logged meanwhile."""

    invocation: Invocation
    log: tuple[str, ...] = ()


class FunctionRunner:
    """Implements the port `Functions`; `home` is a private folder, of no other runner's."""

    def __init__(self, account: Account, endpoint: str, home: Path | None = None) -> None:
        self._account = account
        self._endpoint = endpoint
        self._home = _private_folder(home)
        self._lock = threading.Lock()
        self._unpacking = threading.Lock()
        self._pools: dict[str, tuple[Function, Pool[Sandbox]]] = {}
        # Linux kills a process when the thread ends that started it: one thread starts them all.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="function-starter")
        self._closed = threading.Event()
        threading.Thread(target=self._end_idle, daemon=True, name="function-reaper").start()

    def invoke(self, function_arn: str, event_json: str) -> Invocation:
        """Return what the function answers to an event."""
        return self.run(function_arn, event_json).invocation

    def run(self, function_arn: str, event_json: str) -> Run:
        """Run the function once."""
        function = self._account.find(function_arn)
        if function is None:
            why = f"Function not found: {function_arn}"
            return Run(_refusal("ResourceNotFoundException", why))
        event = event_json.encode()
        if len(event) > MAX_EVENT_BYTES:
            limit = f"smaller than {MAX_EVENT_BYTES} bytes"
            why = f"Request must be {limit} for the InvokeFunction operation"
            return Run(_refusal("RequestTooLargeException", why))
        try:
            return self._run(function, event)
        except Throttled:
            return Run(_refusal("TooManyRequestsException", "Rate Exceeded."))
        except PackageRefused as refusal:
            return Run(_refusal("InvalidZipFileException", str(refusal)))

    def close(self) -> None:
        """End all processes and remove all that was unpacked."""
        self._closed.set()
        with self._lock:
            pools, self._pools = tuple(self._pools.values()), {}
        for _, pool in pools:
            pool.kill()
        self._starter.shutdown(wait=False)
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, function: Function, event: bytes) -> Run:
        pool = self._pool(function)
        sandbox = pool.take()
        request_id = str(uuid.uuid4())
        try:
            outcome = sandbox.invoke(request_id, event)
        finally:
            pool.give_back(sandbox)
        return self._finish(function, sandbox.log_stream, outcome, request_id)

    def _finish(self, function: Function, stream: str, outcome: Outcome, request_id: str) -> Run:
        lines = log_lines(outcome, function, request_id, datetime.now(UTC))
        self._account.write_log(function, stream, lines)
        return Run(invocation_of(outcome, function, request_id), lines)

    def _pool(self, function: Function) -> Pool[Sandbox]:
        """Return the function's processes; those of an older code or configuration are ended."""
        with self._lock:
            known = self._pools.get(function.arn)
            if known is not None and known[0] == function:
                return known[1]
            pool = self._new_pool(function)
            self._pools[function.arn] = (function, pool)
        if known is not None:
            known[1].close()
        return pool

    def _new_pool(self, function: Function) -> Pool[Sandbox]:
        start, reserved = partial(self._start, function), function.concurrency
        if reserved is None or reserved > MAX_PROCESSES:
            return Pool(start)
        # AWS throttles at once what goes beyond the reserved concurrency.
        return Pool(start, reserved, patience=0)

    def _start(self, function: Function) -> Sandbox:
        root = self._unpacked(function)
        scratch = tempfile.mkdtemp(prefix="tmp-", dir=self._home)
        place = Place(str(root), scratch, _new_stream(function), self._endpoint)
        variables = environment(function, place, self._account.credentials(function))
        return self._starter.submit(Sandbox, function, place, variables).result()

    def _unpacked(self, function: Function) -> Path:
        """Return the folder with the function's code; each code is unpacked once."""
        name = function.code_sha256.replace("/", "_")
        folder = self._home / f"code-{name}"
        with self._unpacking:
            if not folder.exists():
                draft = Path(tempfile.mkdtemp(prefix="draft-", dir=self._home)) / "code"
                unpack(self._account.code(function.arn), draft)
                draft.rename(folder)
        return folder

    def _end_idle(self) -> None:
        while not self._closed.wait(SECONDS_BETWEEN_LOOKS):
            with self._lock:
                pools = tuple(self._pools.values())
            for _, pool in pools:
                with contextlib.suppress(OSError):
                    pool.end_idle(IDLE_SECONDS)


def _private_folder(home: Path | None) -> Path:
    """Make a folder below `home`, and remove what a server that was killed left there."""
    if home is not None:
        for left in home.glob(f"{FOLDER_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=home))


def _refusal(kind: str, message: str) -> Invocation:
    """An answer of the service itself: the function never ran."""
    return Invocation(json.dumps({"Type": "User", "message": message}), kind)


def _new_stream(function: Function) -> str:
    return f"{datetime.now(UTC):%Y/%m/%d}/[{function.version}]{uuid.uuid4().hex}"
