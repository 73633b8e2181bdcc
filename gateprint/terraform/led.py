"""The pipes between gateprint, the relay and a Terraform that goes on only when it may."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gateprint.terraform import relay

Gate = Callable[[], None]
"""Returns when the next event may be taken, and so the next change be made."""

_F_SETPIPE_SZ = 1031


def can_lead() -> bool:
    """Tell whether a pipe can hold one event alone here (Linux: pipe(7), O_DIRECT; tee(2))."""
    return sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Led:
    """A relay that runs: Terraform's end of the pipe, and where it asks and is answered."""

    output: int
    _asked: int
    _answer: int
    _relay: subprocess.Popen[bytes]

    @classmethod
    def start(cls, file: Path) -> Led:
        """Start a relay that writes to a file; `output` is closed once Terraform has it."""
        read, write = os.pipe2(os.O_CLOEXEC | os.O_DIRECT)
        _make_smallest(write)
        asked, ask = os.pipe()
        take, answer = os.pipe()
        words = [sys.executable, "-I", "-S", relay.__file__, str(file), str(ask), str(take)]
        # A session of its own: what ends gateprint does not end it.
        process = subprocess.Popen(
            words,
            stdin=read,
            stdout=subprocess.DEVNULL,
            pass_fds=(ask, take),
            start_new_session=True,
        )
        for each in (read, ask, take):
            os.close(each)
        return cls(write, asked, answer, process)

    def turns(self, gate: Gate) -> Iterator[None]:
        """Yield whenever an event is in the file; then wait for the gate, and let it go on."""
        while os.read(self._asked, 1):
            yield
            gate()
            with contextlib.suppress(BrokenPipeError):
                os.write(self._answer, b".")

    def close(self) -> None:
        """Let everything go on, and wait for the relay's end."""
        os.close(self._answer)
        os.close(self._asked)
        self._relay.wait()


def _make_smallest(pipe: int) -> None:
    import fcntl  # noqa: PLC0415  # not on every system

    fcntl.fcntl(pipe, _F_SETPIPE_SZ, os.sysconf("SC_PAGESIZE"))
