"""The verb `access`: who may call what, as people and as programs read it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from gateprint.access.matrix import Access, PublicRoute, Row, access_of
from gateprint.access.overreach import Reached
from gateprint.cli import tables
from gateprint.cli.options import formats, inputs, places_of
from gateprint.cli.sheet import arranged, sheet_of
from gateprint.errors import Difference
from gateprint.model.resolved import Retired
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places

Rendering = Callable[["Shown"], Iterator[str]]
_FOLDER = click.Path(path_type=Path, file_okay=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown: the access, and what the Terraform in a folder says otherwise.

    `source` is None where no Terraform was read.
    """

    environment: str | None
    access: Sequence[Access]
    source: Path | None = None
    differences: tuple[Difference, ...] = ()


@click.command()
@inputs
@click.option(
    "--from",
    "source",
    type=_FOLDER,
    metavar="DIR",
    help="Prove the access from the Terraform in DIR, such as cdktf.out.",
)
@click.option("--against", metavar="REV", help="Show who gains and who loses since a git revision.")
@formats("table", "json", "markdown", "html")
def access(
    *,
    blueprints: Path,
    config: Path,
    environment: str | None,
    source: Path | None,
    against: str | None,
    form: str,
) -> int:
    """Show who may call what, on which stage.

    Apart from it, what no grant explains: public routes, and routes that IAM reaches from granted
    ones. With --from, exit code 3 where the Terraform gives other access than the blueprints.
    """
    places = places_of(blueprints, config, environment)
    if against is not None:
        if source is not None:
            raise click.UsageError("--from and --against are two questions: ask one at a time")
        return _show_changes(places, against, form)
    found = load(places)
    differences = _differences(found, source) if source is not None else ()
    shown = Shown(
        environment or None, [access_of(each) for each in found.blueprints], source, differences
    )
    for text in _RENDERINGS[form](shown):
        click.echo(text)
    return 3 if differences else 0


def _show_changes(places: Places, against: str, form: str) -> int:
    from gateprint.cli.changes import changes_notices, render  # noqa: PLC0415
    from gateprint.workflow.revision import changes_since  # noqa: PLC0415

    found = changes_since(places, against, os.environ)
    if form == "html":
        from gateprint.cli.page import access_page  # noqa: PLC0415

        sheets = [sheet_of(access_of(each)) for each in load(places).blueprints]
        click.echo(access_page(sheets, changes_notices(found, against)))
    else:
        click.echo(render(found, against, places.environment, form))
    return 0


def _differences(found: Inputs, source: Path) -> tuple[Difference, ...]:
    from gateprint.workflow.proof import find_differences  # noqa: PLC0415

    return find_differences(found, source)


def print_access(
    rows: Sequence[Row],
    public: Sequence[PublicRoute],
    reached: Sequence[Reached] = (),
    retired: Retired | None = None,
) -> None:
    """Print the matrix of one blueprint as a table, and apart what no grant explains."""
    sheet = replace(arranged(rows, public, reached), retired=retired)
    for table in tables.access_tables(sheet, tables.width()):
        click.echo(f"{table}\n")


def _tables(shown: Shown) -> Iterator[str]:
    width = tables.width()
    for each in shown.access:
        yield f"{each.blueprint} in {each.environment}\n"
        for table in tables.access_tables(sheet_of(each), width):
            yield f"{table}\n"
    if shown.source is not None:
        from gateprint.cli.differences import proof_text  # noqa: PLC0415

        yield proof_text(shown.differences, shown.source, width)


def _json(shown: Shown) -> Iterator[str]:
    from gateprint.cli.matrices import access_json  # noqa: PLC0415

    differences = None if shown.source is None else shown.differences
    yield access_json(shown.environment, shown.access, differences)


def _markdown(shown: Shown) -> Iterator[str]:
    from gateprint.cli.matrices import access_markdown  # noqa: PLC0415

    yield access_markdown(shown.access)
    if shown.source is not None:
        from gateprint.cli.differences import proof_markdown  # noqa: PLC0415

        yield "\n" + proof_markdown(shown.differences, shown.source)


def _html(shown: Shown) -> Iterator[str]:
    # Jinja takes time to import.
    from gateprint.cli.differences import proof_notice  # noqa: PLC0415
    from gateprint.cli.page import access_page  # noqa: PLC0415

    notices = [] if shown.source is None else [proof_notice(shown.differences, shown.source)]
    yield access_page([sheet_of(each) for each in shown.access], notices)


_RENDERINGS: Mapping[str, Rendering] = {
    "table": _tables,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
}
