"""`schema`: what the formats accept, for editors, programs and readers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import click

from gateprint.cli.options import formats


def _written(kind: str) -> dict[str, Any]:
    from gateprint.model.manual.json_schema import json_schema  # noqa: PLC0415

    return json_schema(kind)


def _waivers(_kind: str) -> dict[str, Any]:
    from gateprint.model.manual.waivers_schema import waivers_schema  # noqa: PLC0415
    from gateprint.review.rules import RULES  # noqa: PLC0415

    return waivers_schema({each.id: each.title for each in RULES})


def _report(_kind: str) -> dict[str, Any]:
    from gateprint.terraform.runs.report_schema import report_schema  # noqa: PLC0415

    return report_schema()


def _review(_kind: str) -> dict[str, Any]:
    from gateprint.cli.review_formats.review_schema import review_schema  # noqa: PLC0415

    return review_schema()


_KINDS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "blueprint": _written,
    "environment": _written,
    "waivers": _waivers,
    "report": _report,
    "review": _review,
}
_WITH_A_REFERENCE = ("blueprint", "environment")


@click.command()
@click.argument("kind", type=click.Choice(list(_KINDS)), required=False)
@formats("json", "markdown")
def schema(kind: str | None, form: str) -> None:
    """Print what a format accepts, for editors or for readers.

    As JSON Schema, of blueprints unless told otherwise, or as Markdown, of blueprints and
    environments. Of the others there is a JSON Schema alone: the waivers of config/review.yaml, the
    report.json of a run, and a review as JSON.
    """
    if form == "json":
        found = _KINDS[kind or "blueprint"](kind or "blueprint")
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    if kind is not None and kind not in _WITH_A_REFERENCE:
        raise click.UsageError(f"of {kind} there is a JSON Schema alone")
    from gateprint.model.manual.reference import reference  # noqa: PLC0415

    click.echo(reference(*[kind] if kind else []), nl=False)
