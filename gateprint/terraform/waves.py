"""Divides stacks into waves: one first, then more and more; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from math import ceil

PARTS = (0.05, 0.25, 1.0)
"""After the first stack, waves end at these parts of all stacks."""


def waves(
    stacks: Sequence[str], needs: Mapping[str, Sequence[str]], apart: frozenset[str] = frozenset()
) -> tuple[tuple[str, ...], ...]:
    """Return the stacks in waves, each after all that it needs.

    The first wave has one stack, the canary. Those in `apart`, such as an account's own stack, do
    not count: they go with the first that needs them.
    """
    order = [each for each in _ordered(stacks, needs) if each not in apart]
    found, begun = [], set[str]()
    for first, last in _bounds(len(order)):
        own = order[first:last]
        helpers = [each for each in _needed(own, needs) if each in apart and each in stacks]
        wave = [*dict.fromkeys(each for each in helpers if each not in begun), *own]
        begun |= set(wave)
        found.append(tuple(wave))
    rest = tuple(each for each in stacks if each not in begun)
    return (*found, rest) if rest else tuple(found)


def _ordered(stacks: Sequence[str], needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the stacks so that each comes after those that it needs; by name where it is free."""
    present = set(stacks)
    graph = {each: [one for one in needs.get(each, ()) if one in present] for each in stacks}
    sorter, found = TopologicalSorter(graph), []
    sorter.prepare()
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found += ready
        sorter.done(*ready)
    return found


def _bounds(number: int) -> Iterator[tuple[int, int]]:
    last = 0
    for end in (1, *(ceil(part * number) for part in PARTS)):
        if end > last and number:
            yield last, min(end, number)
            last = end


def _needed(stacks: Sequence[str], needs: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for each in stacks:
        yield from sorted(needs.get(each, ()))
