"""`identity`: prints what an identity provider must be told so that people can assume a role."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli import known
from gateprint.cli.options import formats, inputs, places_of, role_of
from gateprint.workflow.inputs import load

if TYPE_CHECKING:
    from gateprint.workflow.identity import Instructions

_PROVIDERS = ("auth0", "okta", "adfs", "entra", "keycloak")


@click.command()
@click.argument("role", shell_complete=known.roles)
@inputs
@click.option(
    "--for",
    "provider",
    type=click.Choice([*_PROVIDERS, "all"]),
    default="all",
    show_default=True,
    help="Which identity provider.",
)
@formats("text", "json", "markdown")
def identity(
    *, role: str, blueprints: Path, config: Path, environment: str | None, provider: str, form: str
) -> None:
    """Say what the identity provider needs for ROLE.

    Its administrator configures this, so that people can assume the role. Without --environment,
    for each that the role goes to.
    """
    from gateprint.access.saml.guides import plain  # noqa: PLC0415
    from gateprint.workflow.identity import instruct  # noqa: PLC0415

    places = role_of(load(places_of(blueprints, config, environment)), role)
    found = instruct(places, _PROVIDERS if provider == "all" else [provider])
    if form == "json":
        click.echo(_json(role, found))
        return
    texts = [text for each in found for text in (each.values, *_texts(each))]
    click.echo("\n".join(text if form == "markdown" else plain(text) for text in texts), nl=False)


def _texts(one: Instructions) -> list[str]:
    return [guide.text for guide in one.guides.values()]


def _json(role: str, found: Sequence[Instructions]) -> str:
    data = {"role": role, "environments": [_row(each) for each in found]}
    return json.dumps(data, indent=2, ensure_ascii=False)


def _row(one: Instructions) -> dict[str, Any]:
    guides = {name: asdict(each) for name, each in one.guides.items()}
    values = asdict(one.sign_in)
    return {**values, "is_existing": values["provider"] is None, "guides": guides}
