"""Compares many random cases with the simulator: `python -m tests.oracle --cases 200000`."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time

import click

from tests.oracle.cases import case_of
from tests.oracle.comparison import Comparison, compare, minimised
from tests.oracle.simulator import Case, Oracle, decided, oracle

SHOWN = 5
PAUSE_SECONDS = 5.0


class _Progress:
    def __init__(self, count: int) -> None:
        self._count = count
        self._began = self._told = time.monotonic()

    def tell(self, comparison: Comparison) -> None:
        now = time.monotonic()
        if now - self._told < PAUSE_SECONDS and comparison.count < self._count:
            return
        self._told = now
        rate = comparison.count / (now - self._began)
        click.echo(
            f"{comparison.count:,} of {self._count:,} cases, {len(comparison.differing)} differ, "
            f"{rate:,.0f} a second",
            err=True,
        )


def text_of(case: Case) -> str:
    found = {key: each for key, each in dataclasses.asdict(case).items() if each}
    found["context"] = {key: each for key, each in case.context.items() if each}
    return json.dumps(found, indent=1)


def _explain(running: Oracle, seed: str) -> None:
    case = minimised(running, case_of(seed))
    click.echo(f"case {seed}: gateprint {decided(case)}, simulator {running.decide(case)}")
    click.echo(text_of(case))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with oracle() as running:
        found = compare(running, given.seed, given.cases, _Progress(given.cases).tell)
        shares = ", ".join(f"{name} {count:,}" for name, count in found.outcomes.most_common())
        click.echo(f"{found.count:,} cases: {shares}; {len(found.differing)} differ")
        for seed in found.differing[:SHOWN]:
            _explain(running, seed)
    return 1 if found.differing else 0


if __name__ == "__main__":
    sys.exit(main())
