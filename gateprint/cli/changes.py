"""Prints who gains and who loses access since a git revision: for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Any

from gateprint.access.changes.comparison import Changes, PublicChange, RowChange, SignInChange
from gateprint.access.changes.identities import plain_change
from gateprint.access.changes.restrictions import as_data
from gateprint.access.changes.sentences import NOTHING, Kind, Sentence, sentences
from gateprint.access.changes.trust import Trust
from gateprint.cli.notice import Notice
from gateprint.cli.text import visible
from gateprint.cli.wrapping import hanging
from gateprint.model.visible import code_markdown

_HEADINGS: Mapping[Kind, str] = {
    "public": "Open to everybody",
    "gain": "Gains",
    "loss": "Losses",
    "token": "What tokens open",
    "key": "What API keys open",
    "identity": "Who callers have to show that they are",
    "sign-in": "Who may assume a role",
}


def render(found: Changes, against: str, environment: str | None, form: str) -> str:
    """Return the changes as `json`, `markdown` or, under any other name, as text.

    A page has them above the matrix: see `changes_notices`.
    """
    if form == "json":
        return changes_json(found, against, environment)
    return (changes_markdown if form == "markdown" else changes_text)(found, against)


def changes_text(found: Changes, against: str) -> str:
    """Return the sentences in lines of 80 characters."""
    said = sentences(found)
    if not said:
        return f"{NOTHING.capitalize()}, compared with {visible(against)}."
    lines = [f"Compared with {visible(against)}:"]
    for kind, group in groupby(said, lambda each: each.kind):
        lines += ["", _HEADINGS[kind], *(hanging(each.text, "- ", "  ") for each in group)]
    return "\n".join(lines)


def changes_markdown(found: Changes, against: str) -> str:
    """Return the sentences as lists under headings; what users wrote is code, and so inert."""
    said = sentences(found)
    if not said:
        return f"{NOTHING.capitalize()}, compared with {code_markdown(against)}."
    lines = [f"Compared with {code_markdown(against)}:"]
    for kind, group in groupby(said, lambda each: each.kind):
        lines += ["", f"### {_HEADINGS[kind]}", "", *(_item(each) for each in group)]
    return "\n".join(lines)


def _item(sentence: Sentence) -> str:
    parts = enumerate(sentence.parts)
    return "- " + "".join(code_markdown(part) if index % 2 else part for index, part in parts)


def changes_notices(found: Changes, against: str) -> list[Notice]:
    """Return the sentences for the top of a page."""
    since = f"Since {visible(against)}"
    said = sentences(found)
    if not said:
        return [Notice(since, f"{NOTHING.capitalize()}.")]
    return [
        Notice(f"{since}: {_HEADINGS[kind].lower()}", "", tuple(each.parts for each in group))
        for kind, group in groupby(said, lambda each: each.kind)
    ]


def changes_json(found: Changes, against: str, environment: str | None) -> str:
    """Return the documented JSON of `access --against`."""
    data = {
        "environment": environment,
        "against": against,
        "gains": [_row(each, "allow") for each in found.gains],
        "losses": [_row(each, "deny") for each in found.losses],
        "public": {
            "gains": [_public(each) for each in found.public_gains],
            "losses": [_public(each) for each in found.public_losses],
        },
        "networks": [_without_where(asdict(each)) for each in found.networks],
        "sign_in": [_sign_in(each) for each in found.sign_in],
        "tokens": [asdict(each) for each in found.tokens],
        "keys": [asdict(each) for each in found.keys],
        "restrictions": [as_data(each) for each in found.restrictions],
        "identities": [plain_change(each) for each in found.identities],
        "sentences": [{"kind": each.kind, "text": each.text} for each in sentences(found)],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _row(one: RowChange, decision: str) -> dict[str, Any]:
    return {"environment": one.environment, **asdict(one.row), "decision": decision}


def _public(one: PublicChange) -> dict[str, Any]:
    return {
        "environment": one.environment,
        **asdict(one.route),
        "vpc_endpoints": one.vpc_endpoints,
        "roles": one.roles,
    }


def _sign_in(one: SignInChange) -> dict[str, Any]:
    return _without_where({**asdict(one), "before": _trust(one.before), "after": _trust(one.after)})


def _trust(one: Trust | None) -> dict[str, Any] | None:
    return None if one is None else asdict(one)


def _without_where(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "where"}
