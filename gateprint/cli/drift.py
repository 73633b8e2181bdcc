"""`drift`: prints what was changed outside of Terraform."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from gateprint.cli import known
from gateprint.cli.options import formats, inputs, places_of


def _parts(context: click.Context, parameter: click.Parameter, written: str | None) -> int | None:
    """Return how many parts `10%` or `1/30` makes."""
    from gateprint.terraform.sampling import parts_of  # noqa: PLC0415

    try:
        return None if written is None else parts_of(written)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None


@click.command()
@click.argument("stacks", nargs=-1, metavar="[STACK]...", shell_complete=known.stacks)
@inputs
@click.option(
    "--sample",
    "parts",
    callback=_parts,
    metavar="SHARE",
    help="Ask only the day's part of the stacks: 10% or 1/30. So many days ask each stack once.",
)
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Which day's part.  [default: today, in UTC]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="RUN",
    help="The run's folder, which must not be there yet.  [default: runs/<time>-<short>]",
)
@click.option(
    "--parallel",
    type=click.IntRange(1, 64),
    metavar="N",
    help="At most so many at once; without it, as many as memory and processors allow.",
)
@formats("text", "json", "markdown")
def drift(  # noqa: PLR0913 - one for each option
    *,
    stacks: tuple[str, ...],
    blueprints: Path,
    config: Path,
    environment: str | None,
    parts: int | None,
    day: dt.datetime | None,
    out: Path | None,
    parallel: int | None,
    form: str,
) -> int:
    """Say what was changed outside of Terraform.

    Asks AWS about every STACK that has a state, all of them unless some are named, whether its
    blueprint was changed or not. Changes nothing, not even the state, and takes no lock.

    Exit code 3 where there is drift, 4 where a stack could not be asked.
    """
    from gateprint.cli.drift_text import rendered  # noqa: PLC0415
    from gateprint.cli.live import shown_progress  # noqa: PLC0415
    from gateprint.terraform.process import Interruption  # noqa: PLC0415
    from gateprint.terraform.sampling import Sample  # noqa: PLC0415
    from gateprint.workflow.drift import Question  # noqa: PLC0415
    from gateprint.workflow.drift import drift as run  # noqa: PLC0415

    if day is not None and parts is None:
        raise click.UsageError("--day chooses a part: add --sample")
    today = (day or dt.datetime.now(dt.UTC)).date()
    sample = Sample.of_day(parts, today) if parts is not None else None
    progress = shown_progress()
    question = Question(stacks, out, parallel, sample)
    places = places_of(blueprints, config, environment)
    with Interruption(progress.say).listening() as interruption:
        found = run(places, question, os.environ, interruption, progress)
    click.echo(rendered(found, form))
    return found.code
