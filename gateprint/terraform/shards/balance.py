"""Divides weighted things among bins: evenly first, and things of one domain together; pure.

LPT, "longest processing time first": the heaviest comes first, and goes where least is. The
heaviest bin is at most 4/3 - 1/(3·bins) of the best possible (Graham, "Bounds on multiprocessing
timing anomalies", 1969).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be carried: a name that is its own, its weight, and the domains it is of."""

    name: str
    weight: int
    domains: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Bin:
    items: list[Item] = field(default_factory=list)
    weight: int = 0
    domains: set[str] = field(default_factory=set)

    def add(self, item: Item) -> None:
        self.items.append(item)
        self.weight += item.weight
        self.domains |= item.domains


Bins = tuple[tuple[Item, ...], ...]


def balanced(items: Iterable[Item], number: int) -> Bins:
    """Return the items in `number` bins, some of which may be empty.

    The heaviest bin is never heavier than by LPT. Among such ways, one that keeps domains
    together is preferred. The same items give the same bins, in whatever order they come.
    """
    ordered = sorted(items, key=lambda each: (-each.weight, each.name))
    even = _by_weight(ordered, number)
    limit = max((each.weight for each in even), default=0)
    ways = (_by_share(ordered, number), _by_domain(ordered, number, limit), even)
    best = min((way for way in ways if way and _is_within(way, limit)), key=_cost)
    return tuple(tuple(each.items) for each in best)


def _by_weight(ordered: Sequence[Item], number: int) -> list[_Bin]:
    bins = [_Bin() for _ in range(number)]
    for item in ordered:
        # Of bins that are equally light, one that has the domain already.
        min(bins, key=lambda one: (one.weight, -len(one.domains & item.domains))).add(item)
    return bins


def _by_share(ordered: Sequence[Item], number: int) -> list[_Bin]:
    """Give each domain bins of its own, by its weight; nothing if there are too few bins."""
    domains: dict[frozenset[str], list[Item]] = {}
    for each in _domain_by_domain(ordered):
        domains.setdefault(each.domains, []).append(each)
    if not 0 < len(domains) <= number:
        return []
    shares = dict.fromkeys(domains, 1)
    weights = {domain: sum(each.weight for each in own) for domain, own in domains.items()}
    for _ in range(number - len(domains)):
        shares[max(domains, key=lambda one: weights[one] / shares[one])] += 1
    return [bin_ for domain, own in domains.items() for bin_ in _by_weight(own, shares[domain])]


def _by_domain(ordered: Sequence[Item], number: int, limit: int) -> list[_Bin]:
    """Fill bins up to `limit`, domain by domain, the heaviest first; nothing if that fails."""
    bins = [_Bin() for _ in range(number)]
    for item in _domain_by_domain(ordered):
        fitting = [each for each in bins if each.weight + item.weight <= limit]
        if not fitting:
            return []
        # Where the domain is already, else where most room is: other domains begin afresh.
        min(fitting, key=lambda one: (-len(one.domains & item.domains), one.weight)).add(item)
    return bins


def _domain_by_domain(ordered: Sequence[Item]) -> list[Item]:
    weights: dict[frozenset[str], int] = {}
    for each in ordered:
        weights[each.domains] = weights.get(each.domains, 0) + each.weight
    return sorted(ordered, key=lambda one: (-weights[one.domains], sorted(one.domains)))


def _is_within(bins: Sequence[_Bin], limit: int) -> bool:
    return all(each.weight <= limit for each in bins)


def _cost(bins: Sequence[_Bin]) -> tuple[int, int]:
    """Return how many bins are idle, and how often a domain is in a bin: torn apart."""
    return sum(not each.items for each in bins), sum(len(each.domains) for each in bins)
