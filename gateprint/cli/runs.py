"""How plans and applies read in a terminal; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gateprint.cli.tables import draw, width
from gateprint.cli.text import visible

if TYPE_CHECKING:
    from gateprint.terraform.runs.record import PlannedStack, Run
    from gateprint.workflow.apply import Done
    from gateprint.workflow.plan import Planned

_WORDS = {"planned": "changes", "empty": "nothing to do", "failed": "failed"}


def plan_text(done: Planned) -> str:
    """Return what was planned, and what comes next."""
    shown = [each for each in done.run.stacks if each.decision != "unchanged"]
    unchanged = len(done.run.stacks) - len(shown)
    parts = [_table(shown)] if shown else []
    if unchanged:
        parts.append(f"{unchanged:,} unchanged: what was applied last is what is wanted")
    problems = {each.stack: each.problem for each in shown if each.decision == "failed"}
    parts += ["\n".join(_problems(problems))] if problems else []
    return "\n\n".join([*parts, _next(done.run, done.folder.path)])


def apply_text(done: Done, path: Path) -> str:
    """Return how many stacks ended how, and what comes next."""
    found: dict[str, int] = {}
    for each in done.outcomes.values():
        found[each.outcome] = found.get(each.outcome, 0) + 1
    counts = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(found.items()))
    lines = [counts or "nothing was left to do"]
    lines += _problems({name: each.problem for name, each in done.outcomes.items()})
    if done.code:
        lines.append(f"      = fix: mend the cause, then gateprint apply --resume {path}")
    return "\n".join(lines)


def _problems(problems: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with each stack: what happened, and below it what Terraform says."""
    for name, problem in sorted(problems.items()):
        if problem:
            first, *rest = visible(problem, keep="\n").splitlines()
            yield f"  {name}: {first}"
            yield from (f"      | {line}" for line in rest)


def _table(stacks: list[PlannedStack]) -> str:
    rows = [[each.stack, _counts(each), _remark(each)] for each in stacks]
    return draw("", ["stack", "plan", ""], rows, width())


def _counts(stack: PlannedStack) -> str:
    if stack.decision != "planned":
        return _WORDS[stack.decision]
    counts: Mapping[str, int] = stack.counts
    return ", ".join(f"{number:,} to {action}" for action, number in counts.items()) or "outputs"


def _remark(stack: PlannedStack) -> str:
    if stack.is_retired:
        return "retired: everything goes"
    return f"{stack.drifted:,} changed outside" if stack.drifted else ""


def _next(run: Run, path: Path) -> str:
    if any(each.decision == "failed" for each in run.stacks):
        return f"mend it, and plan again; Terraform's own words are in {path}"
    if not run.planned:
        empty = any(each.decision == "empty" for each in run.stacks)
        return f"nothing to apply; the run is {path}" if empty else "nothing to apply"
    return f"review it: gateprint review {path}"
