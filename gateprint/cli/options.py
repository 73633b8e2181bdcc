"""The options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from gateprint.cli import known
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.places import Places
from gateprint.workflow.roles import PlacedRole, cure_of_role, find_role

F = TypeVar("F", bound=Callable[..., Any])
_FOLDER = click.Path(path_type=Path, file_okay=False)


_BLUEPRINTS = click.option(
    "--blueprints",
    type=_FOLDER,
    default=Path("blueprints"),
    show_default=True,
    envvar="GATEPRINT_BLUEPRINTS",
    show_envvar=True,
    metavar="DIR",
    help="The folder of the blueprints.",
)
_CONFIG = click.option(
    "--config",
    type=_FOLDER,
    default=Path("config"),
    show_default=True,
    envvar="GATEPRINT_CONFIG",
    show_envvar=True,
    metavar="DIR",
    help="The folder of the environments.",
)
_ENVIRONMENT = click.option(
    "--environment",
    envvar="GATEPRINT_ENVIRONMENT",
    shell_complete=known.environments,
    show_envvar=True,
    metavar="NAME",
    help="One environment; without it, all that the stages name.",
)
_CLOUD = click.option(
    "--environment",
    envvar="GATEPRINT_ENVIRONMENT",
    shell_complete=known.environments,
    show_envvar=True,
    default="local",
    show_default=True,
    metavar="NAME",
    help="The environment whose endpoint it is.",
)


def inputs(function: F) -> F:
    """Add the options that choose the inputs; `places_of` reads them."""
    return _BLUEPRINTS(_CONFIG(_ENVIRONMENT(function)))


def folders(function: F) -> F:
    """Add the options that choose the folders of the inputs."""
    return _BLUEPRINTS(_CONFIG(function))


def placed(function: F) -> F:
    """Add the options that choose an environment, whatever the blueprints say."""
    return _CONFIG(_ENVIRONMENT(function))


def cloud(function: F) -> F:
    """Add the options that choose the embedded cloud."""
    return _CONFIG(_CLOUD(function))


def cached(function: F) -> F:
    """Add `--no-cache`."""
    option = click.option(
        "--no-cache",
        is_flag=True,
        envvar="GATEPRINT_NO_CACHE",
        show_envvar=True,
        help="Synthesize everything anew, and keep nothing of it.",
    )
    return option(function)


def formats(*accepted: str) -> Callable[[F], F]:
    """Add `--format`; the first one is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(accepted),
        default=accepted[0],
        show_default=True,
        help="How the result is written.",
    )


def places_of(blueprints: Path, config: Path, environment: str | None) -> Places:
    """Return where the inputs lie. An empty environment variable chooses nothing."""
    return Places(blueprints=blueprints, config=config, environment=environment or None)


def role_of(found: Inputs, name: str) -> tuple[PlacedRole, ...]:
    """Return a role in each environment that it goes to.

    Raises:
        click.BadParameter: there is no such role.
    """
    places = find_role(found, name)
    if places:
        return places
    problem = f'there is no role "{name}": {cure_of_role(found, name)}'
    raise click.BadParameter(problem, param_hint="ROLE")
