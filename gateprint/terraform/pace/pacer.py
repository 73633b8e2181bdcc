"""When each stack starts and when Terraform may go on, within quotas and dependencies; pure.

Terraform itself cannot be told to wait before a call. But it writes an event before it starts a
change, and waits while nobody takes it. So whoever takes the events asks `hold` before each one.
Without that, starts alone are paced, and Terraform's provider repeats what is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateprint.terraform.pace.course import Course
from gateprint.terraform.pace.forecast import Forecast
from gateprint.terraform.pace.order import Balance, Queue
from gateprint.terraform.pace.quotas import quotas
from gateprint.terraform.pace.traffic import Traffic
from gateprint.terraform.pace.work import Change, Domain, Work, demand

_LONGEST_WAIT = 5.0
_SOON = 0.001
_SAFETY = 1.3
_CUSHION_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Start:
    """Start this stack now, and tell `started`."""

    stack: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Start nothing; ask again after so many seconds, or sooner when a stack has ended."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """All stacks have ended, but for the blocked ones."""


class _Region:
    """What is known of one domain: its running stacks, and the calls of all others."""

    def __init__(self, demands: Iterable[Mapping[str, int]]) -> None:
        self.traffic = Traffic(quotas())
        self.coming: Counter[str] = Counter()
        for calls in demands:
            self.coming.update(calls)
        seconds = {name: self.traffic.seconds(name, n) for name, n in self.coming.items()}
        self.balance = Balance(seconds, self.coming)

    def backlogs(self, now: float) -> dict[str, float]:
        """Return in how many seconds the running stacks will have made their calls."""
        return {name: self.traffic.backlog(name, now) for name in self.coming}

    def rest(self, backlogs: Mapping[str, float]) -> dict[str, float]:
        """Return how long all the calls that are not made yet will take, by operation."""
        return {
            name: backlogs[name] + self.traffic.seconds(name, count)
            for name, count in self.coming.items()
        }


class Pacer:
    """Decides, told what happens; every method takes the time in seconds since any moment.

    Not made for several threads at once: its user holds a lock.
    """

    def __init__(self, works: Iterable[Work], workers: int) -> None:
        """Take all the work, in the order in which it should be done where nothing else decides.

        Raises ValueError if stacks need each other in a circle.
        """
        self._works = {work.stack: work for work in works}
        self._workers = workers
        self._demands = {stack: demand(work) for stack, work in self._works.items()}
        self._queue = Queue(self._works.values(), self._demands)
        self._regions = {domain: _Region(each) for domain, each in self._by_domain().items()}
        self._traffics = {
            stack: self._regions[work.domain].traffic for stack, work in self._works.items()
        }
        self._forecast = Forecast()
        self._running: dict[str, Course] = {}
        self._blocked: dict[str, str] = {}
        self._starts = self._ended = 0

    def next(self, now: float) -> Start | Wait | Done:
        """Return what to do now; changes nothing."""
        if self._ended + len(self._blocked) == len(self._works):
            return Done()
        if len(self._running) >= self._workers:
            return Wait(_LONGEST_WAIT)
        found = min(self._candidates(now), key=lambda each: each[:2], default=None)
        if found is None:
            return Wait(_LONGEST_WAIT)
        wait, _, stack = found
        return Start(stack) if wait < _SOON else Wait(min(wait, _LONGEST_WAIT))

    def started(self, stack: str, now: float) -> None:
        """Note that a stack's Terraform runs."""
        work, self._starts = self._works[stack], self._starts + 1
        region, calls = self._regions[work.domain], self._demands[stack]
        course = Course(work, self._starts, now)
        self._queue.start(work)
        self._running[stack] = course
        region.traffic.enter(course)
        region.balance.use(calls)
        region.coming.subtract(calls)

    def hold(self, stack: str, now: float) -> float:
        """Return for how many seconds the stack's next event must not be taken yet; 0: take it.

        To be asked again after that time. After 0, the next event that Terraform writes has to be
        told, by `seen`, `finished` or `passed`, before this is asked again.
        """
        return self._traffics[stack].hold(self._running[stack], now)

    def seen(self, stack: str, address: str, action: str, now: float) -> None:
        """Note that Terraform starts a change: `create`, `update` or `delete`."""
        course = self._running[stack]
        self._traffics[stack].begin(course, Change.of(address, action), now)

    def finished(self, stack: str, address: str, action: str, now: float) -> None:
        """Note that a change has ended, well or not."""
        course = self._running[stack]
        self._traffics[stack].finish(course, Change.of(address, action), now)
        self._forecast.learn(course, now)

    def passed(self, stack: str, now: float) -> None:
        """Note any other event."""
        course = self._running[stack]
        self._traffics[stack].other(course, now)
        self._forecast.learn(course, now)

    def ended(self, stack: str, now: float, *, ok: bool) -> None:
        """Note the end of a stack; after a failure its dependants are blocked, and nothing else."""
        self._traffics[stack].leave(stack, now)
        del self._running[stack]
        self._ended += 1
        if ok:
            self._queue.end(stack)
            return
        for work in self._queue.block(stack):
            self._blocked[work.stack] = stack
            self._regions[work.domain].coming.subtract(self._demands[work.stack])

    def blocked(self) -> Mapping[str, str]:
        """Return the stacks that will not start, each with the failed one that it waited for."""
        return MappingProxyType(self._blocked)

    def expected_seconds(self, now: float) -> float:
        """Return how long the rest will take if the quotas decide, and not the machine."""
        return max((self._rest(region, now) for region in self._regions.values()), default=0.0)

    def _rest(self, region: _Region, now: float) -> float:
        if self._ended + len(self._blocked) == len(self._works):
            return 0.0
        return max(0.0, *region.rest(region.backlogs(now)).values())

    def _candidates(self, now: float) -> Iterator[tuple[float, float, str]]:
        """Yield the stacks that could start: in how many seconds, how ill it fits, and the name."""
        for domain, region in self._regions.items():
            ready = self._queue.ready(domain)
            backlogs = region.backlogs(now) if ready else {}
            rest = region.rest(backlogs) if ready else {}
            for work in ready:
                calls = self._demands[work.stack]
                binding = max(calls, key=lambda name: rest[name], default="")
                early = self._early(work, binding, backlogs) if binding else 0.0
                yield early, region.balance.spread(calls), work.stack

    def _early(self, work: Work, binding: str, backlogs: Mapping[str, float]) -> float:
        """Return in how many seconds a stack should start; 0 if it should now."""
        lead = self._forecast.lead(work, binding) * _SAFETY
        cushion = max(_CUSHION_SECONDS, quotas()[binding].seconds)
        return max(0.0, backlogs[binding] - lead - cushion)

    def _by_domain(self) -> dict[Domain, list[Mapping[str, int]]]:
        found: dict[Domain, list[Mapping[str, int]]] = {}
        for stack, work in self._works.items():
            found.setdefault(work.domain, []).append(self._demands[stack])
        return found
