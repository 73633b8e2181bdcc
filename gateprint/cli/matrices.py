"""The access matrix as JSON and as Markdown; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from gateprint.access.matrix import Access, Row
from gateprint.cli.sheet import Sheet, sheet_of
from gateprint.cli.text import plain_markdown
from gateprint.errors import Difference
from gateprint.model.resolved import Retired

_COLUMNS = tuple(each.name for each in fields(Row))


def access_json(
    environment: str | None,
    found: Sequence[Access],
    differences: Sequence[Difference] | None = None,
) -> str:
    """Return the documented JSON of `access`: a line for each row.

    `differences` are those to Terraform that was read, None where none was.
    """
    lists: dict[str, Iterable[Mapping[str, Any]]] = {
        "rows": (_fields(row) for each in found for row in each.rows),
        "public": (_placed(row, each) for each in found for row in each.public),
        "tokens": (_placed(row, each) for each in found for row in each.tokens),
        "keys": (_placed(row, each) for each in found for row in each.keys),
        "restricted": (_placed(row, each) for each in found for row in each.restricted),
        "identities": (_placed(row, each) for each in found for row in each.identities),
        "overreach": (_placed(row, each) for each in found for row in each.reached),
        "pinned": (_placed(row, each) for each in found for row in each.pinned),
        "retired": (_retired(each, each.retired) for each in found if each.retired),
    }
    if differences is not None:
        lists["differences"] = (_fields(each) for each in differences)
    body = "".join(f',\n  "{name}": {_list(rows)}' for name, rows in lists.items())
    return f'{{\n  "environment": {json.dumps(environment)}{body}\n}}'


def _fields(row: Any) -> dict[str, Any]:
    # dataclasses.asdict copies every value, which takes seconds for a thousand blueprints.
    return {name: getattr(row, name) for name in row.__slots__}


def _placed(row: Any, access: Access) -> dict[str, Any]:
    return {"environment": access.environment, **_fields(row)}


def _retired(access: Access, retired: Retired) -> dict[str, Any]:
    named = {"environment": access.environment, "blueprint": access.blueprint}
    return {**named, "reason": retired.reason, "by": retired.by}


def _list(rows: Iterable[Mapping[str, Any]]) -> str:
    # A line for each row: json writes it in C, but indents in Python, seconds for many rows.
    lines = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n    {lines}\n  ]" if lines else "[]"


def access_markdown(found: Sequence[Access]) -> str:
    """Return the matrix as a Markdown table, and below it what no grant explains."""
    rows = ([f"`{getattr(row, name)}`" for name in _COLUMNS] for each in found for row in each.rows)
    sheets = [sheet_of(each) for each in found]
    parts = [
        _table(_COLUMNS, rows),
        _section("Public routes", _PUBLIC, (row for each in sheets for row in _public(each))),
        _section("Token routes", _TOKENS, (row for each in sheets for row in _tokens(each))),
        _section("Routes with an API key", _KEYS, (row for each in sheets for row in _keys(each))),
        _section(
            "Restricted APIs", _RESTRICTED, (row for each in sheets for row in _restricted(each))
        ),
        _section("Identity tokens", _SHOWN, (row for each in sheets for row in _shown(each))),
        _section("Overreach", _OVERREACH, (row for each in sheets for row in _overreach(each))),
        _section("Pinned stages", _PINNED, (row for each in sheets for row in _served(each))),
        _section("Retired", _RETIRED, (row for each in sheets for row in _given_up(each))),
    ]
    return "\n\n".join(part for part in parts if part)


_PUBLIC = ("blueprint", "environment", "api", "route", "stages", "because")
_TOKENS = ("blueprint", "environment", "api", "route", "stages", "tokens of", "with the scopes")
_KEYS = ("blueprint", "environment", "api", "route", "stages", "of the plans")
_RESTRICTED = (
    *("blueprint", "environment", "api", "only from the addresses", "only through"),
    "only by the organization",
)
_SHOWN = ("blueprint", "environment", "api", "route", "stages", "tokens of", "session's name")
_PINNED = ("blueprint", "environment", "stage", "serves the release")
_RETIRED = ("blueprint", "environment", "by", "because")
_OVERREACH = ("blueprint", "environment", "role", "api", "reaches", "through", "stages", "outcome")


def _public(sheet: Sheet) -> Iterator[list[str]]:
    for each in sheet.public:
        named = (sheet.blueprint, sheet.environment, *each.place)
        yield [*(_code(name) for name in named), _codes(each.stages), plain_markdown(each.reason)]


def _tokens(sheet: Sheet) -> Iterator[list[str]]:
    for each in sheet.tokens:
        named = (sheet.blueprint, sheet.environment, *each.place)
        yield [
            *(_code(name) for name in named),
            _codes(each.stages),
            _code(each.authorizer),
            each.words(_code),
        ]


def _keys(sheet: Sheet) -> Iterator[list[str]]:
    for each in sheet.keys:
        named = (sheet.blueprint, sheet.environment, *each.place)
        yield [*(_code(name) for name in named), _codes(each.stages), _codes(each.plans)]


def _restricted(sheet: Sheet) -> Iterator[list[str]]:
    for each in sheet.restricted:
        named = (sheet.blueprint, sheet.environment, each.api)
        lists = (each.addresses, each.networks, tuple(filter(None, [each.organization])))
        yield [*(_code(name) for name in named), *(_codes(one) for one in lists)]


def _shown(sheet: Sheet) -> Iterator[list[str]]:
    for each in sheet.identities:
        named = (sheet.blueprint, sheet.environment, *each.place)
        stages, *rest = _codes(each.stages), _code(each.issuer), _code(each.claim)
        yield [*(_code(name) for name in named), stages, *rest]


def _overreach(sheet: Sheet) -> Iterator[list[str]]:
    for found in sheet.overreach:
        for each in found.reached:
            named = (sheet.blueprint, sheet.environment, found.role, *each.place)
            lists = (_codes(each.by), _codes(each.stages))
            outcome = f"{found.mark}: {plain_markdown(found.reason)}"
            yield [*(_code(name) for name in named), *lists, outcome]


def _served(sheet: Sheet) -> Iterator[list[str]]:
    for each in sheet.pinned:
        named = (sheet.blueprint, sheet.environment, each.stage, each.release)
        yield [_code(name) for name in named]


def _given_up(sheet: Sheet) -> Iterator[list[str]]:
    if sheet.retired is not None:
        named = (_code(sheet.blueprint), _code(sheet.environment))
        yield [*named, plain_markdown(sheet.retired.by), plain_markdown(sheet.retired.reason)]


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = list(rows)
    return f"## {title}\n\n{_table(head, body)}" if body else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def _code(name: str) -> str:
    return f"`{name}`"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(_code(name) for name in names)
