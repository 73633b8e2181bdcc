"""`export`: prints one API as an OpenAPI document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli import known
from gateprint.cli.options import formats, inputs, places_of
from gateprint.workflow.inputs import load

if TYPE_CHECKING:
    from gateprint.openapi.audience import Audience

_AUDIENCES = ("gateprint", "api-gateway", "readers")


@click.command()
@click.argument("api", shell_complete=known.apis)
@click.argument("stage", required=False, shell_complete=known.stages)
@inputs
@click.option(
    "--for",
    "audience",
    type=click.Choice(_AUDIENCES),
    default="gateprint",
    show_default=True,
    help="Whom it is for: gateprint import, API Gateway's own import, or people who call the API.",
)
@formats("yaml", "json")
def export(*, api: str, stage: str | None, audience: Audience, form: str, **places: Any) -> None:
    """Print API as an OpenAPI document.

    With backends and policies as they are where STAGE is, and with all that the blueprint says,
    so that gateprint import makes the same blueprint of it.
    """
    from gateprint.access.answers.question import WrongQuestion  # noqa: PLC0415
    from gateprint.openapi.text import yaml_text  # noqa: PLC0415
    from gateprint.workflow.export import export as run  # noqa: PLC0415

    found = load(places_of(**places))
    try:
        document = run(found, api, stage, audience)
    except WrongQuestion as error:
        raise click.BadParameter(str(error), param_hint=error.subject) from None
    if form == "json":
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        click.echo(yaml_text(document), nl=False)
