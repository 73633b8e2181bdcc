"""`completion`: prints what makes a shell complete gateprint's commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_VARIABLE = "_GATEPRINT_COMPLETE"  # What click asks for under the name of the program.


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes SHELL complete gateprint's command line.

    Commands, options and their values, and the APIs, stages, roles, environments and stacks of the
    folder that you are in. Bash has to be 4.4 or newer; its start-up file ~/.bashrc then needs the
    line: source ~/.gateprint.bash
    """
    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - click has brought all three since 8.0
    script = found(context.find_root().command, {}, "gateprint", _VARIABLE)
    # Not script.source(): for bash that would start one, to ask for its version.
    click.echo(script.source_template % script.source_vars())
