"""Which shard is meant by `3/8`; pure."""

from __future__ import annotations

import re

from gateprint.terraform.shards.manifest import Manifest, Shard

_CHOICE = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


def parse_choice(text: str) -> tuple[int, int]:
    """Return the index, from 1, and the number of shards.

    Raises:
        ValueError: it is not as in 3/8, or there is no such shard.
    """
    found = _CHOICE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:50]!r} is not as in 3/8: the third of eight shards")
    index, number = int(found[1]), int(found[2])
    if number == 0:
        raise ValueError(f"{text}: there is at least one shard")
    if not 1 <= index <= number:
        raise ValueError(f"{text}: shards are counted from 1/{number} to {number}/{number}")
    return index, number


def chosen_shard(manifest: Manifest, text: str) -> Shard:
    """Return the shard that is meant.

    Raises:
        ValueError: as `parse_choice`, or the manifest has another number of shards.
    """
    index, number = parse_choice(text)
    if number != manifest.number:
        problem = f"{text} is one of {number:,} shards, and the manifest has {manifest.number:,}"
        raise ValueError(f"{problem}: write {index}/{manifest.number}, or make another manifest")
    return manifest.shard(index)


def chosen(manifest: Manifest, text: str) -> tuple[str, ...]:
    """Return the stacks of the shard that is meant; none where it has nothing to do.

    Raises:
        ValueError: as `chosen_shard`.
    """
    return chosen_shard(manifest, text).stacks
