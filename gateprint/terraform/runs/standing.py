"""Where each stack of a run stands, from the journal alone; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from gateprint.terraform.runs.journal import Event
from gateprint.terraform.runs.record import Run

Stands = Literal["pending", "begun", "failed", "refused", "applied", "recorded"]
"""`pending`: its plan was not touched. `begun`: an apply began, and its end is not known. `failed`:
it ended, but not well. `refused`: it did not begin, since its plan does not hold any more.
`applied`: it ended well, and the state bucket may not know. `recorded`: all is done."""

_WELL = frozenset({"applied", "nothing"})

_ENDS: dict[str, Stands] = {
    "applied": "applied",
    "nothing": "applied",
    "failed": "failed",
    "interrupted": "begun",
    "refused": "refused",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """Terraform as it was started once: its process, where it worked, the lock that it took.

    `host` is the machine: elsewhere, the number of its process means nothing.
    """

    pid: int
    began: float
    work: str
    host: str = ""
    lock: str = ""


@dataclass(slots=True)
class Standing:
    """One stack: where it stands, and every time that Terraform began to apply it.

    `unpublished` are the deployments that have to be made anew although the plan is applied.
    """

    stands: Stands = "pending"
    attempts: list[Attempt] = field(default_factory=list)
    unpublished: tuple[str, ...] = ()

    @property
    def locks(self) -> frozenset[str]:
        """Return the ids of the locks that this run took on the stack."""
        return frozenset(each.lock for each in self.attempts if each.lock)


def standings(run: Run, events: Iterable[Event]) -> dict[str, Standing]:
    """Return where every planned stack of a run stands."""
    found = {each.stack: Standing() for each in run.stacks}
    for event in events:
        standing = found.get(str(event.get("stack")))
        if standing is not None:
            _note(standing, event)
    return found


def _note(standing: Standing, event: Event) -> None:
    kind = event["event"]
    if kind in {"starting", "applying"}:
        if kind == "applying" and standing.attempts and not standing.attempts[-1].pid:
            standing.attempts.pop()
        standing.attempts.append(_attempt(event))
        # The plan itself stays applied while its deployments are made anew.
        standing.stands = "applied" if standing.unpublished else "begun"
    elif kind == "lock" and standing.attempts:
        lock = str(event.get("id", ""))
        standing.attempts[-1] = replace(standing.attempts[-1], lock=lock)
    elif kind == "applied":
        _note_end(standing, event)
    elif kind == "republished" and event.get("outcome") in _WELL:
        standing.unpublished = ()
    elif kind == "recorded":
        standing.stands = "recorded"


def _note_end(standing: Standing, event: Event) -> None:
    outcome = str(event.get("outcome"))
    if outcome in _ENDS:
        standing.stands = _ENDS[outcome]
        standing.unpublished = tuple(event.get("unpublished", ())) if outcome in _WELL else ()


def _attempt(event: Event) -> Attempt:
    pid, began = int(event.get("pid", 0)), float(event.get("process", 0))
    return Attempt(pid, began, str(event.get("work", "")), str(event.get("host", "")))
