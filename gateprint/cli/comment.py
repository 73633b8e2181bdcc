"""`comment`: reads the report, and prints where its comment is."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli.options import formats
from gateprint.cli.text import progress, visible
from gateprint.errors import ToolFailed

if TYPE_CHECKING:
    from gateprint.workflow.comments.of_run import Reviewed
    from gateprint.workflow.comments.target import Service

_LARGEST = 16 << 20
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


class _Key(click.ParamType[str]):
    """A comment's key."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the key, which has to fit into an HTML comment."""
        from gateprint.workflow.comments.body import is_key  # noqa: PLC0415

        if not is_key(value):
            self.fail("letters, digits and : . _ / -, as in gateprint:prod", param, ctx)
        return str(value)


@click.command()
@click.argument(
    "report",
    metavar="FILE|RUN",
    type=click.Path(path_type=Path, exists=True, allow_dash=True),
)
@click.option("--review", type=_FILE, metavar="FILE", help="What the review found, as JSON.")
@click.option(
    "--key",
    type=_Key(),
    metavar="KEY",
    help="What tells comments of one request apart.  [default: gateprint:ENVIRONMENT]",
)
@click.option(
    "--environment",
    envvar="GATEPRINT_ENVIRONMENT",
    show_envvar=True,
    metavar="NAME",
    help="The environment that the report is about.",
)
@click.option("--on", type=click.Choice(["github", "gitlab"]), help="Where; CI says it itself.")
@click.option("--project", default="", metavar="PROJECT", help="OWNER/NAME, or GitLab's id.")
@click.option("--number", type=click.IntRange(1), metavar="N", help="The request's number.")
@click.option("--api-url", default="", metavar="URL", help="The API's address.")
@click.option("--author", default="", metavar="LOGIN", help="The account of the token.")
@click.option(
    "--approved/--no-approved",
    "has_approval",
    default=True,
    show_default=True,
    help="Say what changed since the request was approved.",
)
@click.option(
    "--wait",
    type=click.IntRange(0, 3_600),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait in all where the service limits requests or fails.",
)
@formats("text", "json")
def comment(  # noqa: PLR0913, PLR0917
    report: Path,
    review: Path | None,
    key: str | None,
    environment: str | None,
    on: Service | None,
    project: str,
    number: int | None,
    api_url: str,
    author: str,
    wait: int,
    form: str,
    *,
    has_approval: bool,
) -> None:
    """Write a report as the one comment of a pull or merge request, or update it.

    It is what gateprint review said of RUN, or Markdown in FILE, - for the standard input. The
    token is GH_TOKEN or GITHUB_TOKEN, or GITLAB_TOKEN. Earlier verdicts are folded below. Exit code
    4 if it cannot be written; the report is then in the job's summary, on GitHub.
    """
    from gateprint.workflow.comments.api import Patience  # noqa: PLC0415
    from gateprint.workflow.comments.comment import Content  # noqa: PLC0415
    from gateprint.workflow.comments.comment import comment as go  # noqa: PLC0415
    from gateprint.workflow.comments.target import Wanted  # noqa: PLC0415

    said = _reviewed(report, review)
    name = key or _default_key(environment)
    content = Content(
        name,
        said.report,
        said.review,
        has_approval=has_approval,
        author=author,
        longer=said.longer,
    )
    patience = Patience(time.time, time.sleep, wait, lambda line: progress(visible(line)))
    done = go(content, Wanted(on, api_url, project, number), os.environ, patience)
    if form == "json":
        data = {"action": done.action, "url": done.url, "since": done.since}
        click.echo(json.dumps(data, indent=2, sort_keys=True))
    else:
        click.echo(f"{done.action} {visible(done.url)}".rstrip())


def _default_key(environment: str | None) -> str:
    from gateprint.workflow.comments.body import is_key  # noqa: PLC0415

    name = f"gateprint:{environment}" if environment else "gateprint"
    if not is_key(name):
        raise click.BadParameter("no environment has that name", param_hint="--environment")
    return name


def _reviewed(path: Path, review: Path | None) -> Reviewed:
    """Return the report, and what the review found: without its data, all that is in the text."""
    from gateprint.terraform.runs.folder import RunFolder  # noqa: PLC0415
    from gateprint.workflow.comments.of_run import Reviewed, review_of_run  # noqa: PLC0415
    from gateprint.workflow.comments.state import Review, read_review  # noqa: PLC0415

    if path.is_dir():
        if review is not None:
            raise click.UsageError("--review is for a FILE; a RUN has its review itself")
        return review_of_run(RunFolder(path))
    text = _text(path)
    return Reviewed(text, "", read_review(_text(review)) if review else Review("", text, ""))


def _text(path: Path) -> str:
    try:
        if str(path) == "-":
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise ToolFailed(
                f"{visible(str(path))} is larger than 16 MiB", "give the report itself"
            )
        return content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = f"{visible(str(path))} cannot be read"
        raise ToolFailed(problem, "give a file of UTF-8", type(error).__name__) from None
