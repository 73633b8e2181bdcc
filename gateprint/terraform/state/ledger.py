"""Which locks the runs of this machine took, and whether what took them still runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import Event, read_journal

# A process is told from a later one of the same number by when it began.
_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Taken:
    """A lock that a run took; `is_alive` is None where the journal does not say by what."""

    lock_id: str
    run: str
    is_alive: bool | None


# The locks that were taken here, by id.
Ledger = Callable[[], Mapping[str, Taken]]


def read_ledger(runs: Path) -> Mapping[str, Taken]:
    """Return the locks in the journals of `runs/*`.

    The event `lock` names the lock; the event `applying` of the same stack before it names
    Terraform's process, which may outlive gateprint's. What cannot be read is nobody's lock.
    """
    taken: dict[str, Taken] = {}
    for folder in sorted(runs.glob("*/")):
        for lock_id, applying in _locks(RunFolder(folder).journal):
            taken[lock_id] = Taken(lock_id, folder.name, _is_alive(applying))
    return taken


def _locks(journal: Path) -> Iterator[tuple[str, Event]]:
    """Yield the id of each lock, with the event that says what took it."""
    applying: dict[str, Event] = {}
    for event in _events(journal):
        stack, lock_id = str(event.get("stack")), event.get("id")
        if event["event"] == "applying":
            applying[stack] = event
        elif event["event"] == "lock" and isinstance(lock_id, str):
            yield lock_id, applying.get(stack, {})


def _events(journal: Path) -> tuple[Event, ...]:
    try:
        return read_journal(journal)
    except OSError:
        return ()


def _is_alive(applying: Event) -> bool | None:
    pid, began = applying.get("pid"), applying.get("process")
    if type(pid) is not int or pid <= 0 or not isinstance(began, int | float):
        return None
    try:
        found = psutil.Process(pid)
        is_same = abs(found.create_time() - began) < _SECONDS
        return is_same and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return None
