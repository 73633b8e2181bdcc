"""The verb `access`: who may call what, as people and as programs read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from gateprint.access.matrix import PublicRoute, Row, access_of
from gateprint.cli import tables
from gateprint.cli.options import formats, inputs, places_of
from gateprint.workflow.inputs import load


@click.command()
@inputs
@formats("table", "json", "markdown")
def access(blueprints: Path, config: Path, environment: str | None, form: str) -> None:
    """Show who may call what, on which stage."""
    found = [
        access_of(each) for each in load(places_of(blueprints, config, environment)).blueprints
    ]
    rows = [row for each in found for row in each.rows]
    if form == "json":
        click.echo(tables.access_json(environment or None, rows))
    elif form == "markdown":
        click.echo(tables.access_markdown(rows))
    else:
        for each in found:
            click.echo(f"{each.blueprint} in {each.environment}\n")
            print_access(each.rows, each.public)


def print_access(rows: Sequence[Row], public: Sequence[PublicRoute]) -> None:
    """Print the matrix of one blueprint as a table, and the public routes apart."""
    if rows:
        click.echo(tables.access_table(rows, tables.width()) + "\n")
    if public:
        click.echo(tables.public_table(public, tables.width()) + "\n")
