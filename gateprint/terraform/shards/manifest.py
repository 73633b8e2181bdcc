"""Which stacks each machine plans and applies: the values of shards.json; pure."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateprint.terraform.runs.record import text_digest
from gateprint.terraform.shards.balance import Item, balanced

FORMAT = 1
"""The version of `shards.json`; a reader refuses any other."""
MOST_SHARDS = 10_000
_MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class ShardStack:
    """A stack to be placed.

    `size` is how much of it there is, in resources or the like; it matters beside other stacks'
    only. `needs` are the stacks applied before it. `is_account` tells of an account's own stack:
    it goes to the first shard, and who needs it does not have to.
    """

    stack: str
    account: str
    region: str
    size: float = 1.0
    needs: tuple[str, ...] = ()
    is_account: bool = False

    @property
    def domain(self) -> str:
        """Return what shares one quota of API Gateway: account and region."""
        return f"{self.account}/{self.region}"


@dataclass(frozen=True, slots=True)
class Shard:
    """What one machine does; `index` counts from 1, `seconds` is what it takes one by one."""

    index: int
    stacks: tuple[str, ...]
    domains: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """All shards; each stack is in exactly one.

    `first` are the accounts' own stacks. They are in shard 1, which is applied before the others.
    """

    shards: tuple[Shard, ...]
    first: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """Return how many shards there are."""
        return len(self.shards)

    @property
    def stacks(self) -> tuple[str, ...]:
        """Return all stacks, by name."""
        return tuple(sorted(name for each in self.shards for name in each.stacks))

    @property
    def empty(self) -> tuple[int, ...]:
        """Return the shards that have nothing to do."""
        return tuple(each.index for each in self.shards if not each.stacks)

    @property
    def digest(self) -> str:
        """Return what tells this division from every other."""
        return text_digest(_canonical(_content(self)))

    def shard(self, index: int) -> Shard:
        """Return a shard, counted from 1; KeyError if there is none of this number."""
        if not 1 <= index <= self.number:
            raise KeyError(index)
        return self.shards[index - 1]


def make_manifest(
    stacks: Sequence[ShardStack], number: int, past: Mapping[str, float] | None = None
) -> Manifest:
    """Return the stacks in `number` shards of about the same duration.

    Stacks that need one another stay together, stacks of one account and region as far as that
    keeps the balance. `past` has the seconds that stacks took before; those of others are
    estimated from their size. The order of the stacks does not matter.

    Raises:
        ValueError: the number is out of reach, or a stack is given twice.
    """
    _check(stacks, number)
    weights = _weights(stacks, past or {})
    units = _units(stacks)
    items = [_item(name, unit, weights) for name, unit in units.items()]
    first = tuple(sorted(each.stack for each in stacks if each.is_account))
    bins = balanced(items, min(number, max(1, len(items))))
    found = [[one for item in each for one in units[item.name]] for each in bins]
    found += [[]] * (number - len(found))
    found.sort(key=lambda each: _place(each, first))
    shards = (_shard(index, each, weights) for index, each in enumerate(found, start=1))
    return Manifest(tuple(shards), first)


def _check(stacks: Sequence[ShardStack], number: int) -> None:
    if not 1 <= number <= MOST_SHARDS:
        raise ValueError(f"from 1 to {MOST_SHARDS:,} shards can be made, not {number:,}")
    if len({each.stack for each in stacks}) < len(stacks):
        raise ValueError("a stack is given twice")


def _weights(stacks: Sequence[ShardStack], past: Mapping[str, float]) -> dict[str, int]:
    """Return the milliseconds of each stack: whole numbers, which add up alike everywhere."""
    known = [each for each in stacks if past.get(each.stack, 0.0) > 0]
    size = sum(each.size for each in known)
    rate = sum(past[each.stack] for each in known) / size if size else 1.0
    seconds = {each.stack: each.size * rate for each in stacks}
    seconds |= {each.stack: past[each.stack] for each in known}
    return {name: max(1, round(each * _MILLISECONDS)) for name, each in seconds.items()}


def _units(stacks: Sequence[ShardStack]) -> dict[str, list[ShardStack]]:
    """Return what has to stay together, by the first name in it; the accounts' stacks are one."""
    ordered = sorted(stacks, key=lambda each: each.stack)
    accounts = [each.stack for each in ordered if each.is_account]
    leaders = {each.stack: each.stack for each in ordered}
    for one, other in itertools.pairwise(accounts):
        _join(leaders, one, other)
    for each in ordered:
        for need in each.needs:
            if need in leaders and need not in accounts and not each.is_account:
                _join(leaders, each.stack, need)
    units: dict[str, list[ShardStack]] = {}
    for each in ordered:
        units.setdefault(_leader(leaders, each.stack), []).append(each)
    return units


def _join(leaders: dict[str, str], one: str, other: str) -> None:
    low, high = sorted((_leader(leaders, one), _leader(leaders, other)))
    leaders[high] = low


def _leader(leaders: dict[str, str], name: str) -> str:
    while leaders[name] != name:
        leaders[name] = leaders[leaders[name]]
        name = leaders[name]
    return name


def _item(name: str, unit: Iterable[ShardStack], weights: Mapping[str, int]) -> Item:
    own = list(unit)
    domains = frozenset(each.domain for each in own if not each.is_account)
    return Item(name, sum(weights[each.stack] for each in own), domains)


def _place(stacks: Sequence[ShardStack], first: tuple[str, ...]) -> tuple[Any, ...]:
    """Return where a shard stands: the accounts' stacks first, then by domain, empty ones last."""
    names = sorted(each.stack for each in stacks)
    is_later = not set(first) & set(names)
    return not names, is_later, sorted({each.domain for each in stacks}), names


def _shard(index: int, stacks: Sequence[ShardStack], weights: Mapping[str, int]) -> Shard:
    names = tuple(sorted(each.stack for each in stacks))
    domains = tuple(sorted({each.domain for each in stacks}))
    return Shard(index, names, domains, sum(weights[each] for each in names) / _MILLISECONDS)


def manifest_json(manifest: Manifest) -> str:
    """Return the text of `shards.json`."""
    content = {**_content(manifest), "digest": manifest.digest}
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def _content(manifest: Manifest) -> dict[str, Any]:
    shards = [
        {
            "index": each.index,
            "stacks": list(each.stacks),
            "domains": list(each.domains),
            "seconds": each.seconds,
        }
        for each in manifest.shards
    ]
    return {"format": FORMAT, "number": manifest.number, "first": list(manifest.first)} | {
        "shards": shards
    }


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def read_manifest(text: str) -> Manifest:
    """Return the manifest of a `shards.json`.

    Raises:
        ValueError: it is not one, is of another version, or was changed since it was written.
    """
    try:
        found = json.loads(text)
        digest = found.pop("digest")
        if found["format"] != FORMAT:
            raise ValueError("made by another version of gateprint")
        manifest = Manifest(
            tuple(_read_shard(each) for each in found["shards"]), tuple(found["first"])
        )
        is_whole = digest == text_digest(_canonical(found)) == manifest.digest
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a manifest of shards") from error
    if not is_whole:
        raise ValueError("it was changed since it was written: its digest is another")
    return manifest


def _read_shard(found: Mapping[str, Any]) -> Shard:
    lists = {name: tuple(found[name]) for name in ("stacks", "domains")}
    return Shard(**{**found, **lists})
