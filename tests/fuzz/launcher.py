"""Runs `gateprint` as processes and measures them: processor time, peak memory, output.

One process imports the program and is forked for every run, so a run costs what it does itself;
the start of the interpreter is measured once and added to each.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fuzz.corpus import ROOT
from tests.fuzz.memory import peak_bytes

_POLL_SECONDS = 0.005
# A file without an end is to be a MemoryError before it is everybody's trouble.
_ADDRESS_SPACE = 2 * 1024**3
# Whatever takes longer has lost anyway.
_MOST_CPU_SECONDS = 5
# As in a desktop's terminal; without a locale Python would let odd names pass.
_STRICT = {"PYTHONIOENCODING": "utf-8:strict"}


@dataclass(frozen=True, slots=True)
class Cost:
    """How a run ended: `code` is None where the clock ended it, negative where a signal did.

    `cpu_seconds` counts the start of the interpreter too; `peak` is the process's resident memory
    in bytes, and 0 where it did not live to tell.
    """

    code: int | None
    cpu_seconds: float
    peak: int
    output: str
    errors: str


class Launcher:
    """Starts runs of `gateprint`; to be closed."""

    def __init__(self) -> None:
        environ = {name: each for name, each in os.environ.items() if "GATEPRINT" not in name}
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            env={**environ, "PYTHONPATH": str(ROOT), **_STRICT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.start_seconds = float(self._receive())

    def run(self, folder: Path, *words: str, seconds: float = 60.0) -> Cost:
        """Run `gateprint <words>` in `folder`, for `seconds` of the clock at most."""
        with tempfile.TemporaryDirectory() as scratch:
            self._send([scratch, str(folder), list(words), seconds])
            code, cpu_seconds = self._receive()
            output, errors, peak = (_text(Path(scratch) / name) for name in _FILES)
        return Cost(code, self.start_seconds + cpu_seconds, int(peak or 0), output, errors)

    def close(self) -> None:
        """End the process that is forked."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(10)

    def _send(self, request: Any) -> None:
        if self._process.stdin is None:
            raise RuntimeError("the launcher has no input")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def _receive(self) -> Any:
        if self._process.stdout is None:
            raise RuntimeError("the launcher has no output")
        return json.loads(self._process.stdout.readline())


_FILES = ("output", "errors", "peak")


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else ""


def _serve() -> None:
    """Fork a run for every line of the input."""
    from gateprint.cli.main import run  # noqa: F401, PLC0415 - every run needs it

    print(time.process_time(), flush=True)  # noqa: T201 - to the other side of the pipe
    for line in sys.stdin:
        scratch, folder, words, seconds = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_run(Path(scratch), folder, words))
        print(json.dumps(_wait(child, seconds)), flush=True)  # noqa: T201


def _run(scratch: Path, folder: str, words: Sequence[str]) -> int:
    """Be the run itself, in the forked process."""
    for descriptor, name in enumerate(_FILES[:2], start=1):
        os.dup2(os.open(scratch / name, os.O_WRONLY | os.O_CREAT), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(folder)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_SECONDS, _MOST_CPU_SECONDS))
    try:
        from gateprint.cli.main import run  # noqa: PLC0415 - imported before the fork

        code = run(words)
    except BaseException:  # noqa: BLE001 - the other side of the fork must not go on here
        traceback.print_exc()
        code = 99
    sys.stdout.flush()
    sys.stderr.flush()
    (scratch / "peak").write_text(str(peak_bytes()))
    return code


def _wait(child: int, seconds: float) -> tuple[int | None, float]:
    """Return the exit code and the processor time of a child; end it after `seconds`."""
    deadline = time.monotonic() + seconds
    has_ended = False
    while True:
        pid, status, usage = os.wait4(child, os.WNOHANG)
        if pid:
            code = None if has_ended else os.waitstatus_to_exitcode(status)
            return code, usage.ru_utime + usage.ru_stime
        if time.monotonic() > deadline and not has_ended:
            os.kill(child, 9)
            has_ended = True
        time.sleep(_POLL_SECONDS)


if __name__ == "__main__":
    _serve()
