"""How long a stack takes until it comes to an operation, learned from those before it; pure."""

from __future__ import annotations

from gateprint.terraform.pace.course import Course
from gateprint.terraform.pace.quotas import ALL, provider_calls, quotas
from gateprint.terraform.pace.work import Work

LATE = ("CreateDeployment", "DeleteRestApi")
"""The operations that come at the end of what their stacks do."""

_TERRAFORM_SECONDS = 4.0
_CALL_SECONDS = 0.3
_ROUNDS = 12
"""Calls one after another before an API is complete: the API, paths, methods, responses."""

_NEW = 0.2
_LEAST, _MOST = 0.5, 5.0


class Forecast:
    """Says when a stack comes to an operation; each stack that did corrects the next ones."""

    def __init__(self) -> None:
        self._stretch = 1.0
        self._plain: dict[tuple[str, str], float] = {}
        self._known: set[str] = set()

    def lead(self, work: Work, operation: str) -> float:
        """Return the expected seconds from the start of a stack to its first such call."""
        key = work.stack, operation
        if key not in self._plain:
            self._plain[key] = _lead(work, operation)
        return self._plain[key] * self._stretch

    def learn(self, course: Course, now: float) -> None:
        """Compare with a stack that may now come to a late operation; only the first time."""
        stack = course.work.stack
        if stack in self._known:
            return
        coming = course.next_cost()
        operation = next((each for each in LATE if each in coming), None)
        if operation is not None:
            self._known.add(stack)
            taken = now - course.started_at - course.hold.seconds
            ratio = min(_MOST, max(_LEAST, taken / _lead(course.work, operation)))
            self._stretch += _NEW * (ratio - self._stretch)


def _lead(work: Work, operation: str) -> float:
    if operation not in LATE:
        return _TERRAFORM_SECONDS
    calls = sum(
        count * work.cost(change)[ALL]
        for change, count in work.changes.items()
        if provider_calls()[change.resource_type].phase in {"api", "contents"}
    )
    in_rounds = min(calls, _ROUNDS) * _CALL_SECONDS
    return _TERRAFORM_SECONDS + max(in_rounds, calls / quotas()[ALL].rate)
