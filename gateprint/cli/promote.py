"""`promote`: gives a stage the release of the one before it, or the way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli.options import folders, places_of
from gateprint.cli.text import visible

if TYPE_CHECKING:
    from gateprint.workflow.promote import Asked, Promoted


@click.command()
@click.argument("api")
@click.option("--to", metavar="STAGE", required=True, help="The stage that gets the release.")
@click.option(
    "--from",
    "source",
    metavar="STAGE",
    help="Whose release; without it, that of the stage before in the blueprint.",
)
@click.option(
    "--release",
    metavar="NAME",
    help="This release: one that is kept, to go back, or a new name.",
)
@click.option("--canary", metavar="PERCENT", help="For so many of a hundred requests alone.")
@folders
def promote(  # noqa: PLR0913 - one for each option
    *,
    api: str,
    to: str,
    source: str | None,
    release: str | None,
    canary: str | None,
    blueprints: Path,
    config: Path,
) -> None:
    """Give a stage of API the release that the stage before it serves.

    Edits the blueprint, comments and all else kept, and deploys nothing: plan, review and apply
    come next. Where the stage before follows the blueprint, the release is a new one.
    """
    from gateprint.access.answers.question import WrongQuestion  # noqa: PLC0415
    from gateprint.workflow.promote import Asked  # noqa: PLC0415
    from gateprint.workflow.promote import promote as run  # noqa: PLC0415

    asked = Asked(api, to, source, _name(release), _percent(canary))
    try:
        # Stages of several environments follow one another: they are all looked at.
        promoted = run(places_of(blueprints, config, None), asked, dt.datetime.now(dt.UTC).date())
    except WrongQuestion as error:
        text = visible(f"{error.problem}: {error.remedy}")
        raise click.BadParameter(text, param_hint=error.subject) from None
    _print(promoted, asked)


def _name(release: str | None) -> str | None:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    from gateprint.model.written.release import ReleaseName  # noqa: PLC0415

    try:
        return None if release is None else TypeAdapter(ReleaseName).validate_python(release)
    except ValidationError as error:
        raise click.BadParameter(_told(error), param_hint="--release") from None


def _percent(canary: str | None) -> str | None:
    from pydantic import ValidationError  # noqa: PLC0415

    from gateprint.model.written.release import Canary  # noqa: PLC0415

    try:
        if canary is not None:
            Canary.model_validate({"percent": canary})
    except ValidationError as error:
        raise click.BadParameter(_told(error), param_hint="--canary") from None
    return canary


def _told(error: Exception) -> str:
    from pydantic import ValidationError  # noqa: PLC0415

    assert isinstance(error, ValidationError)  # noqa: S101 - for the type checker
    said = error.errors()[0].get("ctx", {})
    return visible(f"{said.get('problem', '')}: {said.get('remedy', '')}")


def _print(promoted: Promoted, asked: Asked) -> None:
    from gateprint.workflow.promote import sentence, way_back  # noqa: PLC0415

    click.echo(visible(sentence(promoted)))
    if not promoted.diff:
        return
    if promoted.taken_in is not None:
        release = promoted.promotion.release
        where = f"{release} is new in {promoted.taken_in}"
        click.echo(f"{where}: it is taken from the blueprint as it is when it is applied")
    click.echo()
    for line in promoted.diff.splitlines():
        click.echo(visible(line))
    click.echo()
    click.echo("Next:")
    click.echo(f"  gateprint plan --environment {promoted.environment} --out run")
    click.echo("  gateprint review run")
    click.echo("  gateprint apply run")
    back = way_back(promoted, asked.api)
    if back is not None and asked.percent is None:
        click.echo(f"And back: {back}")


def release_text(served: Mapping[str, Any]) -> str:
    """Return the release of a stage, and its canary, as `show` says it."""
    canary = served["canary"]
    if canary is None:
        return str(served["release"])
    of_canary = canary["release"] or "what the blueprint says"
    return f"{served['release']}; {canary['percent']:g} % get {of_canary}"
