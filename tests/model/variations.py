"""Spoils a document in every way: each value replaced, left out or renamed, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateprint.model.document import Scalar

# As they stand in a file: YAML takes most of them for something else than text.
SPELLINGS = ("true", "Null", "~", "0", "30", "007", "1.5", "1e3", "0x1f", "-1", "all", "x", "é")
VALUES: tuple[Any, ...] = (
    *([], {}),
    *(Scalar(each, quoted=quoted) for each in SPELLINGS for quoted in (False, True)),
)


def variations(data: Any) -> Iterator[Any]:
    """Yield every variation of a document's data."""
    if isinstance(data, dict):
        yield from _of_mapping(data)
    elif isinstance(data, list):
        yield from _of_list(data)


def _of_mapping(data: dict[str, Any]) -> Iterator[Any]:
    for key, held in data.items():
        others = {name: each for name, each in data.items() if name != key}
        yield others
        yield from ({**others, name: held} for name in SPELLINGS)
        yield from ({**data, key: value} for value in (*VALUES, *variations(held)))


def _of_list(data: list[Any]) -> Iterator[Any]:
    for index, held in enumerate(data):
        before, after = data[:index], data[index + 1 :]
        yield before + after
        yield from ([*before, value, *after] for value in (*VALUES, *variations(held)))
