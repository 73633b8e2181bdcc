"""`report`: prints what became of runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateprint.cli.options import formats
from gateprint.cli.text import visible

if TYPE_CHECKING:
    from gateprint.terraform.runs.report import Report, StackReport

_NO_END = 4
_QUIET = {"empty", "unchanged", "nothing"}
_PATH = click.Path(path_type=Path, exists=True)


@click.command()
@click.argument("runs", nargs=-1, required=True, type=_PATH, metavar="RUN...")
@click.option("--merge", "is_merged", is_flag=True, help="Join the shards of one plan.")
@click.option("--all", "is_all", is_flag=True, help="Show stacks without changes, too.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it there instead of printing it.",
)
@formats("text", "json", "junit", "markdown")
def report(
    *, runs: Sequence[Path], is_merged: bool, is_all: bool, out: Path | None, form: str
) -> int:
    """Say what became of RUN: the folder of a run, or its report.json.

    Ends as the run did, with the worst of the exit codes where there are several, and with 4 if
    one has not ended or a shard is missing.
    """
    from gateprint.workflow.report import reports, write_text  # noqa: PLC0415

    found = reports(runs, is_merged=is_merged)
    if len(found) > 1 and form in {"json", "junit"}:
        raise click.UsageError(f"--format {form} has room for one report: add --merge")
    text = "\n\n".join(rendered(each, form, is_all=is_all).rstrip("\n") for each in found)
    if out is not None:
        write_text(out, text + "\n")
    else:
        click.echo(text)
    return max(_NO_END if each.exit_code is None else each.exit_code for each in found)


def rendered(found: Report, form: str, *, is_all: bool = False) -> str:
    """Return a report in one of the verb's formats."""
    if form == "json":
        from gateprint.terraform.runs.report_json import report_json  # noqa: PLC0415

        return report_json(found)
    if form == "junit":
        from gateprint.terraform.runs.junit_report import junit_report  # noqa: PLC0415

        return junit_report(found)
    if form == "markdown":
        from gateprint.cli.report_markdown import report_markdown  # noqa: PLC0415

        return report_markdown(found, is_all=is_all)
    return "\n\n".join(_parts(found, is_all=is_all))


def _parts(found: Report, *, is_all: bool) -> Iterator[str]:
    from gateprint.cli import tables  # noqa: PLC0415

    stacks = shown_stacks(found, is_all=is_all)
    if stacks:
        head = ["stack", "outcome", "changes", "time", "problem"]
        yield tables.draw("", head, [_cells(each) for each in stacks], tables.width())
    yield "\n".join(summary_lines(found))


def shown_stacks(found: Report, *, is_all: bool) -> list[StackReport]:
    """Return the stacks that a reader wants to see, those that need a person first."""
    from gateprint.terraform.runs.report import OUTCOMES  # noqa: PLC0415

    stacks = [each for each in found.stacks if is_all or is_noteworthy(each)]
    return sorted(stacks, key=lambda each: (OUTCOMES.index(each.outcome), each.stack))


def is_noteworthy(stack: StackReport) -> bool:
    """Tell whether something was to be done, went wrong, or was changed outside."""
    return stack.outcome not in _QUIET or stack.drifted > 0


def _cells(stack: StackReport) -> list[str]:
    seconds = stack.plan_seconds + stack.apply_seconds
    return [
        stack.stack,
        stack.outcome,
        changes_text(stack),
        duration(seconds) if seconds else "",
        visible(stack.problem, keep="\n"),
    ]


def changes_text(stack: StackReport) -> str:
    """Return what was planned: `2 create, 1 delete`, and what was changed outside."""
    found = [f"{number:,} {action}" for action, number in stack.counts.items()]
    drifted = [f"{stack.drifted:,} changed outside"] if stack.drifted else []
    return ", ".join([*found, *drifted])


def duration(seconds: float) -> str:
    """Return a time as people write it."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{seconds:.1f} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"  # noqa: PLR2004


def summary_lines(found: Report) -> Iterator[str]:
    """Yield the sums, and what is not as it should be."""
    outcomes = [f"{number:,} {outcome}" for outcome, number in found.outcomes.items()]
    plural = "" if len(found.stacks) == 1 else "s"
    yield ", ".join([f"{len(found.stacks):,} stack{plural}", *outcomes])
    if found.counts:
        yield ", ".join(f"{number:,} {action}" for action, number in found.counts.items())
    yield from warning_lines(found)


def warning_lines(found: Report) -> Iterator[str]:
    """Yield what a reader may not overlook."""
    if found.missing:
        shards = ", ".join(str(each) for each in found.missing)
        yield f"no report of shard {shards} of {found.shards}"
    for each in found.runs:
        if each.exit_code is None:
            yield f"{visible(each.name)} has not ended: it runs still, or was killed"
    for orphan in found.orphans:
        yield f"{visible(orphan.stack)} has a state in {visible(orphan.environment)}, no blueprint"
