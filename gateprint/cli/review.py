"""`review`: the report on a run, for people and for programs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateprint.cli.options import formats, inputs, places_of

if TYPE_CHECKING:
    from gateprint.review.finding import Severity
    from gateprint.review.review import Review
    from gateprint.workflow.inputs import Places


@click.command()
@click.argument(
    "run",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=False,
    metavar="[RUN]",
)
@inputs
@click.option(
    "--against",
    "revision",
    metavar="REV",
    help="Instead of a run: what changes since a git revision, without any cloud access.",
)
@click.option(
    "--threshold",
    type=click.Choice(["critical", "high", "medium", "low", "info"]),
    default="high",
    show_default=True,
    help="From which severity on a finding refuses the run.",
)
@formats("text", "json", "markdown")
def review(  # noqa: PLR0913
    *,
    run: Path | None,
    blueprints: Path,
    config: Path,
    environment: str | None,
    revision: str | None,
    threshold: Severity,
    form: str,
) -> int:
    """Say what the run in the folder RUN does, and record the verdict.

    Who gains and who loses access, what is destroyed, what the rules find (docs/review-rules.md),
    and which stacks change in the same way. gateprint apply takes a run only with a verdict that
    passed on exactly these plans. Exit code 3 if it did not.

    With --against it is an offline preview of the blueprints, such as for a pull request from a
    fork; nothing is recorded.
    """
    if (run is None) == (revision is None):
        raise click.UsageError("name a RUN, or a revision with --against")
    places = places_of(blueprints, config, environment)
    found = _since(places, revision, threshold) if run is None else _of(run, places, threshold)
    click.echo(_written(found, form))
    return 0 if found.verdict == "passed" else 3


def _of(run: Path, places: Places, threshold: Severity) -> Review:
    from gateprint.cli.live import shown_progress  # noqa: PLC0415
    from gateprint.terraform.runs.folder import RunFolder  # noqa: PLC0415
    from gateprint.workflow.review import review as look  # noqa: PLC0415

    return look(RunFolder(run), places, os.environ, shown_progress(), threshold)


def _since(places: Places, revision: str | None, threshold: Severity) -> Review:
    from gateprint.workflow.review import review_since  # noqa: PLC0415

    return review_since(places, revision or "HEAD", os.environ, threshold)


def _written(found: Review, form: str) -> str:
    """Return the review in a format, of which only the one that is asked for is imported."""
    if form == "json":
        from gateprint.cli.review_formats.data import review_json  # noqa: PLC0415

        return review_json(found)
    if form == "markdown":
        from gateprint.cli.review_formats.markdown import review_markdown  # noqa: PLC0415

        return review_markdown(found)
    from gateprint.cli.review_formats.text import review_text  # noqa: PLC0415

    return review_text(found)
