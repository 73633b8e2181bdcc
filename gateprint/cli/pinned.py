"""How it reads that stages of a matrix serve a release; pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from gateprint.access.pinned import PinnedStage

SIGN = "*"
MEANING = "the matrix is the blueprint's; routes and checks there are as released."


def pinned_text(pinned: Sequence[PinnedStage], width: int) -> str:
    """Return which stages serve which release, in lines of a terminal."""
    served = ", ".join(f"{each.stage} serves the release {each.release}" for each in pinned)
    return textwrap.fill(
        f"{SIGN} {served}: {MEANING}", width, initial_indent=" ", subsequent_indent="   "
    )
