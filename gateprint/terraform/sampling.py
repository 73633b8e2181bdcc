"""Which part of many stacks a day's question is about, so that a cycle asks each once; pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
from dataclasses import dataclass
from fractions import Fraction

_WRITTEN = re.compile(r"(?:(\d{1,3}(?:\.\d{1,4})?)\s*%|(\d{1,5})/(\d{1,5}))")
_MOST_PARTS = 3660


@dataclass(frozen=True, slots=True)
class Sample:
    """One of `parts` parts, each of which has its day; `part` counts from 1."""

    part: int
    parts: int

    @classmethod
    def of_day(cls, parts: int, day: dt.date) -> Sample:
        """Return the part whose turn it is; the next day has the next one."""
        return cls(day.toordinal() % parts + 1, parts)

    def has(self, stack: str) -> bool:
        """Tell whether a stack is in this part; that depends on nothing but its name.

        So a new stack moves no other, and there is nothing to keep. Parts are equal by chance
        alone: of 1,000 stacks in 30 parts, one has 33, give or take 12.
        """
        digest = hashlib.sha256(f"drift\0{stack}".encode()).digest()
        return int.from_bytes(digest[:8]) % self.parts == self.part - 1


def parts_of(written: str) -> int:
    """Return how many parts `10%` or `1/30` makes: as many as it takes to cover all.

    Raises:
        ValueError: it is neither, or not between all and a part of ten years.
    """
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise ValueError("write 10% or 1/30")
    percent, one, many = found.groups()
    if many is not None and int(many) == 0:
        raise ValueError("write 10% or 1/30")
    share = Fraction(percent) / 100 if percent is not None else Fraction(int(one), int(many))
    if not Fraction(1, _MOST_PARTS) <= share <= 1:
        raise ValueError(f"it is between 1/{_MOST_PARTS} and 100%")
    return math.ceil(1 / share)
