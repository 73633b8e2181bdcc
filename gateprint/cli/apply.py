"""`apply`: exactly the plans of a run that was reviewed."""

from __future__ import annotations

import os
from pathlib import Path

import click

from gateprint.cli.options import folders, formats, places_of

_RUN = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command()
@click.argument("run", type=_RUN, metavar="RUN")
@folders
@click.option("--resume", "is_resumed", is_flag=True, help="Go on with an apply that has begun.")
@click.option(
    "--waves",
    "has_waves",
    is_flag=True,
    help="One stack first, then 5 %, 25 % and all; a failure stops before the next wave.",
)
@click.option(
    "--max-destroy",
    "limits",
    multiple=True,
    metavar="[KIND=]N",
    help="How many APIs, stages, roles and SAML providers may be destroyed or replaced: N in all, "
    "or api=N, stage=N, role=N, saml-provider=N, all=N.  [default: 0]",
)
@click.option(
    "--parallel",
    type=click.IntRange(1, 64),
    metavar="N",
    help="At most so many at once; without it, as many as memory and processors allow.",
)
@click.option(
    "--lock-timeout",
    "lock_seconds",
    type=click.IntRange(0, 86_400),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for a state that somebody else has locked.",
)
@formats("text", "json")
def apply(  # noqa: PLR0913, PLR0917
    run: Path,
    blueprints: Path,
    config: Path,
    limits: tuple[str, ...],
    parallel: int | None,
    lock_seconds: int,
    form: str,
    *,
    is_resumed: bool,
    has_waves: bool,
) -> int:
    """Apply exactly the reviewed plans of the folder RUN.

    In the order of what needs what, side by side, and no faster than API Gateway's quotas allow.
    A failure stops only what needs the failed stack. With --resume, what is done is left alone,
    what was cut off is brought to its end, and what failed is planned again: it goes on by itself
    only if that plan is a part of the approved one.

    Exit code 3 if the run may not be applied or a stack was refused, 4 if a stack failed, 130
    after an interrupt.
    """
    from gateprint.cli.live import shown_progress  # noqa: PLC0415
    from gateprint.cli.runs import apply_text  # noqa: PLC0415
    from gateprint.terraform.plans.budget import parse_budget  # noqa: PLC0415
    from gateprint.terraform.process import Interruption  # noqa: PLC0415
    from gateprint.terraform.runs.folder import RunFolder  # noqa: PLC0415
    from gateprint.workflow.apply import Wanted  # noqa: PLC0415
    from gateprint.workflow.apply import apply as go  # noqa: PLC0415

    try:
        budget = parse_budget(limits)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--max-destroy") from None
    wanted = Wanted(
        is_resumed=is_resumed,
        has_waves=has_waves,
        budget=budget,
        parallel=parallel,
        lock_seconds=lock_seconds,
    )
    progress, folder = shown_progress(), RunFolder(run)
    with Interruption(progress.say).listening() as interruption:
        places = places_of(blueprints, config, None)
        done = go(places, folder, wanted, os.environ, interruption, progress)
    if form == "json":
        click.echo(folder.report.read_text(encoding="utf-8"), nl=False)
    else:
        click.echo(apply_text(done, run))
    return done.code
