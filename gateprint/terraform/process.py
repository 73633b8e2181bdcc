"""Long Terraform commands: each in a process group of its own, its output in a file.

The output goes to a file, and is read from there: if gateprint is killed, Terraform is not, as it
would be by writing into a pipe without a reader; it ends its work, and releases its lock.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import BinaryIO

import psutil

from gateprint.errors import ToolFailed
from gateprint.terraform.led import Gate, Led, can_lead

_LOOK_SECONDS = 0.05
_MEASURE_SECONDS = 0.5
_LEFT_OVER_SECONDS = 5.0
_HARD_STOP_SECONDS = 5.0


class Interrupted(Exception):
    """A command did not start, or was ended, because somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a long command ended: exit code (negative: the signal), peak memory of all of it."""

    code: int
    peak_bytes: int
    seconds: float


class Interruption:
    """Passes Ctrl-C and SIGTERM on to every running command, and keeps new ones from starting.

    `say` tells the user what happens; `work` names what a hard stop would break.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._asked = threading.Event()
        self._running: dict[int, tuple[Running, str]] = {}
        self._lock = threading.RLock()
        self._warned = False

    @property
    def is_asked(self) -> bool:
        """Tell whether somebody asked to stop."""
        return self._asked.is_set()

    @contextlib.contextmanager
    def listening(self) -> Iterator[Interruption]:
        """Take SIGINT, SIGTERM and SIGHUP while the block runs; for the main thread."""
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._handle) for number in numbers}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextlib.contextmanager
    def watching(self, running: Running, work: str) -> Iterator[None]:
        """Forward interrupts to a command while the block runs."""
        with self._lock:
            self._running[running.pid] = (running, work)
            if self.is_asked:
                running.interrupt()
        try:
            yield
        finally:
            with self._lock:
                self._running.pop(running.pid, None)

    def ask(self) -> None:
        """Stop: at first gently; what a harder stop breaks is said before it is done."""
        if not self.is_asked:
            self._asked.set()
            self._say(f"stopping: {self._waiting()}")
            self._each(Running.interrupt)
        elif not self._warned:
            self._warned = True
            self._say(self._warning())
        else:
            self._say("ending Terraform now, as asked")
            self._each(Running.end_now)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self.ask()

    def _each(self, act: Callable[[Running], None]) -> None:
        with self._lock:
            for running, _ in self._running.values():
                act(running)

    def _names(self) -> str:
        with self._lock:
            return ", ".join(sorted(work for _, work in self._running.values()))

    def _waiting(self) -> str:
        names = self._names()
        return f"waiting for Terraform to end ({names})" if names else "nothing is running"

    def _warning(self) -> str:
        names = self._names() or "nothing"
        return (
            f"Terraform is still at work ({names}). Ending it now can lose what it has just made "
            "from the state, and leaves the state locked. Press Ctrl-C once more to do that"
        )


class Running:
    """One Terraform command that runs."""

    def __init__(
        self,
        words: list[str],
        directory: Path,
        environ: Mapping[str, str],
        output: Path,
        gate: Gate | None = None,
    ) -> None:
        """Start it; with a gate it goes on after each event only when the gate returns.

        Raises:
            ToolFailed: the program cannot be started.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(output, flags, 0o600), "ab") as file:
            self._from = file.tell()
            self._gate = gate if can_lead() else None
            self._led = Led.start(output) if self._gate else None
            try:
                self._process = subprocess.Popen(
                    words,
                    cwd=directory,
                    env=dict(environ),
                    stdin=subprocess.DEVNULL,
                    stdout=self._led.output if self._led else file,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                problem = f"{words[0]} cannot be started"
                raise ToolFailed(problem, "run make setup", str(error)) from error
            finally:
                if self._led:
                    os.close(self._led.output)
        self._output = output
        self.directory = directory
        self.is_applying = "apply" in words[1:2]
        self._started = time.monotonic()
        self._peak, self._measured = 0, 0.0
        self.pid = self._process.pid
        self.began = process_start(self.pid)
        """When the process began, in seconds since 1970: with the pid it is one of a kind."""

    def follow(self, on_line: Callable[[str], None]) -> Ended:
        """Call `on_line` with every line as it comes; return when the command has ended."""
        with self._output.open("rb") as file:
            file.seek(self._from)
            for line in chain(self._led_lines(file), self._lines(file.read)):
                on_line(line.decode("utf-8", "replace"))
        self._end_group()
        code = self._process.returncode
        return Ended(code, self._peak, time.monotonic() - self._started)

    def interrupt(self) -> None:
        """Ask Terraform to end, as Ctrl-C does: it finishes what is under way and unlocks."""
        self._send(signal.SIGINT)

    def end_now(self) -> None:
        """Let Terraform end at once; kill it if it does not."""
        self._send(signal.SIGINT)
        threading.Timer(_HARD_STOP_SECONDS, self._kill).start()

    def memory(self) -> int:
        """Return what the command and its plugins hold now, in bytes."""
        return tree_memory(self.pid)

    def _led_lines(self, file: BinaryIO) -> Iterator[bytes]:
        """Yield the lines of a command that waits after each of them; none if it does not."""
        if self._led is None or self._gate is None:
            return
        for _ in self._led.turns(self._gate):
            self._measure()
            yield from (line.rstrip(b"\n") for line in file)
        self._led.close()

    def _measure(self) -> None:
        if time.monotonic() - self._measured > _MEASURE_SECONDS:
            self._peak, self._measured = max(self._peak, self.memory()), time.monotonic()

    def _lines(self, read: Callable[[], bytes]) -> Iterator[bytes]:
        rest = b""
        while True:
            ended = self._process.poll() is not None
            rest += read()
            *lines, rest = rest.split(b"\n")
            yield from lines
            if ended:
                break
            self._measure()
            time.sleep(_LOOK_SECONDS)
        if rest:
            yield rest

    def _send(self, number: signal.Signals) -> None:
        # To Terraform alone: its plugins are ended by it, after what they are doing.
        with contextlib.suppress(ProcessLookupError):
            if self._process.poll() is None:
                os.kill(self.pid, number)

    def _kill(self) -> None:
        if self._process.poll() is None:
            self._kill_group()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _end_group(self) -> None:
        """Let plugins that have lost their Terraform end what they do, then end them."""
        deadline = time.monotonic() + _LEFT_OVER_SECONDS
        while _has_group(self.pid) and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
        self._kill_group()


def process_start(pid: int) -> float:
    """Return when a process began, in seconds since 1970; 0 if there is none."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return 0.0


def is_alive(pid: int, began: float) -> bool:
    """Tell whether the very process that began then still runs."""
    try:
        process = psutil.Process(pid)
        is_same = abs(process.create_time() - began) < 1
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def process_in(folder: Path) -> int:
    """Return a process that works in a folder, the one that began first; 0 if there is none."""
    found = (
        each.info
        for each in psutil.process_iter(["pid", "cwd", "create_time"])
        if each.info["cwd"] == str(folder)
    )
    first = min(found, key=lambda info: float(info["create_time"]), default={"pid": 0})
    return int(first["pid"])


def tree_memory(pid: int) -> int:
    """Return the resident memory of a process and all below it, in bytes."""
    total = 0
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += each.memory_info().rss
    return total


def _has_group(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
