"""What a run found, grouped by cause, and kept as files that can be tried again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.cases import Case
from tests.fuzz.invariants import Problem
from tests.fuzz.trial import PHASES, Outcome, Phase


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause: the first document that showed it, and how many did."""

    problem: Problem
    number: int
    count: int


@dataclass(slots=True)
class Tally:
    """What a run has seen so far."""

    phases: Counter[Phase] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)
    largest: tuple[int, int] = (0, 0)
    found: dict[str, Finding] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """Return how many documents were answered."""
        return self.phases.total()

    def add(self, number: int, outcome: Outcome) -> None:
        """Count one document."""
        self.phases[outcome.phase] += 1
        self.codes.update(outcome.codes)
        self.slowest = max(self.slowest, (outcome.seconds, number))
        self.largest = max(self.largest, (outcome.peak, number))
        for problem in outcome.problems:
            self.find(number, problem)

    def find(self, number: int, problem: Problem) -> None:
        """Count one problem; the first document of a cause stands for all of them."""
        known = self.found.get(problem.what)
        if known is None:
            self.found[problem.what] = Finding(problem, number, 1)
        else:
            first = min(known, Finding(problem, number, 1), key=lambda each: each.number)
            self.found[problem.what] = Finding(first.problem, first.number, known.count + 1)


def summary(tally: Tally, seconds: float) -> str:
    """Return the run in a few lines; the same documents give the same lines, times aside."""
    total = tally.documents or 1
    shares = [f"{each} {tally.phases[each]} ({tally.phases[each] / total:.0%})" for each in PHASES]
    lines = [
        f"{tally.documents} documents in {seconds:.0f} s; answered by: {', '.join(shares)}",
        f"{len(tally.codes)} diagnostic codes seen",
        f"slowest: {tally.slowest[0]:.2f} s of processor time (document {tally.slowest[1]})",
        f"largest: {tally.largest[0] / 2**20:.0f} MiB of memory (document {tally.largest[1]})",
    ]
    causes = sorted(tally.found.values(), key=lambda each: each.problem.what)
    lines += [
        f"FOUND {each.problem.what}: {each.count} documents, the first is {each.number}"
        for each in causes
    ]
    return "\n".join([*lines, f"{len(causes)} problems found"])


def keep(folder: Path, seed: int, finding: Finding, case: Case, data: bytes) -> Path:
    """Write a document and its story below `folder`; return the document's path."""
    folder.mkdir(parents=True, exist_ok=True)
    slug = re.sub(r"[^a-z0-9]+", "-", finding.problem.what.lower()).strip("-")[:60]
    path = folder / f"{slug}-{seed}-{finding.number}.{case.kind}.yaml"
    path.write_bytes(data)
    story = [
        finding.problem.what,
        f"document {finding.number} of seed {seed}: {', '.join(case.recipe)}",
        f"beside the project's blueprints: {case.beside}; environment: {case.environment}",
        finding.problem.detail,
    ]
    path.with_suffix(".txt").write_text("\n".join(story) + "\n", encoding="utf-8", errors="replace")
    return path
