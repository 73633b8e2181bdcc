"""`saml check`: prints how a captured SAML response does, check by check."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli import known, tables
from gateprint.cli.options import formats, inputs, places_of, role_of
from gateprint.cli.text import visible
from gateprint.workflow.sign_in import load_with_sign_in

if TYPE_CHECKING:
    from gateprint.access.saml.check import Check

_STDIN = "-"
# Beyond what AWS takes, also where every character is escaped.
_MOST_BYTES = 1 << 20


class _Time(click.ParamType[dt.datetime]):
    """A time as SAML writes it; UTC where it names no zone."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.datetime:
        try:
            found = dt.datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-11-22T13:05:00Z", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


@click.group()
def saml() -> None:
    """Examine what an identity provider sends."""


@saml.command()
@click.argument("response", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--role",
    required=True,
    shell_complete=known.roles,
    metavar="ROLE",
    help="The role to be assumed.",
)
@click.option(
    "--at", type=_Time(), metavar="TIME", help="When it was captured, in UTC. Default: now."
)
@inputs
@formats("table", "json")
def check(  # noqa: PLR0913 - one for each option
    *,
    response: Path,
    role: str,
    at: dt.datetime | None,
    blueprints: Path,
    config: Path,
    environment: str | None,
    form: str,
) -> int:
    """Check a captured SAML response.

    RESPONSE is a file with the field SAMLResponse as the browser posts it, or with its XML; - is
    standard input. It is compared with the role's trust policy and the provider's metadata. What
    it says of a person is not shown. Exit code 3 if a check fails.
    """
    from gateprint.access.saml.check import is_passed  # noqa: PLC0415
    from gateprint.workflow import saml as run  # noqa: PLC0415

    now = at or dt.datetime.now(dt.UTC)
    inputs_read = load_with_sign_in(places_of(blueprints, config, environment), now=now)
    places = role_of(inputs_read, role)
    if len(places) > 1:
        names = " or ".join(each.environment.name for each in places)
        raise click.UsageError(f"the role is in several environments: add --environment {names}")
    if places[0].role.identity_provider is None:
        raise click.UsageError(f"{role} is made elsewhere, so its trust policy is not known here")
    name, text = _read(response)
    checks = run.check(text, name, places[0], now)
    click.echo(
        _json(role, places[0].environment.name, now, checks) if form == "json" else _table(checks)
    )
    return 0 if is_passed(checks) else 3


def _read(path: Path) -> tuple[str, str]:
    from gateprint.workflow.saml import location_of, read_response  # noqa: PLC0415

    if str(path) == _STDIN:
        content = sys.stdin.buffer.read(_MOST_BYTES)
        return "standard input", content.decode("utf-8", "replace")
    return location_of(path), read_response(path)


def _table(checks: Sequence[Check]) -> str:
    rows = [
        [each.name, each.verdict, visible(each.expected), visible(each.found)] for each in checks
    ]
    failed = sum(each.verdict == "failed" for each in checks)
    end = f"{failed} of {len(checks)} checks failed" if failed else "no check failed"
    return (
        tables.draw("", ["check", "verdict", "expected", "found"], rows, tables.width())
        + f"\n\n{end}"
    )


def _json(role: str, environment: str, now: dt.datetime, checks: Sequence[Check]) -> str:
    data = {
        "role": role,
        "environment": environment,
        "at": now.isoformat(),
        "checks": [asdict(each) for each in checks],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)
