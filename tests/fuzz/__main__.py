"""`python -m tests.fuzz`: many mutated documents, and whether each got an answer."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.fuzz import findings, workers
from tests.fuzz.cases import Case, make_case
from tests.fuzz.corpus import Kind
from tests.fuzz.findings import Finding, Tally
from tests.fuzz.invariants import Problem
from tests.fuzz.minimise import Budget, minimise
from tests.fuzz.project import Project
from tests.fuzz.slowest import measure_all
from tests.fuzz.trial import Outcome, examine

KEPT = Path(".gateprint") / "fuzz"
_EVERY = 500
_MINIMISING_SECONDS = 60
_TRIES = 3_000


def main() -> int:
    """Return 1 where something was found, else 0."""
    arguments = _arguments()
    if arguments.file:
        return _try_again(arguments.file)
    if arguments.worst:
        return measure_all()
    started = time.monotonic()
    tally = Tally()
    workers.run(
        arguments.seed, arguments.documents, arguments.processes, _reporter(tally, arguments)
    )
    for found in tally.found.values():
        path = _keep(arguments.seed, found)
        _say(f"{found.problem.what}: kept as {path}")
    sys.stdout.write(findings.summary(tally, time.monotonic() - started) + "\n")
    return 1 if tally.found else 0


def _reporter(tally: Tally, arguments: argparse.Namespace) -> workers.Report:
    def report(number: int, outcome: Outcome | Problem) -> None:
        known = set(tally.found)
        if isinstance(outcome, Problem):
            tally.find(number, outcome)
        else:
            tally.add(number, outcome)
        for what in sorted(set(tally.found) - known):
            _say(f"found in document {number}: {what}")
        if tally.documents % _EVERY == 0:
            _say(f"{tally.documents} of {arguments.documents}, {len(tally.found)} problems")

    return report


def _keep(seed: int, finding: Finding) -> Path:
    case = make_case(seed, finding.number)
    return findings.keep(KEPT, seed, finding, case, _smallest(case, finding.problem))


def _smallest(case: Case, problem: Problem) -> bytes:
    """Return the smallest part that shows the problem; what kills or takes long stays whole."""
    if problem.what.startswith(("no answer", "the process", "more than")):
        return case.data
    with tempfile.TemporaryDirectory() as folder:
        project = Project.make(Path(folder))

        def is_failing(data: bytes) -> bool:
            outcome = examine(project, replace(case, data=data))
            return problem.what in {each.what for each in outcome.problems}

        deadline = time.monotonic() + _MINIMISING_SECONDS
        budget = Budget(_TRIES, lambda: time.monotonic() > deadline)
        return minimise(case.data, is_failing, budget)


def _try_again(path: Path) -> int:
    """Examine one kept document, whose name ends with its kind."""
    kind: Kind = "environment" if path.name.endswith(".environment.yaml") else "blueprint"
    case = Case(0, kind, path.read_bytes(), (), beside=kind == "environment")
    with tempfile.TemporaryDirectory() as folder:
        outcome = examine(Project.make(Path(folder)), case)
    sys.stdout.write(f"{outcome.phase}: {', '.join(outcome.codes) or 'accepted'}\n")
    for each in outcome.problems:
        sys.stdout.write(f"FOUND {each.what}\n{each.detail}\n")
    return 1 if outcome.problems else 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000, help="how many (20000)")
    parser.add_argument(
        "--seed", type=int, default=1, help="which run; the same again is equal (1)"
    )
    parser.add_argument("--processes", type=int, default=2, help="how many at once (2)")
    parser.add_argument("--file", type=Path, help="examine this one document instead")
    parser.add_argument("--worst", action="store_true", help="measure the worst files instead")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
