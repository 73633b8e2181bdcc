"""`man`: prints the manual page."""

from __future__ import annotations

import click

from gateprint import __version__


@click.command()
@click.pass_context
def man(context: click.Context) -> None:
    """Print the manual page: all commands and their options.

    As roff, for man and for folders such as share/man/man1.
    """
    from gateprint.cli.roff import manual_page  # noqa: PLC0415

    program = context.find_root().command
    assert isinstance(program, click.Group)  # noqa: S101 - it is gateprint itself
    click.echo(manual_page(program, "gateprint", __version__), nl=False)
