"""The peak of this process's resident memory; reads /proc, and falls back on getrusage."""

from __future__ import annotations

import contextlib
import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def peak_bytes() -> int:
    """Return the peak since the process began, or since `forget_peak`.

    `ru_maxrss` would not do where /proc is there: a new process inherits it from its parent.
    """
    if found := _status("VmHWM"):
        return found
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def forget_peak() -> None:
    """Begin to measure anew, where the system can (Linux)."""
    with contextlib.suppress(OSError):
        _CLEAR.write_text("5")


def resident_bytes() -> int:
    """Return what this process holds now; where the system does not tell, its peak."""
    return _status("VmRSS") or peak_bytes()


def _status(name: str) -> int:
    with contextlib.suppress(OSError):
        if found := re.search(rf"^{name}:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE):
            return int(found[1]) * 1024
    return 0
