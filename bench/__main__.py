"""`python -m bench [PART…]`: runs all benchmarks or the named ones, and prints their reports."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from rich.console import Console

from bench.fleet import many_blueprints
from bench.gateway import data_plane
from bench.measure import CommandFailed
from bench.page import keep, write_page
from bench.peers import one_api
from bench.plan import changed_stacks, unchanged_stacks
from bench.questions import questions
from bench.report import Report, show
from bench.review import review_of_many
from bench.synth import cold_synth
from bench.validate import validation

BENCHMARKS: Mapping[str, Callable[[int], Report]] = {
    "one-api": one_api,
    "blueprints": many_blueprints,
    "validation": validation,
    "questions": questions,
    "synth": cold_synth,
    "data-plane": data_plane,
    "plan-unchanged": unchanged_stacks,
    "plan": changed_stacks,
    "review": review_of_many,
}


def main() -> int:
    """Return 0, or 1 where a benchmark failed; a missed target is shown and is no failure."""
    arguments = _arguments()
    console = Console()
    has_failed = False
    for name in arguments.parts or BENCHMARKS:
        try:
            report = BENCHMARKS[name](arguments.runs)
        except CommandFailed as failure:
            console.print(str(failure), style="red", markup=False, highlight=False)
            has_failed = True
        else:
            show(report, console)
            if arguments.write and not report.failure:
                keep(name, report)
            has_failed = has_failed or bool(report.failure)
    if arguments.write:
        write_page(list(BENCHMARKS))
    return int(has_failed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure gateprint.")
    parser.add_argument("--runs", type=_positive, default=5, help="runs of what is measured (5)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md as well")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(BENCHMARKS)}")
    found = parser.parse_args()
    for part in found.parts:
        if part not in BENCHMARKS:
            parser.error(f"there is no part {part}; there are {', '.join(BENCHMARKS)}")
    return found


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
