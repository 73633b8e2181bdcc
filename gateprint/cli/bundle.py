"""`bundle push|pull`: prints what travelled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateprint.cli.options import F, placed
from gateprint.cli.shards import manifest_option, shard_option
from gateprint.cli.text import progress
from gateprint.workflow.places import Places

if TYPE_CHECKING:
    from gateprint.terraform.bundles.stores import Store

_MISSING = 4


@click.group()
def bundle() -> None:
    """Let a run travel to another machine, through the state bucket or a folder."""


def _store(function: F) -> F:
    option = click.option(
        "--store",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="A folder instead of the environment's state bucket.",
    )
    return placed(option(function))


def _open(config: Path, environment: str | None, store: Path | None) -> Store:
    from gateprint.workflow.bundles import store_of  # noqa: PLC0415

    return store_of(Places(config=config, environment=environment or None), store)


@bundle.command()
@click.argument("run", type=click.Path(path_type=Path, file_okay=False))
@_store
def push(run: Path, config: Path, environment: str | None, store: Path | None) -> None:
    """Copy the folder RUN to the store; prints the digest that finds it again.

    A bundle holds saved plans, and so the state in clear. It is encrypted as the state is.
    """
    from gateprint.terraform.runs.folder import RunFolder  # noqa: PLC0415
    from gateprint.workflow.bundles import push_run  # noqa: PLC0415

    planned = RunFolder(run).read().environment
    done = push_run(run, _open(config, environment or planned, store))
    progress(f"{done.stacks:,} stacks, {done.size_bytes:,} bytes, content {done.content}")
    click.echo(done.digest)


@bundle.command()
@click.argument("digest", required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="The folder to make; without --shard and DIGEST one below it for each shard.",
)
@click.option("--content", metavar="SHA256", help="Refuse any push but the one that printed this.")
@manifest_option
@shard_option
@_store
def pull(  # noqa: PLR0913 - one for each option
    *,
    digest: str | None,
    out: Path,
    content: str | None,
    manifest: Path | None,
    shard: str | None,
    config: Path,
    environment: str | None,
    store: Path | None,
) -> int:
    """Copy a run from the store, and compare every file with its digest.

    The run of DIGEST; or with --manifest and --shard the run that was pushed last for this shard,
    with --manifest alone those of all shards.
    """
    from gateprint.workflow import bundles  # noqa: PLC0415

    if (digest is None) == (manifest is None):
        raise click.UsageError("give DIGEST or --manifest")
    if digest is not None:
        if shard is not None:
            raise click.UsageError("--shard goes with --manifest")
        source = _open(config, environment, store)
        click.echo(bundles.pull_run(digest, out, source, content).path)
        return 0
    if content is not None:
        raise click.UsageError("--content goes with DIGEST")
    return _pull_shards(manifest or Path(), shard, out, _open(config, environment, store))


def _pull_shards(manifest: Path, shard: str | None, out: Path, source: Store) -> int:
    from gateprint.workflow import bundles  # noqa: PLC0415
    from gateprint.workflow.shards import read_shards, shard_of  # noqa: PLC0415

    found = read_shards(manifest)
    if shard is not None:
        try:
            chosen = shard_of(found, shard)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--shard") from error
        click.echo(bundles.pull_shard(chosen, out, source).path)
        return 0
    done = bundles.pull_shards(found, out, source, progress)
    for each in done.folders:
        click.echo(each)
    if done.missing:
        numbers = ", ".join(str(each) for each in done.missing)
        click.echo(f"no run was pushed for shard {numbers} of {found.number}", err=True)
    return _MISSING if done.missing else 0
