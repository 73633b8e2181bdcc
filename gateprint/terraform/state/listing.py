"""What one listing of the state bucket tells about the stacks of an environment; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from gateprint.terraform.state.keys import StateKeys, plain_etag


@dataclass(frozen=True, slots=True)
class Listed:
    """An object of the bucket, as a listing has it; `etag` with or without its quotes."""

    key: str
    etag: str
    size_bytes: int
    modified: dt.datetime


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """What was applied: the configuration's digest, and the ETag of the state that it gave."""

    digest: str
    etag: str


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack's state; `state` is None where only a lock is there, as in a first apply."""

    stack: str
    state: Listed | None = None
    is_locked: bool = False
    records: tuple[Record, ...] = ()

    @property
    def applied(self) -> tuple[str, ...]:
        """Return the digests of what gave the state that is there now; mostly one or none."""
        now = plain_etag(self.state.etag) if self.state else None
        return tuple(each.digest for each in self.records if each.etag == now)


@dataclass(frozen=True, slots=True)
class Listing:
    """The stacks that have a state or a lock, by name, in order."""

    stacks: Mapping[str, StackState] = field(default_factory=dict)

    def is_unchanged(self, stack: str, digest: str) -> bool:
        """Tell whether this configuration gave the state that is there now.

        Whatever else wrote the state gave it another ETag. Where a lock is held, somebody is
        changing the stack, or died while doing so.
        """
        found = self.stacks.get(stack)
        return found is not None and not found.is_locked and digest in found.applied

    def of(
        self, environment: str, expected: Collection[str], environments: Iterable[str]
    ) -> tuple[StackState, ...]:
        """Return the stacks of one environment.

        `expected` are those that the blueprints ask for, the account's own among them;
        `environments` the names of all environments. `pets-eu-prod` may be the stack of `pets`
        in `eu-prod`, and is then none of `prod`.
        """
        ending = f"-{environment}"
        longer = tuple(f"-{each}" for each in environments if each.endswith(ending))
        return tuple(
            each
            for name, each in self.stacks.items()
            if name in expected or (name.endswith(ending) and not name.endswith(longer))
        )

    def orphans(
        self, environment: str, expected: Collection[str], environments: Iterable[str]
    ) -> tuple[str, ...]:
        """Return the stacks of one environment that have a state, and that nobody asks for."""
        own = self.of(environment, expected, environments)
        return tuple(each.stack for each in own if each.state and each.stack not in expected)


def listing_of(keys: StateKeys, objects: Iterable[Listed]) -> Listing:
    """Return what objects of the bucket say, leaving out those of others."""
    states: dict[str, Listed] = {}
    locked: set[str] = set()
    records: dict[str, list[Record]] = {}
    for each in objects:
        meaning = keys.read(each.key)
        if meaning is None:
            continue
        if meaning.kind == "state":
            states[meaning.stack] = each
        elif meaning.kind == "lock":
            locked.add(meaning.stack)
        else:
            records.setdefault(meaning.stack, []).append(Record(meaning.digest, meaning.etag))
    return Listing(
        {
            stack: StackState(
                stack, states.get(stack), stack in locked, tuple(sorted(records.get(stack, ())))
            )
            for stack in sorted({*states, *locked})
        }
    )
