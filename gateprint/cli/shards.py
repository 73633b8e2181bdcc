"""Shards on the command line: which one is meant, and the manifest as each engine wants it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli.options import F, formats, inputs, places_of

if TYPE_CHECKING:
    from gateprint.terraform.shards.manifest import Manifest
    from gateprint.terraform.shards.outputs import Phase, Target
    from gateprint.workflow.places import Places

FORMATS = ("text", "json", "github", "gitlab", "kubernetes")


class ShardChoice(click.ParamType[str]):
    """`3/8`: the third of eight shards."""

    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return it as it was written, if it is one."""
        from gateprint.terraform.shards.choice import parse_choice  # noqa: PLC0415

        try:
            parse_choice(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return str(value)


def shard_option(function: F) -> F:
    """Add `--shard`."""
    return click.option(
        "--shard",
        type=ShardChoice(),
        metavar="I/N",
        help="One shard of N alone, counted from 1.",
    )(function)


def manifest_option(function: F) -> F:
    """Add `--manifest`; it is None where it is not given."""
    return click.option(
        "--manifest",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="The manifest of the shards, as plan --shards writes it.",
    )(function)


@click.command()
@inputs
@click.option(
    "--number",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="Make the manifest anew, of N shards; without it, read it.",
)
@click.option(
    "--manifest",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("shards.json"),
    show_default=True,
    metavar="FILE",
    help="The manifest.",
)
@click.option(
    "--jobs",
    type=click.Choice(["plan", "apply"]),
    default="plan",
    show_default=True,
    help="What the jobs of gitlab and kubernetes do.",
)
@click.option("--image", default="gateprint:latest", show_default=True, help="What they run in.")
@formats(*FORMATS)
def shards(  # noqa: PLR0913 - one for each option
    *,
    blueprints: Path,
    config: Path,
    environment: str | None,
    number: int | None,
    manifest: Path,
    jobs: Phase,
    image: str,
    form: str,
) -> None:
    """Divide the stacks among machines, and print the jobs that run them.

    By what their last plans in runs/ took, or by their size.
    """
    from gateprint.terraform.shards.outputs import Target  # noqa: PLC0415

    places = places_of(blueprints, config, environment)
    found = make_or_read(places, number, manifest)
    target = Target(jobs, places.environment, image)
    click.echo(rendered_manifest(found, form, target), nl=False)


def make_or_read(places: Places, number: int | None, file: Path) -> Manifest:
    """Return a new manifest of `number` shards, written to `file`; or the one that is there.

    Raises:
        InputRejected: the input is wrong.
        ToolFailed: the file is no manifest, or cannot be written.
    """
    from gateprint.workflow.inputs import load  # noqa: PLC0415
    from gateprint.workflow.shards import past_seconds, read_shards, shards_of  # noqa: PLC0415

    if number is None:
        return read_shards(file)
    return shards_of(load(places), number, past_seconds(), file)


def rendered_manifest(manifest: Manifest, form: str, target: Target) -> str:
    """Return a manifest in one of the formats.

    Raises:
        ToolFailed: the engine takes no manifest of this size.
    """
    from gateprint.terraform.shards import outputs  # noqa: PLC0415
    from gateprint.terraform.shards.manifest import manifest_json  # noqa: PLC0415

    if form == "json":
        return manifest_json(manifest)
    if form == "github":
        return outputs.github(manifest)
    if form == "gitlab":
        return outputs.gitlab(manifest, target)
    if form == "kubernetes":
        return outputs.kubernetes(manifest, target)
    return "\n\n".join(_parts(manifest)) + "\n"


def _parts(manifest: Manifest) -> Iterator[str]:
    from gateprint.cli import tables  # noqa: PLC0415
    from gateprint.model.words import listed  # noqa: PLC0415

    rows = [
        [
            f"{each.index}/{manifest.number}",
            f"{len(each.stacks):,}",
            f"{each.seconds:,.1f}",
            listed(each.domains, most=3),
            listed(each.stacks, most=5),
        ]
        for each in manifest.shards
        if each.stacks
    ]
    if rows:
        head = ["shard", "stacks", "weight", "account/region", "which"]
        yield tables.draw("", head, rows, tables.width())
    if manifest.empty:
        empty = listed([str(each) for each in manifest.empty])
        yield f"nothing to do in shard {empty}: there are fewer stacks that can be apart"
    if manifest.first and manifest.number > 1:
        yield f"apply shard 1 before the others: it has {listed(manifest.first)}"
