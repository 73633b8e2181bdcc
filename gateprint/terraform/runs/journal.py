"""The journal of a run: one JSON object per line, only ever appended, whole after any crash.

| event | says | fields beside `event`, `at` |
|---|---|---|
| `plan-started` | a plan begins | `stacks` |
| `planning` | Terraform plans a stack | `stack` |
| `planned` | that ended | `stack`, `decision`, `seconds`, `problem` |
| `plan-ended` | run.json is written | `code` |
| `reviewed` | a verdict was recorded | `verdict`, `digest` |
| `apply-started` | an apply begins | `pid`, `resume` |
| `starting` | Terraform is about to be started; `pid` is 0 | as `applying` |
| `applying` | Terraform applies a stack | `stack`, `host`, `pid`, `process`, `work`, `digest` |
| `lock` | it holds the state's lock | `stack`, `id` |
| `applied` | that ended | `stack`, `outcome`, `seconds`, `problem`, `unpublished` |
| `republished` | deployments were made anew | `stack`, `outcome`, `seconds`, `problem` |
| `recorded` | the state bucket knows what was applied | `stack`, `configuration` |
| `replanned` | a resume planned again | `stack`, `digest`, `beyond` |
| `adopted` | a resume takes a resource into the state | `stack`, `address`, `id` |
| `unlocked` | a lock of this run was released | `stack`, `id` |
| `apply-ended` | nothing more is done | `code` |

`at` is UTC. `outcome` is one of `applied`, `nothing` (there was nothing left to do), `failed`,
`interrupted`, `refused`, `skipped` (a stack that it needs did not end well). `unpublished` are the
deployments that have to be made anew before all is done; what is started then, until `republished`,
does that. `process` is when
the process began, so that another one with the same number is not taken for it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Clock = Callable[[], dt.datetime]
Event = Mapping[str, Any]


def now() -> dt.datetime:
    """Return the time, in UTC."""
    return dt.datetime.now(dt.UTC)


class Journal:
    """Appends to a journal, from many threads; every line is on disk when `add` returns."""

    def __init__(self, path: Path, clock: Clock = now) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self._end_torn_line()

    def add(self, event: str, **fields: Any) -> None:
        """Append one event."""
        at = self._clock().astimezone(dt.UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"event": event, "at": at, **fields}, sort_keys=False)
        with self._lock:
            # One write: lines of other processes never come between.
            os.write(self._file, line.encode() + b"\n")
            os.fsync(self._file)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)

    def _end_torn_line(self) -> None:
        """Close a line that a crash has cut, so that the next one stands alone."""
        size = os.lseek(self._file, 0, os.SEEK_END)
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")


def read_journal(path: Path) -> tuple[Event, ...]:
    """Return the events of a journal; a line that a crash has cut is left out."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    return tuple(event for line in lines for event in _event(line))


def _event(line: bytes) -> tuple[Event, ...]:
    try:
        found = json.loads(line)
    except ValueError:
        return ()
    return (found,) if isinstance(found, dict) and "event" in found else ()
