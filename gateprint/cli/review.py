"""`review`: the report on a run, for people and for programs."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from gateprint.cli.options import inputs, places_of
from gateprint.cli.review_formats.files import FormFile, FormFileType, require_apart
from gateprint.cli.review_formats.forms import FORMS, NEED_A_PLAN

if TYPE_CHECKING:
    from gateprint.cli.review_formats.forms import Around
    from gateprint.review.finding import Severity
    from gateprint.review.review import Review
    from gateprint.workflow.places import Places


_EPILOG = "\n".join(["\b", "The formats:", *(f"{name:20}{what}" for name, what in FORMS.items())])


@click.command(epilog=_EPILOG)
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
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMS)),
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="How the result is printed: one of the formats below.",
)
@click.option(
    "--write",
    "files",
    type=FormFileType(),
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write it to FILE as well, in another format; may be repeated.",
)
def review(  # noqa: PLR0913
    *,
    run: Path | None,
    blueprints: Path,
    config: Path,
    environment: str | None,
    revision: str | None,
    threshold: Severity,
    form: str,
    files: tuple[FormFile, ...],
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
    _require_plan(revision, form, files)
    require_apart(files, run)
    places = places_of(blueprints, config, environment)
    found = _since(places, revision, threshold) if run is None else _of(run, places, threshold)
    _write(found, form, files, _around(str(blueprints)), str(run))
    return 0 if found.verdict == "passed" else 3


def _require_plan(revision: str | None, form: str, files: tuple[FormFile, ...]) -> None:
    for each in (form, *(one.form for one in files)):
        if revision is not None and each in NEED_A_PLAN:
            raise click.UsageError(f"{each} counts resources, and without a plan there are none")


def _of(run: Path, places: Places, threshold: Severity) -> Review:
    from gateprint.cli.live import shown_progress  # noqa: PLC0415
    from gateprint.cli.review_reports import keep  # noqa: PLC0415
    from gateprint.terraform.runs.folder import RunFolder  # noqa: PLC0415
    from gateprint.workflow.review import review as look  # noqa: PLC0415

    folder = RunFolder(run)
    found = look(folder, places, os.environ, shown_progress(), threshold)
    keep(folder, found)
    return found


def _since(places: Places, revision: str | None, threshold: Severity) -> Review:
    from gateprint.workflow.review import review_since  # noqa: PLC0415

    return review_since(places, revision or "HEAD", os.environ, threshold)


def _write(
    found: Review, form: str, files: tuple[FormFile, ...], around: Around, folder: str
) -> None:
    """Write the files, and print the review: all of them, or none where one cannot be made."""
    from gateprint.cli.review_formats.forms import rendered  # noqa: PLC0415
    from gateprint.workflow.report import write_text  # noqa: PLC0415

    texts = [(each.path, _ended(rendered(found, each.form, around))) for each in files]
    shown = _ended(rendered(found, form, _seen_on(sys.stdout, around, folder)))
    for path, text in texts:
        write_text(path, text)
    click.echo(shown, nl=False)


def _around(blueprints: str) -> Around:
    from gateprint.cli.review_formats.forms import Around  # noqa: PLC0415
    from gateprint.cli.review_formats.links import ci_links  # noqa: PLC0415

    return Around(blueprints, ci_links(os.environ, Path.cwd()))


def _seen_on(stream: TextIO, around: Around, folder: str) -> Around:
    from gateprint.cli.review_formats.text import look_of  # noqa: PLC0415

    return replace(around, look=look_of(stream, os.environ, folder))


def _ended(text: str) -> str:
    """Return a text as the lines of a file; no text has none."""
    return text.rstrip("\n") + "\n" if text else ""
