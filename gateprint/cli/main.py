"""The `gateprint` command: runs one verb and turns what it raises into messages and exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from gateprint import __version__
from gateprint.cli.examples import add_examples
from gateprint.cli.text import refusal_text, terminal_width, tool_failure_text
from gateprint.cli.verbs import VERBS
from gateprint.errors import AccessDiffers, GateprintError, InputRejected, Refused, ToolFailed

_INTERRUPTED = 130
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(
    context_settings=_CONTEXT,
    epilog="Exit codes: 0 done, 1 the input was rejected, "
    "2 the command line was wrong, 3 the answer is no, 4 a tool failed.",
)
@click.version_option(__version__, prog_name="gateprint")
def gateprint() -> None:
    """API Gateway APIs, their callers and their stages: from blueprints to Terraform."""


for verb in VERBS:
    # click keeps a command's help option once it was asked for, also where that was without us.
    verb.context_settings = {**_CONTEXT, **verb.context_settings}
    gateprint.add_command(verb)
add_examples(gateprint)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return its exit code."""
    try:
        result = gateprint.main(arguments, prog_name="gateprint", standalone_mode=False)
    except GateprintError as error:
        _explain(error)
        return error.exit_code
    except (click.exceptions.Exit, click.ClickException, click.Abort, KeyboardInterrupt) as error:
        return _ended_by_click(error)
    except (BrokenPipeError, SystemExit):
        # The reader has seen enough, which click takes for a failure; Python would complain once
        # more at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001
        return _crashed(error)
    return result if isinstance(result, int) else 0


def _ended_by_click(error: BaseException) -> int:
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        error.show()
        return 2
    click.echo("interrupted", err=True)
    return _INTERRUPTED


def _explain(error: GateprintError) -> None:
    if isinstance(error, InputRejected):
        # Imported here: most runs print no diagnostics.
        from gateprint.cli.diagnostics import render  # noqa: PLC0415

        width = terminal_width(sys.stderr)
        click.echo(render(error.diagnostics, "text", width), err=True)
    elif isinstance(error, AccessDiffers):
        from gateprint.cli.differences import differences_text  # noqa: PLC0415

        click.echo(differences_text(error.differences, terminal_width(sys.stderr)), err=True)
    elif isinstance(error, Refused):
        click.echo(refusal_text(error), err=True)
    elif isinstance(error, ToolFailed):
        click.echo(tool_failure_text(error), err=True)
    else:
        click.echo(f"gateprint: {error}", err=True)


def _crashed(error: Exception) -> int:
    """Keep where it happened for a report, without the messages: they may hold values."""
    path = Path(".gateprint") / "crash.log"
    places = "".join(traceback.format_tb(error.__traceback__))
    text = f"gateprint {__version__}, Python {sys.version}\n{places}{type(error).__name__}\n"
    try:
        path.parent.mkdir(exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        kept = f"its details are in {path}"
    except OSError:
        kept = f"its details could not be written to {path}"
    problem = f"this is a mistake of gateprint's own ({type(error).__name__}); {kept}"
    remedy = "report it with that file, and with the input if you may"
    click.echo(tool_failure_text(ToolFailed(problem, remedy)), err=True)
    return 4
