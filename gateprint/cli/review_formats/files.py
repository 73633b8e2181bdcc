"""`--write FORMAT=FILE`: the files that a review is written to besides; reads the file system."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from gateprint.cli.review_formats.forms import FORMS


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file, and the format of what it will hold."""

    form: str
    path: Path


class FormFileType(click.ParamType[FormFile]):
    """`sarif=review.sarif`; a place that cannot be written is refused before the work begins."""

    name = "format=file"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> FormFile:
        """Return the format and the file."""
        form, equals, name = str(value).partition("=")
        if not (equals and name):
            self.fail(f'"{value}" is not FORMAT=FILE, as in sarif=review.sarif', param, ctx)
        if form not in FORMS:
            self.fail(f'"{form}" is no format; write one of {", ".join(FORMS)}', param, ctx)
        problem = _problem(Path(name))
        if problem:
            self.fail(problem, param, ctx)
        return FormFile(form, Path(name))


def _problem(path: Path) -> str:
    """Return why a file cannot be written; empty where nothing is known to be in the way."""
    if str(path) == "-":
        return "the standard output has the --format; name a file"
    if path.is_dir():
        return f"{path} is a folder; name a file in it"
    folder = next(each for each in path.absolute().parents if each.exists())
    if not folder.is_dir():
        return f"{folder} is a file, and {path} cannot be in it"
    return "" if os.access(folder, os.W_OK | os.X_OK) else f"nothing may be written to {folder}"


def require_apart(files: Sequence[FormFile], run: Path | None) -> None:
    """Refuse two formats for one file, and files within the run: its review.json is the verdict.

    Raises:
        click.BadParameter: there are such.
    """
    seen: set[Path] = set()
    for each in files:
        whole = each.path.resolve()
        if whole in seen:
            raise _wrong(f"{each.path} is named twice; one file has one format")
        if run is not None and whole.is_relative_to(run.resolve()):
            raise _wrong(f"{each.path} is in the run, which holds what apply checks; name another")
        seen.add(whole)


def _wrong(problem: str) -> click.BadParameter:
    return click.BadParameter(problem, param_hint="--write")
