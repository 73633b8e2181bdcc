"""Where the inputs lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """Where the inputs lie, as the user wrote it; `environment` is None for all of them."""

    project: Path = Path()
    blueprints: Path = Path("blueprints")
    config: Path = Path("config")
    lambdas: Path = Path("lambdas")
    environment: str | None = None
