"""`init`: makes a project."""

from __future__ import annotations

import shlex
from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Make a project in the folder DIR.

    The pets example, to try and to change: a blueprint, environments, functions, a Makefile, and
    what the cdktf command line needs. Overwrites nothing.
    """
    from gateprint.workflow.files import shown  # noqa: PLC0415
    from gateprint.workflow.init import init as run  # noqa: PLC0415

    made = run(folder)
    click.echo(f"{len(made)} files in {shown(folder)}\n\nNext, see who may call what:\n")
    for line in (f"cd {shlex.quote(shown(folder))}", "gateprint validate", "gateprint access"):
        click.echo(f"  {line}")
    click.echo("\n`make` in that folder lists what else it can do.")
