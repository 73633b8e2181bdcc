"""A report as Markdown, short enough for a job's summary page."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.cli.report import changes_text, duration, shown_stacks, warning_lines
from gateprint.cli.text import plain_markdown
from gateprint.model.words import shortened
from gateprint.terraform.runs.report import Report, StackReport

# A job's summary on GitHub holds 1 MiB, and nobody reads more rows.
_MOST_ROWS = 200


def report_markdown(report: Report, *, is_all: bool = False) -> str:
    """Return a heading, the sums and a table of the stacks that need a reader."""
    return "\n\n".join(_parts(report, is_all=is_all)) + "\n"


def _parts(report: Report, *, is_all: bool) -> Iterator[str]:
    where = f" {plain_markdown(report.environment)}" if report.environment else ""
    yield f"### gateprint {report.kind}{where}: {_verdict(report)}"
    yield _sums(report)
    warnings = [f"- **{plain_markdown(each)}**" for each in warning_lines(report)]
    if warnings:
        yield "\n".join(warnings)
    stacks = shown_stacks(report, is_all=is_all)
    if stacks:
        yield "\n".join(_table(stacks[:_MOST_ROWS]))
    if len(stacks) > _MOST_ROWS:
        yield f"and {len(stacks) - _MOST_ROWS:,} more stacks"


def _verdict(report: Report) -> str:
    if report.missing:
        return "incomplete"
    code = report.exit_code
    words = {None: "not ended", 0: "done", 3: "look at it"}
    return words.get(code, f"failed with {code}")


def _sums(report: Report) -> str:
    outcomes = [f"{number:,} {outcome}" for outcome, number in report.outcomes.items()]
    counts = [f"{number:,} {action}" for action, number in report.counts.items()]
    found = [f"{len(report.stacks):,} stacks: {', '.join(outcomes)}" if outcomes else "no stacks"]
    return " · ".join([*found, *([", ".join(counts)] if counts else [])])


def _table(stacks: list[StackReport]) -> Iterator[str]:
    yield "| Stack | Outcome | Changes | Time | Problem |"
    yield "|---|---|---|--:|---|"
    for each in stacks:
        seconds = each.plan_seconds + each.apply_seconds
        problem = plain_markdown(shortened(" ".join(each.problem.split())))
        cells = [
            plain_markdown(each.stack),
            each.outcome,
            plain_markdown(changes_text(each)),
            duration(seconds) if seconds else "",
            problem,
        ]
        yield f"| {' | '.join(cells)} |"
