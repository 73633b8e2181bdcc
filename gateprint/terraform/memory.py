"""How many Terraform commands run at once; all is pure but `look`, which asks the machine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

GIBIBYTE = 1 << 30

FIRST_GUESS_BYTES = 1_300 << 20
"""What a plan takes, until one has shown it: Terraform and the AWS provider (decision 0018)."""

RESERVE_BYTES = 512 << 20
"""What is left to everything else on the machine."""

_IDLE_ENOUGH = 0.25
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine has left: bytes of memory, the idle part of its processors, their number."""

    available_bytes: int
    idle: float
    processors: int


def may_start(machine: Machine, running: Sequence[int], peak_bytes: int, most: int) -> bool:
    """Tell whether one more command fits beside the running ones, of which each holds so much.

    One always runs. Beyond one per processor, only idle processors let another one in: commands
    wait for AWS most of the time, or do not wait at all.
    """
    if not running:
        return True
    if len(running) >= most:
        return False
    growing = sum(max(peak_bytes - held, 0) for held in running)
    if machine.available_bytes - growing - RESERVE_BYTES < peak_bytes:
        return False
    return len(running) < machine.processors or machine.idle >= _IDLE_ENOUGH


def go_settings(machine: Machine, environ: Mapping[str, str]) -> dict[str, str]:
    """Return what makes Terraform and its plugins collect garbage less often, if memory allows.

    Reading the AWS provider's schemas is most of what a plan computes, and Go's collector takes a
    third of it. A user's own GOGC or GOMEMLIMIT stays.
    """
    if "GOGC" in environ or "GOMEMLIMIT" in environ:
        return {}
    roomy = machine.available_bytes >= machine.processors * 2 * GIBIBYTE
    return {"GOGC": "400"} if roomy else {}


def look() -> Machine:
    """Return what this machine has left; a container's own limit counts.

    The idle part is of the time since the last look.
    """
    idle = 1 - psutil.cpu_percent(interval=None) / 100
    available = psutil.virtual_memory().available
    return Machine(min(available, _container_bytes()), idle, _processors())


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _container_bytes(folder: Path = _CGROUP) -> int:
    """Return what the container may still take (cgroup v2); without a limit, more than any has."""
    with contextlib.suppress(OSError, ValueError):
        limit = int((folder / "memory.max").read_text(encoding="ascii"))
        return limit - int((folder / "memory.current").read_text(encoding="ascii"))
    return 1 << 62
