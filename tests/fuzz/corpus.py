"""The seeds of the fuzzer: every committed blueprint and environment, right and wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[2]
REJECTED = ROOT / "tests" / "rejected"

Kind = Literal["blueprint", "environment"]


@dataclass(frozen=True, slots=True)
class Seed:
    """A file to begin with."""

    name: str
    kind: Kind
    data: bytes


@cache
def seeds() -> tuple[Seed, ...]:
    """Return all seeds, in the order of their names."""
    own = [*(ROOT / "blueprints").glob("*.yaml"), *(ROOT / "config").glob("*.yaml")]
    files = [each for each in (*own, *REJECTED.rglob("*.yaml")) if each.is_file()]
    return tuple(_seed(path) for path in sorted(files))


def _seed(path: Path) -> Seed:
    is_environment = path.name == "environment.yaml" or path.parent.name == "config"
    kind: Kind = "environment" if is_environment else "blueprint"
    return Seed(path.relative_to(ROOT).as_posix(), kind, path.read_bytes())
