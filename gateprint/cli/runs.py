"""How plans, reviews and applies read in a terminal; pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateprint.cli.tables import draw, width
from gateprint.cli.text import visible

if TYPE_CHECKING:
    from gateprint.terraform.runs.record import PlannedStack, Run
    from gateprint.workflow.apply import Done
    from gateprint.workflow.plan import Planned
    from gateprint.workflow.review import Reviewed

_WORDS = {"planned": "changes", "empty": "nothing to do", "failed": "failed"}


def plan_text(done: Planned) -> str:
    """Return what was planned, and what comes next."""
    shown = [each for each in done.run.stacks if each.decision != "unchanged"]
    unchanged = len(done.run.stacks) - len(shown)
    parts = [_table(shown)] if shown else []
    if unchanged:
        parts.append(f"{unchanged:,} unchanged: what was applied last is what is wanted")
    return "\n\n".join([*parts, _next(done.run, done.folder.path)])


def review_text(found: Reviewed, path: Path) -> str:
    """Return what a review found: the verdict first."""
    reasons = "".join(f"\n  {visible(each)}" for each in found.verdict.reasons)
    parts = [f"{found.verdict.verdict}: {found.run.name}{reasons}"]
    planned = list(found.run.planned)
    if planned:
        parts.append(_table(planned))
    for stack, kinds in sorted(found.destroyed.items()):
        names = "".join(f"\n  {each}" for one in kinds.values() for each in one)
        parts.append(f"{stack} destroys or replaces:{names}")
    if found.verdict.verdict == "passed":
        parts.append(f"apply it: gateprint apply {path}")
    return "\n\n".join(parts)


def review_data(found: Reviewed) -> dict[str, Any]:
    """Return the same as data."""
    return {
        "run": found.run.name,
        "digest": found.verdict.digest,
        "verdict": found.verdict.verdict,
        "reasons": list(found.verdict.reasons),
        "stacks": {each.stack: dict(each.counts) for each in found.run.planned},
        "destroyed": {name: dict(each) for name, each in found.destroyed.items()},
    }


def apply_text(done: Done, path: Path) -> str:
    """Return how many stacks ended how, and what comes next."""
    found: dict[str, int] = {}
    for each in done.outcomes.values():
        found[each.outcome] = found.get(each.outcome, 0) + 1
    counts = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(found.items()))
    lines = [counts or "nothing was left to do"]
    for name, each in sorted(done.outcomes.items()):
        if each.problem:
            first, *rest = visible(each.problem, keep="\n").splitlines()
            lines += [f"  {name}: {first}", *(f"      | {line}" for line in rest)]
    if done.code:
        lines.append(f"      = fix: mend the cause, then gateprint apply --resume {path}")
    return "\n".join(lines)


def _table(stacks: list[PlannedStack]) -> str:
    rows = [[each.stack, _counts(each), _remark(each)] for each in stacks]
    return draw("", ["stack", "plan", ""], rows, width())


def _counts(stack: PlannedStack) -> str:
    if stack.decision != "planned":
        return _WORDS[stack.decision]
    counts: Mapping[str, int] = stack.counts
    return ", ".join(f"{number:,} to {action}" for action, number in counts.items()) or "outputs"


def _remark(stack: PlannedStack) -> str:
    if stack.problem:
        return visible(stack.problem.splitlines()[0])
    if stack.is_retired:
        return "retired: everything goes"
    return f"{stack.drifted:,} changed outside" if stack.drifted else ""


def _next(run: Run, path: Path) -> str:
    if any(each.decision == "failed" for each in run.stacks):
        return f"the reasons are in {path}; plan again when they are mended"
    if not run.planned:
        empty = any(each.decision == "empty" for each in run.stacks)
        return f"nothing to apply; the run is {path}" if empty else "nothing to apply"
    return f"review it: gateprint review {path}"
