"""`plan`: saved plans of the changed stacks."""

from __future__ import annotations

import os
from pathlib import Path

import click

from gateprint.cli import known
from gateprint.cli.options import cached, formats, inputs, places_of
from gateprint.cli.shards import FORMATS, manifest_option, shard_option
from gateprint.workflow.places import Places
from gateprint.workflow.wanted import Shard, Wanted


@click.command()
@click.argument("stacks", nargs=-1, metavar="[STACK]...", shell_complete=known.stacks)
@inputs
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="RUN",
    help="The run's folder, which must not be there yet.  [default: runs/<time>-<short>]",
)
@click.option("--all", "is_all", is_flag=True, help="Plan unchanged stacks as well.")
@click.option(
    "--parallel",
    type=click.IntRange(1, 64),
    metavar="N",
    help="At most so many at once; without it, as many as memory and processors allow.",
)
@click.option(
    "--shards",
    "number",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="Plan nothing: divide the stacks among N machines, write the manifest, and print the "
    "jobs in one of the formats.",
)
@shard_option
@manifest_option
@cached
@formats(*FORMATS)
def plan(  # noqa: PLR0913
    *,
    stacks: tuple[str, ...],
    blueprints: Path,
    config: Path,
    environment: str | None,
    out: Path | None,
    is_all: bool,
    parallel: int | None,
    number: int | None,
    shard: str | None,
    manifest: Path | None,
    no_cache: bool,
    form: str,
) -> int:
    """Plan what changed, and keep the plans.

    Synthesizes, proves the access, and plans every STACK whose configuration is not the one that
    was applied last; all of them unless some are named. The saved plans, their masked JSON and
    the logs are in a folder, which gateprint review and gateprint apply take. Takes no lock,
    changes nothing.

    Exit code 4 if a stack cannot be planned; the others are planned all the same.
    """
    places = places_of(blueprints, config, environment)
    if number is not None:
        return _divide(places, number, manifest or Path("shards.json"), form)
    if form not in {"text", "json"}:
        raise click.UsageError(f"--format {form} prints the jobs of shards: add --shards N")
    wanted = Wanted(
        stacks,
        is_all=is_all,
        out=out,
        parallel=parallel,
        shard=_shard(places, shard, manifest, stacks),
        with_cache=not no_cache,
    )
    return _plan(places, wanted, form)


def _plan(places: Places, wanted: Wanted, form: str) -> int:
    from gateprint.cli.live import shown_progress  # noqa: PLC0415
    from gateprint.cli.runs import plan_text  # noqa: PLC0415
    from gateprint.terraform.process import Interruption  # noqa: PLC0415
    from gateprint.workflow.plan import plan as run  # noqa: PLC0415

    progress = shown_progress()
    with Interruption(progress.say).listening() as interruption:
        done = run(places, wanted, os.environ, interruption, progress)
    if form == "json" and done.folder.report.is_file():
        click.echo(done.folder.report.read_text(encoding="utf-8"), nl=False)
    elif form == "text":
        click.echo(plan_text(done))
    return done.code


def _divide(places: Places, number: int, manifest: Path, form: str) -> int:
    from gateprint.cli.shards import make_or_read, rendered_manifest  # noqa: PLC0415
    from gateprint.terraform.shards.outputs import Target  # noqa: PLC0415

    found = make_or_read(places, number, manifest)
    click.echo(rendered_manifest(found, form, Target("plan", places.environment)), nl=False)
    return 0


def _shard(
    places: Places, choice: str | None, file: Path | None, stacks: tuple[str, ...]
) -> Shard | None:
    if choice is None:
        return None
    if stacks:
        raise click.UsageError("--shard says which stacks: name none beside it")
    from gateprint.terraform.shards.choice import chosen  # noqa: PLC0415
    from gateprint.workflow.inputs import load  # noqa: PLC0415
    from gateprint.workflow.shards import manifest_for, shard_of  # noqa: PLC0415

    try:
        manifest = manifest_for(load(places), choice, file)
        return Shard(shard_of(manifest, choice), chosen(manifest, choice))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--shard") from None
