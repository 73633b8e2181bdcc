"""What is to be planned; values alone, so that the command line need not load what plans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gateprint.terraform.runs.record import ShardOf


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard of a plan, and its stacks, of which there may be none."""

    of: ShardOf
    stacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be planned: these stacks, or all that changed; really all with `is_all`.

    `parallel` is at most how many at once, None as many as the machine holds. `out` is the run's
    folder, None one of its own below runs/. A shard has its own stacks. Without the
    cache everything is synthesized anew.
    """

    stacks: tuple[str, ...] = ()
    is_all: bool = False
    out: Path | None = None
    parallel: int | None = None
    kind: Literal["apply", "drift"] = "apply"
    shard: Shard | None = None
    with_cache: bool = True
