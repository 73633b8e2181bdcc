"""`ci-policy`: prints the IAM policies of a pipeline's roles, or writes them to files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli.options import inputs, places_of
from gateprint.cli.text import progress

if TYPE_CHECKING:
    from gateprint.terraform.permissions.table import Purpose
    from gateprint.workflow.ci_policy import CiRole


@click.command("ci-policy")
@inputs
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["plan", "apply", "drift"]),
    required=True,
    help="What the role is for.",
)
@click.option(
    "--trust",
    "trusted",
    multiple=True,
    metavar="REPOSITORY",
    help="Whose jobs may assume it: github:OWNER/REPO[:ENVIRONMENT] or "
    "gitlab:GROUP/PROJECT[:branch:NAME]. May be repeated.",
)
@click.option(
    "--issuer",
    metavar="URL",
    help="The server that signs the jobs' tokens, where it is not github.com or gitlab.com.",
)
@click.option(
    "--against",
    "revision",
    metavar="REV",
    help="Allow for what this git revision has, too: so that it can be deleted.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a file for each policy, and print their names.",
)
def ci_policy(  # noqa: PLR0913 - one for each option
    *,
    blueprints: Path,
    config: Path,
    environment: str | None,
    purpose: Purpose,
    trusted: tuple[str, ...],
    issuer: str | None,
    revision: str | None,
    out: Path | None,
) -> None:
    """Print the IAM policies that a pipeline's role needs.

    For each environment, as JSON: what the AWS provider and gateprint itself ask AWS for, on the
    names that the blueprints give. A new role, identity provider or web ACL needs a new policy
    before it is applied; functions, routes and stages do not.
    """
    from gateprint.terraform.permissions.trust import checked_issuer  # noqa: PLC0415
    from gateprint.workflow.ci_policy import Asked, ci_roles  # noqa: PLC0415

    places = places_of(blueprints, config, environment)
    hint = "--issuer"
    try:
        server = checked_issuer(issuer) if issuer else ""
        hint = "--trust"
        roles = ci_roles(places, Asked(purpose, trusted, server, revision), os.environ)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=hint) from None
    for each in roles:
        _tell(each)
    if out is None:
        click.echo(_text({"roles": [_row(each) for each in roles]}))
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, document in _files(roles):
        (out / name).write_text(_text(document) + "\n", encoding="utf-8")
        click.echo(out / name)


def _tell(role: CiRole) -> None:
    if role.policy.is_widened:
        name = role.policy.environment.name
        progress(f"{name} has too many stacks to name each: the policies say *-{name}")


def _row(role: CiRole) -> dict[str, Any]:
    where = role.policy.environment
    return {
        "environment": where.name,
        "account": where.account,
        "for": role.policy.purpose,
        "policies": list(role.policy.documents),
        "trust": role.trust,
    }


def _files(roles: tuple[CiRole, ...]) -> Iterator[tuple[str, Any]]:
    for each in roles:
        front = f"{each.policy.environment.name}-{each.policy.purpose}"
        for number, document in enumerate(each.policy.documents, start=1):
            yield f"{front}-policy-{number}.json", document
        if each.trust is not None:
            yield f"{front}-trust.json", each.trust


def _text(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)
