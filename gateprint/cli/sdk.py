"""`sdk`: writes a typed client of an API for JavaScript, TypeScript or Python, or OpenAPI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from gateprint.cli import known
from gateprint.cli.options import inputs, places_of
from gateprint.cli.text import visible
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places

if TYPE_CHECKING:
    from gateprint.sdk.render import Language
    from gateprint.workflow.sdk import Wish, Written

_LANGUAGES = ("javascript", "typescript", "python", "openapi")


@click.command()
@click.argument("api", shell_complete=known.apis)
@click.argument("stage", shell_complete=known.stages)
@click.option("--language", type=click.Choice(_LANGUAGES), required=True, help="Of the client.")
@click.option(
    "--role",
    shell_complete=known.roles,
    metavar="ROLE",
    help="Only what this role may call, and what is open.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="Where it is written; an earlier client there is replaced.",
)
@click.option(
    "--from-aws",
    is_flag=True,
    help="Fetch the SDK that API Gateway makes of the deployed stage instead (JavaScript).",
)
@inputs
def sdk(  # noqa: PLR0913 - one for each option
    *,
    api: str,
    stage: str,
    language: Language | Literal["openapi"],
    role: str | None,
    out: Path,
    from_aws: bool,
    blueprints: Path,
    config: Path,
    environment: str | None,
) -> None:
    """Write a client of API on STAGE.

    It signs, waits and tries again, and its errors have kinds. With --role it has no method for
    what the role may not call. The client is made from the blueprint: nothing has to be deployed.
    With --language openapi it is a description, for other generators.
    """
    from gateprint.access.answers.question import WrongQuestion  # noqa: PLC0415
    from gateprint.workflow.sdk import Wish  # noqa: PLC0415

    if from_aws and (role or language != "javascript"):
        problem = "API Gateway makes it of all routes; give --language javascript, and no --role"
        raise click.BadParameter(problem, param_hint="--from-aws")
    places, wish = places_of(blueprints, config, environment), Wish(api, stage, role)
    try:
        _fetch(places, wish, out) if from_aws else _write(places, wish, language, out)
    except WrongQuestion as error:
        text = visible(f"{error.problem}: {error.remedy}")
        raise click.BadParameter(text, param_hint=error.subject) from None


def _write(places: Places, wish: Wish, language: Language | Literal["openapi"], out: Path) -> None:
    written = _written(load(places), wish, language, out)
    whose = f", for {wish.role}" if wish.role else ""
    count = len(written.client.operations)
    routes = f"{count:,} route{'s' if count > 1 else ''}" if wish.role else "all routes"
    click.echo(f"{written.client.class_name}: {routes} of {wish.api} on {wish.stage}{whose}")
    for path in written.paths:
        click.echo(visible(str(path)))


def _written(
    found: Inputs, wish: Wish, language: Language | Literal["openapi"], out: Path
) -> Written:
    if language == "openapi":
        from gateprint.workflow.sdk_openapi import write_description  # noqa: PLC0415

        return write_description(found, wish, out)
    from gateprint.workflow.sdk import write_client  # noqa: PLC0415

    return write_client(found, wish, language, out)


def _fetch(places: Places, wish: Wish, out: Path) -> None:
    from gateprint.workflow.deployed import clients_of  # noqa: PLC0415
    from gateprint.workflow.sdk import fetch_archive, find_api  # noqa: PLC0415

    blueprint, _ = find_api(load(places), wish)
    if blueprint.environment.endpoint is not None:
        problem = f"{blueprint.environment.name} is an embedded cloud, which makes no SDK"
        raise click.BadParameter(problem, param_hint="--from-aws")
    path = fetch_archive(blueprint, wish, clients_of(blueprint.environment), out)
    click.echo(visible(str(path)))
