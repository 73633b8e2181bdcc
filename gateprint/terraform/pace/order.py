"""Which stacks wait for which, and which of those that could start is started next; pure."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from gateprint.terraform.pace.work import Domain, Work

_CHOICES = 24
_RELEVANT = 0.5


class Queue:
    """The stacks that are not started yet, in the given order where nothing else decides.

    A need without work of its own counts as met. Raises ValueError for needs in a circle.
    """

    def __init__(self, works: Iterable[Work], demands: Mapping[str, Mapping[str, int]]) -> None:
        """Take the stacks and what each calls; those that call the same are one sort."""
        self._works = {work.stack: work for work in works}
        self._stacks = list(self._works)
        self._place = {stack: place for place, stack in enumerate(self._stacks)}
        self._sort = {stack: frozenset(calls.items()) for stack, calls in demands.items()}
        self._unmet = {
            stack: {need for need in work.needs if need in self._works}
            for stack, work in self._works.items()
        }
        _check_order(self._unmet)
        self._dependants = _turned(self._unmet)
        self._ready: dict[Domain, dict[Hashable, list[int]]] = {}
        for stack, needs in self._unmet.items():
            if not needs:
                self._release(stack)

    def ready(self, domain: Domain) -> tuple[Work, ...]:
        """Return stacks of a domain that could start: the first of each sort.

        Of very many sorts, some from everywhere in the given order, the very first among them.
        """
        places = sorted(sort[0] for sort in self._ready.get(domain, {}).values())
        step = -(-len(places) // _CHOICES) or 1
        return tuple(self._works[self._stacks[place]] for place in places[::step])

    def start(self, work: Work) -> None:
        """Take a stack out of those that could start."""
        sorts, sort = self._ready[work.domain], self._sort[work.stack]
        sorts[sort].remove(self._place[work.stack])
        if not sorts[sort]:
            del sorts[sort]

    def end(self, stack: str) -> None:
        """Let those start that only waited for this one."""
        for dependant in self._dependants[stack]:
            needs = self._unmet.get(dependant)  # None: blocked by another
            if needs is not None:
                needs.discard(stack)
                if not needs:
                    self._release(dependant)

    def block(self, stack: str) -> Iterator[Work]:
        """Yield all that depend on a failed stack, directly or not, each once; none will start."""
        found = list(self._dependants[stack])
        while found:
            dependant = found.pop()
            if self._unmet.pop(dependant, None) is not None:
                yield self._works[dependant]
                found += self._dependants[dependant]

    def _release(self, stack: str) -> None:
        sorts = self._ready.setdefault(self._works[stack].domain, {})
        insort(sorts.setdefault(self._sort[stack], []), self._place[stack])


class Balance:
    """Keeps the quotas that decide in a domain from being used one after another.

    If the large APIs came first, which need many calls, their few deployments would leave that
    quota idle, which the small ones then wait for.
    """

    def __init__(self, seconds: Mapping[str, float], total: Mapping[str, int]) -> None:
        """Take how long the work of all stacks takes, and how many calls it is, by operation."""
        longest = max(seconds.values(), default=0.0)
        relevant = {name for name, each in seconds.items() if each > _RELEVANT * longest}
        self._total = {name: total[name] for name in relevant}
        self._used: Counter[str] = Counter()

    def spread(self, calls: Mapping[str, int]) -> float:
        """Return how far the used shares would be apart after a stack with these calls."""
        shares = [
            (self._used[name] + calls.get(name, 0)) / total for name, total in self._total.items()
        ]
        return max(shares) - min(shares) if shares else 0.0

    def use(self, calls: Mapping[str, int]) -> None:
        """Note the calls of a stack that starts."""
        self._used.update({name: calls.get(name, 0) for name in self._total})


def _turned(needs: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    dependants: dict[str, list[str]] = {stack: [] for stack in needs}
    for stack, each in needs.items():
        for need in sorted(each):
            dependants[need].append(stack)
    return dependants


def _check_order(needs: Mapping[str, Iterable[str]]) -> None:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        raise ValueError(f"stacks need each other: {' → '.join(error.args[1])}") from error
