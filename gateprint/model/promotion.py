"""What a stage gets when it is promoted, as the fields of its blueprint; pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from gateprint.model.written.stage import Stage

MOST_KEPT = 5


@dataclass(frozen=True, slots=True)
class Promotion:
    """A release for a stage: for all of its callers, or a canary's `percent` of them.

    `was` is what the stage serves until now, None where it follows the blueprint; `is_new` tells
    that the release is taken from the blueprint when it is applied.
    """

    stage: str
    release: str
    was: str | None
    kept: tuple[str, ...]
    is_new: bool
    percent: str | None = None
    source: str | None = None

    def fields(self, *, had_canary: bool, had_kept: bool) -> dict[str, str | None]:
        """Return the stage's fields as they are to be written; None where one goes away."""
        if self.percent is not None:
            return {"canary": f"{{percent: {self.percent}, release: {self.release}}}"}
        found: dict[str, str | None] = {"release": self.release}
        if self.kept or had_kept:
            found["kept_releases"] = f"[{', '.join(self.kept)}]" if self.kept else None
        return {**found, "canary": None} if had_canary else found


def previous_stage(stages: Mapping[str, Stage], stage: str) -> str | None:
    """Return the stage before another one in the order of promotion; None before the first."""
    names = list(stages)
    index = names.index(stage)
    return names[index - 1] if index else None


def releases_in(stages: Mapping[str, Stage], environment: str | None = None) -> set[str]:
    """Return all releases that stages name, those of one environment or of all."""
    found: set[str | None] = set()
    for each in stages.values():
        if environment in {None, each.environment}:
            found |= {each.release, each.canary.release if each.canary else None}
            found |= set(each.kept_releases)
    return {each for each in found if each is not None}


def new_name(stages: Mapping[str, Stage], today: dt.date) -> str:
    """Return a name that no stage has used: the day, and a number from 1."""
    known = releases_in(stages)
    names = (f"{today:%Y-%m-%d}-{number}" for number in count(1))
    return next(each for each in names if each not in known)


def kept_after(stage: Stage, release: str) -> tuple[str, ...]:
    """Return what a stage keeps once it serves `release`: first the one that it had."""
    had = () if stage.release is None else (stage.release,)
    found = dict.fromkeys((*had, *stage.kept_releases))
    return tuple(each for each in found if each != release)[:MOST_KEPT]
