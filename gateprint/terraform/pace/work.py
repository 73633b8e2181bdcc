"""What a plan asks of API Gateway: changes, the calls that they make, and the soonest end; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from gateprint.terraform.pace.quotas import cost_of, quotas


@dataclass(frozen=True, slots=True, order=True)
class Domain:
    """Where quotas are counted: an AWS account and a region."""

    account: str
    region: str


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A kind of change: `create`, `update` or `delete` of a resource type within one API.

    `api` is the API's part of the address, and says which deployments wait for which changes.
    """

    resource_type: str
    action: str
    api: str = ""

    @staticmethod
    @lru_cache(maxsize=4096)
    def of(address: str, action: str) -> Change:
        """Return the kind of a change from its address, `aws_api_gateway_method.pets_get_pets`.

        Addresses begin with the API's name up to the first `_` (`gateprint.stack.address`).
        """
        resource_type, _, name = address.rpartition(".")
        return Change(resource_type.rpartition(".")[2], action, name.partition("_")[0])


@dataclass(frozen=True, slots=True)
class Work:
    """What one stack's plan will change: how often each kind of change comes.

    `needs` names the stacks that have to end well before; those without work may be named too.
    `is_edge` says that its APIs are edge-optimized, which API Gateway creates more slowly.
    """

    stack: str
    domain: Domain
    changes: Mapping[Change, int] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    is_edge: bool = False

    def cost(self, change: Change) -> Mapping[str, int]:
        """Return the calls of one such change, by operation."""
        return cost_of(change.resource_type, change.action, is_edge=self.is_edge)


@dataclass(frozen=True, slots=True)
class Floor:
    """The soonest possible end, the operation that decides it, and how often it is called.

    Without calls, `operation` is empty and the end is now.
    """

    seconds: float = 0.0
    operation: str = ""
    calls: int = 0


def work_of(
    stack: str,
    domain: Domain,
    changes: Iterable[tuple[str, str]],
    needs: Iterable[str] = (),
    *,
    is_edge: bool = False,
) -> Work:
    """Return the work of a plan, from the addresses and actions of its changes.

    A `replace` is a `delete` and a `create`, as in Terraform's events. What calls no API Gateway
    is left out.
    """
    counted = Counter(
        change
        for address, action in changes
        for change in (Change.of(address, part) for part in _parts(action))
        if cost_of(change.resource_type, change.action)
    )
    return Work(stack, domain, dict(counted), tuple(needs), is_edge)


def demand(work: Work) -> Counter[str]:
    """Return the calls of a stack that count against quotas, by operation."""
    calls: Counter[str] = Counter()
    for change, count in work.changes.items():
        for operation, each in work.cost(change).items():
            calls[operation] += each * count
    return calls


def floor(works: Iterable[Work]) -> Floor:
    """Return the soonest end that the quotas allow; accounts and regions go side by side."""
    domains: dict[Domain, Counter[str]] = {}
    for work in works:
        domains.setdefault(work.domain, Counter()).update(demand(work))
    floors = [
        _floor(operation, count) for calls in domains.values() for operation, count in calls.items()
    ]
    return max(floors, key=lambda each: (each.seconds, each.operation), default=Floor())


def _floor(operation: str, count: int) -> Floor:
    quota = quotas()[operation]
    return Floor(max(0, count - quota.burst) / quota.rate, operation, count)


def _parts(action: str) -> tuple[str, ...]:
    return ("delete", "create") if action == "replace" else (action,)
