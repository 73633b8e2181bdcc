"""`logs`: prints the embedded cloud's access log, a request per line or two."""

from __future__ import annotations

import json
import sys
import textwrap
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateprint.cli.options import cloud, formats
from gateprint.cli.text import progress, visible
from gateprint.workflow.places import Places

if TYPE_CHECKING:
    from gateprint.workflow.logs import Record

_WIDTH = 80
_SECONDS_BETWEEN_LOOKS = 0.2
_INDENT = " " * 14


@click.command()
@cloud
@click.option("--follow", "-f", "is_following", is_flag=True, help="Wait for more, until Ctrl+C.")
@click.option(
    "--last", type=click.IntRange(min=0), metavar="NUMBER", help="Begin with this many requests."
)
@formats("text", "json")
def logs(
    *, config: Path, environment: str, is_following: bool, last: int | None, form: str
) -> None:
    """Show the requests to the embedded cloud.

    Of each: when it came, the status, the caller's role, the route, IAM's decision, and the
    statement that decides.
    """
    from gateprint.workflow.logs import follow, log_file, read  # noqa: PLC0415

    path = log_file(Places(config=config), environment)
    if not path.exists():
        progress("there has been no request yet")
    if not is_following:
        _print(read(path, last), form)
        return
    try:
        _print(follow(path, _wait, last), form)
    except KeyboardInterrupt:
        return  # This is how following ends.


def _wait() -> bool:
    sys.stdout.flush()
    time.sleep(_SECONDS_BETWEEN_LOOKS)
    return True


def _print(records: Iterable[Record], form: str) -> None:
    for each in records:
        click.echo(json.dumps(each.fields) if form == "json" else line_of(each))


def line_of(record: Record) -> str:
    """Return a record for a terminal of 80 columns: when and what first, then who and why."""
    path = record.text("route") or f"{record.text('method')} {record.text('path')}"
    where = f"{record.text('api')}/{record.text('stage')}"
    first = f"{_clock(record.text('time'))}  {record.text('status'):>3}  {path}  {where}"
    who = record.text("role") or "nobody signed"
    why = record.text("decision") or record.text("error") or "IAM is not asked"
    if record.text("statement"):
        why += f" by {record.text('statement')}"
    text = visible(f"{who}: {why}")
    second = textwrap.wrap(
        text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False
    )
    return "\n".join([_cut(visible(first)), *second])


def _clock(time_of: str) -> str:
    """Return hours, minutes and seconds of an ISO time."""
    return time_of.partition("T")[2][:8] or "        "


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
