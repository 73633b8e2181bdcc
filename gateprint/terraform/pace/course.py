"""One running stack as its events tell it: what is left, and what Terraform may do next; pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateprint.terraform.pace.quotas import provider_calls
from gateprint.terraform.pace.work import Change, Work, demand

Cost = Mapping[str, int]


@dataclass(slots=True)
class _Left:
    """How many changes of one API are not finished, by what waits for them."""

    creates: int = 0
    contents: int = 0
    deletes: int = 0


@dataclass(slots=True)
class Hold:
    """Since when a stack is held, and how long it was held before."""

    since: float | None = None
    seconds: float = 0.0

    def begin(self, now: float) -> None:
        """Note that the stack has to wait, unless it does already."""
        if self.since is None:
            self.since = now

    def end(self, now: float) -> None:
        """Note that it goes on."""
        if self.since is not None:
            self.seconds += now - self.since
            self.since = None


class Course:
    """A started stack; `number` orders the starts.

    What may come next follows from the order in which Terraform must work: an API comes before
    what is in it, all of that before its deployments, and an API is deleted last. It is an upper
    bound: more may seem possible than is.
    """

    def __init__(self, work: Work, number: int, now: float) -> None:
        self.work = work
        self.number = number
        self.started_at = now
        self.owed = demand(work)
        self.hold = Hold()
        self.reserved: deque[Cost] = deque()
        self._waiting = Counter(work.changes)
        self._costs = {change: work.cost(change) for change in work.changes}
        self._left: dict[str, _Left] = {change.api: _Left() for change in work.changes}
        self._next: Cost | None = None
        for change, count in work.changes.items():
            self._count(change, count)

    def begin(self, change: Change) -> Cost:
        """Note that Terraform has started a change; return the calls that it makes.

        A change that the plan did not have costs what it costs, and was not owed.
        """
        if self._waiting[change] <= 0:
            return self.work.cost(change)
        self._waiting[change] -= 1
        if self._waiting[change] == 0:
            self._next = None
        cost = self._costs[change]
        for operation, count in cost.items():
            self.owed[operation] -= count
        return cost

    def finish(self, change: Change) -> None:
        """Note that a change is done."""
        if change in self._costs and self._count(change, -1) == 0:
            self._next = None

    def next_cost(self) -> Cost:
        """Return the most that the next change may call, by operation; empty if nothing is left."""
        if self._next is None:
            self._next = self._most()
        return self._next

    def _most(self) -> Cost:
        most: dict[str, int] = {}
        for change in self._possible():
            for operation, count in self._costs[change].items():
                most[operation] = max(count, most.get(operation, 0))
        return most

    def _possible(self) -> Iterator[Change]:
        for change, count in self._waiting.items():
            if count > 0 and self._is_possible(change):
                yield change

    def _is_possible(self, change: Change) -> bool:
        phase, left = _phase(change), self._left[change.api]
        if change.action == "delete":
            return phase != "api" or left.deletes <= 0
        if phase == "contents":
            return left.creates <= 0
        return phase not in {"deployment", "stage"} or left.creates + left.contents <= 0

    def _count(self, change: Change, count: int) -> int:
        """Count changes that others wait for; return how many of their sort are left."""
        left, phase = self._left[change.api], _phase(change)
        if change.action == "delete" and phase != "api":
            left.deletes += count
            return left.deletes
        if change.action == "create" and phase == "api":
            left.creates += count
            return left.creates
        if change.action != "delete" and phase == "contents":
            left.contents += count
            return left.contents
        return 1


def _phase(change: Change) -> str:
    known = provider_calls().get(change.resource_type)
    return known.phase if known else ""
