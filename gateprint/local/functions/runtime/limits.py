"""What the process may take, and that it ends with the server; changes the process it runs in."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
from typing import Any

MIB = 1024 * 1024
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: file descriptors
MAX_OPEN_FILES = 1024
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def confine(memory_mib: int, file_mib: int) -> None:
    """Limit the memory that the process can write to, and the size of a file.

    RLIMIT_DATA counts what a program allocates, as Lambda does, and not the libraries that it
    maps. Lambda limits all files of /tmp together, this each of them. macOS has no such limit of
    memory: it is not kept there.
    """
    _lower(resource.RLIMIT_DATA, memory_mib * MIB)
    _lower(resource.RLIMIT_FSIZE, file_mib * MIB)
    _lower(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)


def end_with(server: int, lifeline: int) -> None:
    """Have this process killed when the server, of this process id, ends for whatever reason.

    Linux kills it. Elsewhere a thread notices that the other end of the pipe `lifeline` is gone.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server:  # it ended before it was asked for
            os._exit(1)
    else:
        threading.Thread(target=_await_end, args=(lifeline,), daemon=True).start()


def peak_memory_kib() -> int:
    """The most memory that was resident in this process."""
    with contextlib.suppress(OSError), open("/proc/self/status", "rb") as status:  # noqa: PTH123
        for line in status:
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1])
    # Elsewhere than on Linux; macOS counts in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def _lower(kind: int, limit: int) -> None:
    """Set a limit, unless there is a lower one already; not every system has every limit."""
    _, hard = resource.getrlimit(kind)
    lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (lowest, lowest))


def _await_end(lifeline: int) -> Any:
    os.read(lifeline, 1)
    os._exit(1)
