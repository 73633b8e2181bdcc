"""`import`: makes a blueprint of an OpenAPI document, or of a REST API in an account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gateprint.cli.options import inputs, places_of
from gateprint.cli.text import progress

if TYPE_CHECKING:
    from gateprint.workflow.import_api import Imported

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)


def _shared(function: F) -> F:
    """Add the options of both imports."""
    name = click.option("--name", metavar="NAME", help="The blueprint's name, if not the title's.")
    partial = click.option(
        "--partial",
        "is_partial",
        is_flag=True,
        help="Leave out what no blueprint can say, and list it at the top of the file.",
    )
    out = click.option(
        "--out", type=_FILE, metavar="FILE", help="Write a new file instead of printing it."
    )
    return name(partial(out(inputs(function))))


@click.group("import")
def import_() -> None:
    """Make a blueprint of an API that exists."""


@import_.command("openapi")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--base-path",
    type=click.Choice(["ignore", "prepend"]),
    default="ignore",
    show_default=True,
    help="What becomes of the first server's path.",
)
@click.option(
    "--requests",
    type=click.Choice(["ignore", "check"]),
    default="ignore",
    show_default=True,
    help="Whether API Gateway checks bodies and parameters as described, without a validator too.",
)
@click.option("--issuer", metavar="URL", help="Who signs the tokens, if the file does not say it.")
@click.option(
    "--audience",
    "audiences",
    metavar="NAME",
    multiple=True,
    help="Whom the tokens are for, as aud has it. May be given again.",
)
@_shared
def import_openapi(
    *, file: Path, base_path: str, name: str | None, is_partial: bool, out: Path | None, **at: Any
) -> None:
    """Make a blueprint of an OpenAPI document.

    FILE is OpenAPI 3.1 or 3.0, or Swagger 2.0, as JSON or YAML. What gateprint export wrote
    becomes the blueprint that it was.
    """
    from gateprint.workflow.import_api import Choices, require_absent  # noqa: PLC0415
    from gateprint.workflow.import_api import import_openapi as run  # noqa: PLC0415

    require_absent(filter(None, (out,)))
    told = (at.pop("issuer"), at.pop("audiences"), at.pop("requests") == "check")
    choices = Choices(name, is_partial, base_path == "prepend", *told)
    _hand_over(run(places_of(**at), file, choices), out, None)


@import_.command("aws")
@click.argument("api_id")
@click.option(
    "--imports",
    type=_FILE,
    metavar="FILE",
    help="Write Terraform's import blocks to a new file, such as pets-nonprod.tf.json.",
)
@_shared
def import_aws(
    *,
    api_id: str,
    imports: Path | None,
    name: str | None,
    is_partial: bool,
    out: Path | None,
    **at: Any,
) -> None:
    """Make a blueprint of a REST API in an account.

    API_ID is asked for in the account and region of --environment. The import blocks let the
    stack of the blueprint take over what exists, instead of making it once more.
    """
    from gateprint.workflow.api_reader import AwsApiReader, read_api  # noqa: PLC0415
    from gateprint.workflow.deployed import clients_of  # noqa: PLC0415
    from gateprint.workflow.environments import load_environment  # noqa: PLC0415
    from gateprint.workflow.import_api import Choices, require_absent  # noqa: PLC0415
    from gateprint.workflow.import_api import import_aws as run  # noqa: PLC0415

    places = places_of(**at)
    if places.environment is None:
        problem = "an id is one of an account and a region: name the environment that has them"
        raise click.BadParameter(problem, param_hint="--environment")
    require_absent(filter(None, (out, imports)))
    environment = load_environment(places, places.environment)
    found = read_api(AwsApiReader(environment, clients_of(environment), api_id))
    _hand_over(run(places, environment, found, Choices(name, is_partial)), out, imports)


def _hand_over(made: Imported, out: Path | None, imports: Path | None) -> None:
    from gateprint.workflow.import_api import write  # noqa: PLC0415

    files = {out: made.blueprint, imports: made.imports}
    beside = {out.parent / file: text for file, text in made.schemas.items()} if out else {}
    wanted = {path: text for path, text in files.items() if path is not None} | beside
    write(wanted)
    if out is None:
        click.echo(made.blueprint, nl=False)
        for file in made.schemas:
            progress(f"{file} has to lie beside it: --out writes both")
    for path in wanted:
        progress(f"wrote {path}")
