"""Tables for a terminal, and the same rows as JSON and Markdown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from io import StringIO

from gateprint.access.matrix import PublicRoute, Row
from gateprint.cli.text import terminal_width

# A pipe has no width, but somebody may look at what comes out of it.
_PIPE_WIDTH = 120


def width() -> int:
    """Return how many characters a line of the output has."""
    return terminal_width(sys.stdout) or _PIPE_WIDTH


def draw(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], width: int) -> str:
    """Return a table of at most `width` characters, without colour."""
    # Rich takes time to import; only people wait for tables.
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    buffer = StringIO()
    Console(file=buffer, width=width, color_system=None, markup=False).print(table)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()).strip("\n")


def access_table(rows: Sequence[Row], width: int) -> str:
    """Return the matrix of one blueprint: a line per role and route, a column per stage."""
    stages = list(dict.fromkeys(row.stage for row in rows))
    body: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows:
        cell = "public" if row.auth == "none" else {"allow": "yes", "deny": "-"}[row.decision]
        body.setdefault((row.role, row.api, row.route), {})[row.stage] = cell
    several = len({row.api for row in rows}) > 1
    lines = []
    previous = None
    for (role, api, route), cells in body.items():
        shown = "" if role == previous else role
        previous = role
        name = f"{api}: {route}" if several else route
        lines.append([shown, name, *(cells[stage] for stage in stages)])
    return draw("", ["role", "may call", *stages], lines, width)


def access_json(environment: str | None, rows: Sequence[Row]) -> str:
    """Return the documented JSON of `access`."""
    data = {"environment": environment, "rows": [asdict(row) for row in rows]}
    return json.dumps(data, indent=2, ensure_ascii=False)


def access_markdown(rows: Sequence[Row]) -> str:
    """Return the matrix as a Markdown table."""
    head = ["blueprint", "api", "stage", "route", "auth", "role", "decision"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [
        "| " + " | ".join(f"`{each}`" for each in asdict(row).values()) + " |" for row in rows
    ]
    return "\n".join(lines)


def public_table(routes: Sequence[PublicRoute], width: int) -> str:
    """Return the routes that everybody may call, with the reasons."""
    stages: dict[tuple[str, str, str], list[str]] = {}
    for each in routes:
        stages.setdefault((each.api, each.route, each.reason), []).append(each.stage)
    rows = [[route, ", ".join(on), reason] for (_, route, reason), on in stages.items()]
    return draw("", ["public route", "stages", "because"], rows, width)
