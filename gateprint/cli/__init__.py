"""Arguments, printing and exit codes: the only place that prints, and the composition root."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence


def start(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; no traceback reaches the user."""
    # What is read lives to the end and holds no cycles; looking for some takes a third of the
    # time. So this comes before the imports.
    gc.set_threshold(500_000)
    from gateprint.cli.main import run  # noqa: PLC0415

    sys.exit(run(arguments))
