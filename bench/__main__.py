"""`python -m bench`: runs every benchmark and prints its report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from rich.console import Console

from bench.measure import CommandFailed
from bench.questions import questions
from bench.report import Report, show
from bench.synth import cold_synth
from bench.validate import validation

BENCHMARKS: tuple[Callable[[int], Report], ...] = (validation, questions, cold_synth)


def main() -> int:
    """Return 0, or 1 where a benchmark failed; a missed target is shown and is no failure."""
    arguments = _arguments()
    console = Console()
    has_failed = False
    for benchmark in BENCHMARKS:
        try:
            report = benchmark(arguments.runs)
        except CommandFailed as failure:
            console.print(str(failure), style="red", markup=False, highlight=False)
            has_failed = True
        else:
            show(report, console)
            has_failed = has_failed or bool(report.failure)
    return int(has_failed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure gateprint.")
    parser.add_argument("--runs", type=_positive, default=5, help="runs of what is measured (5)")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
