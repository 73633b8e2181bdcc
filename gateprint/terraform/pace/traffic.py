"""The running stacks of one account and region before its quotas: who may go on; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateprint.terraform.pace.bucket import Bucket
from gateprint.terraform.pace.course import Course
from gateprint.terraform.pace.quotas import ALL, Quota
from gateprint.terraform.pace.work import Change

MARGIN_SECONDS = 0.15
"""What is added to the time between two calls that may not come together.

A call reaches AWS a little after Terraform says that it starts, now sooner, now later.
"""

_SHARE = 0.98
_ASK_AGAIN_SECONDS = 0.05


def paced(quota: Quota) -> Bucket:
    """Return the bucket that the pace keeps: a little slower than the quota, and half as large.

    The other half takes up that calls come later than the start of their change.
    """
    if quota.burst == 1:
        return Bucket(1 / (quota.seconds / quota.requests + MARGIN_SECONDS), 1)
    return Bucket(quota.rate * _SHARE, quota.burst // 2)


class Traffic:
    """Buckets and running stacks of one account and region."""

    def __init__(self, quotas: Mapping[str, Quota]) -> None:
        self._buckets = {operation: paced(quota) for operation, quota in quotas.items()}
        self.courses: dict[str, Course] = {}

    def enter(self, course: Course) -> None:
        """Add a started stack."""
        self.courses[course.work.stack] = course

    def leave(self, stack: str, now: float) -> None:
        """Remove an ended stack, and free what was reserved for it."""
        course = self.courses.pop(stack)
        while course.reserved:
            self._settle(course, {}, now)

    def hold(self, course: Course, now: float) -> float:
        """Return for how many seconds Terraform may not start another change; 0 lets it.

        With 0, the calls of whatever it may start are reserved until its next event is told.
        """
        wait = 0.0
        for operation, count in course.next_cost().items():
            wait = max(wait, self._buckets[operation].wait(count, now))
        if not wait and self._is_overtaking(course, now):
            wait = _ASK_AGAIN_SECONDS
        if wait:
            course.hold.begin(now)
            return wait
        course.hold.end(now)
        self._reserve(course, now)
        return 0.0

    def begin(self, course: Course, change: Change, now: float) -> None:
        """Count the calls of a change that Terraform has started."""
        self._settle(course, course.begin(change), now)

    def finish(self, course: Course, change: Change, now: float) -> None:
        """Note a finished change."""
        course.finish(change)
        self._settle(course, {}, now)

    def other(self, course: Course, now: float) -> None:
        """Note an event that starts and ends nothing."""
        self._settle(course, {}, now)

    def backlog(self, operation: str, now: float) -> float:
        """Return in how many seconds the running stacks will have made all their calls."""
        bucket = self._buckets[operation]
        owed = sum(course.owed[operation] for course in self.courses.values())
        return (owed - bucket.tokens(now)) / bucket.rate

    def seconds(self, operation: str, calls: float) -> float:
        """Return how long so many calls take at this pace."""
        return calls / self._buckets[operation].rate

    def _reserve(self, course: Course, now: float) -> None:
        """Take what the next change may need; but not of all calls, where there is room enough."""
        cost = course.next_cost()
        for operation, count in cost.items():
            if operation != ALL:
                self._buckets[operation].take(count, now)
        course.reserved.append(cost)

    def _settle(self, course: Course, made: Mapping[str, int], now: float) -> None:
        """Take what a change needs, and give back what was reserved."""
        if course.reserved:
            for operation, count in course.reserved.popleft().items():
                if operation != ALL:
                    self._buckets[operation].give_back(count, now)
        for operation, count in made.items():
            self._buckets[operation].take(count, now)

    def _is_overtaking(self, course: Course, now: float) -> bool:
        """Tell whether a stack that started sooner waits for the same, without enough for both."""
        cost = course.next_cost()
        for other in self._held_before(course):
            for operation, count in other.next_cost().items():
                both = count + cost.get(operation, 0)
                if operation in cost and self._buckets[operation].tokens(now) < both:
                    return True
        return False

    def _held_before(self, course: Course) -> Iterator[Course]:
        for other in self.courses.values():
            if other.number < course.number and other.hold.since is not None:
                yield other
