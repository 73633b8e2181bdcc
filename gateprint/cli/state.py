"""`state init|list|unlock`: prints what became of buckets and locks, and which states there are."""

from __future__ import annotations

import datetime as dt
import json
import socket
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateprint.cli import known
from gateprint.cli.options import formats, inputs, places_of
from gateprint.cli.text import progress, visible

if TYPE_CHECKING:
    from gateprint.terraform.state.lock import Lock
    from gateprint.workflow.state import Prepared, Row, States, Unlocked


@click.group()
def state() -> None:
    """Look after the buckets that keep Terraform's states."""


@state.command()
@inputs
@click.option("--check", "is_rehearsed", is_flag=True, help="Change nothing; exit 3 if it would.")
@formats("table", "json")
def init(
    *, blueprints: Path, config: Path, environment: str | None, is_rehearsed: bool, form: str
) -> int:
    """Make the state bucket, or mend it; safe to repeat.

    Private, versioned, encrypted, TLS only; old versions expire after 90 days. What is stricter
    already stays as it is.
    """
    from gateprint.workflow.state import init as run  # noqa: PLC0415

    places = places_of(blueprints, config, environment)
    found = run(places, progress, is_rehearsed=is_rehearsed)
    if form == "json":
        rows = [_prepared_json(each) for each in found]
        click.echo(json.dumps({"is_rehearsed": is_rehearsed, "environments": rows}, indent=2))
    else:
        click.echo("\n\n".join(_prepared_text(each, is_rehearsed=is_rehearsed) for each in found))
    return 3 if is_rehearsed and not all(each.is_fit for each in found) else 0


_WOULD = {"made": "to be made", "mended": "to be mended"}


def _prepared_text(found: Prepared, *, is_rehearsed: bool) -> str:
    from gateprint.cli import tables  # noqa: PLC0415

    words = _WOULD if is_rehearsed else {}
    rows = [
        [each.setting, words.get(each.outcome, each.outcome), each.detail]
        for each in found.measures
    ]
    head = [f"bucket of {found.environment}", "", ""]
    return tables.draw("", head, rows, tables.width())


def _prepared_json(found: Prepared) -> dict[str, Any]:
    measures = [
        {"setting": each.setting, "outcome": each.outcome, "detail": each.detail}
        for each in found.measures
    ]
    return {"environment": found.environment, "bucket": found.bucket, "measures": measures}


@state.command("list")
@inputs
@formats("table", "json")
def list_(*, blueprints: Path, config: Path, environment: str | None, form: str) -> None:
    """List the states, who locks them, and those without a blueprint.

    "applied" tells whether it is known which configuration gave the state that is there now.
    """
    from gateprint.workflow.state import list_states  # noqa: PLC0415

    found = list_states(places_of(blueprints, config, environment), progress)
    if form == "json":
        data = {"environments": [_states_json(each) for each in found]}
        click.echo(json.dumps(data, indent=2))
        return
    click.echo("\n\n".join(map(_states_text, found)))


def _states_text(found: States) -> str:
    from gateprint.cli import tables  # noqa: PLC0415

    if not found.rows:
        return f"{found.environment} has no state in {found.bucket}"
    head = [f"stack of {found.environment}", "blueprint", "bytes", "modified", "applied", "lock"]
    return tables.draw("", head, map(_cells, found.rows), tables.width())


def _cells(row: Row) -> list[str]:
    return [
        row.stack,
        "orphan" if row.is_orphan else row.blueprint or "",
        f"{row.size_bytes:,}" if row.size_bytes is not None else "no state",
        _minute(row.modified) if row.modified else "",
        "known" if row.applied else "",
        f"{_holder(row.lock)} since {_minute(row.lock.since)}" if row.lock else "",
    ]


def _states_json(found: States) -> dict[str, Any]:
    rows = [
        {
            "stack": each.stack,
            "blueprint": each.blueprint,
            "is_orphan": each.is_orphan,
            "size_bytes": each.size_bytes,
            "modified": each.modified.isoformat() if each.modified else None,
            "applied": list(each.applied),
            "lock": _lock_json(each.lock),
        }
        for each in found.rows
    ]
    return {"environment": found.environment, "bucket": found.bucket, "stacks": rows}


def _lock_json(lock: Lock | None) -> dict[str, str] | None:
    if lock is None:
        return None
    since = lock.since.isoformat()
    return {"id": lock.id, "who": lock.who, "operation": lock.operation, "since": since}


def _holder(lock: Lock) -> str:
    return lock.who or "somebody unknown"


def _minute(time: dt.datetime) -> str:
    return f"{time.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


@state.command()
@click.argument("stack", shell_complete=known.stacks)
@inputs
@click.option(
    "--runs",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs"),
    show_default=True,
    metavar="DIR",
    help="The folder of the runs, whose journals name the locks that they took.",
)
@click.option("--force", "is_forced", is_flag=True, help="Release it whoever holds it.")
@formats("text", "json")
def unlock(  # noqa: PLR0913 - one for each option
    *,
    stack: str,
    blueprints: Path,
    config: Path,
    environment: str | None,
    runs: Path,
    is_forced: bool,
    form: str,
) -> int:
    """Release the lock that a dead run left on STACK.

    Only a lock that a run of this machine took, and that nothing holds any more. With --force any
    lock, after saying who holds it and since when. Exit 3 where it stays.
    """
    from gateprint.terraform.state.ledger import read_ledger  # noqa: PLC0415
    from gateprint.workflow import state as states  # noqa: PLC0415
    from gateprint.workflow.environments import load_environment  # noqa: PLC0415

    places = places_of(blueprints, config, environment)
    name = states.environment_of(places, stack)
    if name is None:
        known = f"of {places.environment}" if places.environment else "of any environment"
        raise click.BadParameter(f'"{visible(stack)}" is no stack {known}', param_hint="STACK")
    store = states.store_of(load_environment(places, name))
    machine = states.Machine(socket.gethostname(), partial(read_ledger, runs))
    found = states.unlock(store, stack, machine, _warn, is_forced=is_forced)
    click.echo(_unlocked_json(found) if form == "json" else _unlocked_text(found))
    return 3 if found.outcome == "refused" else 0


def _warn(lock: Lock, reason: str) -> None:
    progress(visible(f"{lock.stack} is locked {_by(lock)}: {reason}; it is released all the same"))


def _by(lock: Lock) -> str:
    """Say who holds a lock, since when and for what."""
    operation = f", {lock.operation}" if lock.operation else ""
    return f"by {_holder(lock)} since {_minute(lock.since)}{operation}, lock {lock.id}"


def _unlocked_text(found: Unlocked) -> str:
    if found.lock is None:
        return f"{found.stack} is not locked"
    by = _by(found.lock)
    if found.outcome == "released":
        return visible(f"{found.stack} is unlocked; it was locked {by}")
    lines = [
        f"{found.stack} stays locked: {found.reason}",
        f"      locked {by}",
        f"      = fix: {found.remedy}",
    ]
    return "\n".join(map(visible, lines))


def _unlocked_json(found: Unlocked) -> str:
    data = {
        "stack": found.stack,
        "environment": found.environment,
        "outcome": found.outcome,
        "lock": _lock_json(found.lock),
        "reason": found.reason,
        "remedy": found.remedy,
    }
    return json.dumps(data, indent=2)
