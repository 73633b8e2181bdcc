"""What reads the formats of a review, as the programs do that they are for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker

from gateprint.cli.review_formats.review_schema import review_schema
from tests.support.project import ROOT

# See docs/decisions/0011-schema-of-sarif.md.
_SARIF = ROOT / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
# GitHub's runner knows more; these are what its documentation names.
_REGISTERED = frozenset(
    {
        *("add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group"),
        *("notice", "remove-matcher", "save-state", "set-env", "set-output", "stop-commands"),
        "warning",
    }
)


@dataclass(frozen=True)
class Command:
    """A workflow command as GitHub's runner understands it."""

    name: str
    properties: dict[str, str]
    data: str


def commands_of(text: str) -> list[Command]:
    """Return what the runner would obey in a log.

    As in actions/runner, src/Runner.Common/ActionCommand.cs: first the form of today, and then
    the one of before, which may be anywhere in a line. It reads lines as .NET does.
    """
    lines = re.split("\r\n|[\n\r\f\x85\u2028\u2029]", text)
    found = [_command(each.lstrip()) or _older(each) for each in lines]
    return [each for each in found if each is not None]


def _command(line: str) -> Command | None:
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, rest = line[2:end].partition(" ")
    if name.lower() not in _REGISTERED:
        return None
    pairs = [each.partition("=") for each in rest.strip().split(",") if each]
    properties = {key: _decoded(value, ":,") for key, _, value in pairs if value}
    return Command(name, properties, _decoded(line[end + 2 :], ""))


def _older(line: str) -> Command | None:
    """Find `##[…]`, and what Azure's agent and TeamCity obey."""
    found = re.search(r"##(?:vso|teamcity)?\[", line)
    return Command("##", {}, line[found.start() :]) if found else None


def _decoded(text: str, others: str) -> str:
    for character in f"\r\n{others}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def sarif_problems(log: Any) -> list[str]:
    """Return what the published schema of SARIF finds wrong."""
    return [f"{each.json_path}: {each.message}" for each in _sarif_schema().iter_errors(log)]


@cache
def _sarif_schema() -> Draft4Validator:
    return Draft4Validator(json.loads(_SARIF.read_bytes()))


def schema_problems(data: Any) -> list[str]:
    """Return what the schema of a review finds wrong."""
    return [f"{each.json_path}: {each.message}" for each in _review_schema().iter_errors(data)]


@cache
def _review_schema() -> Draft202012Validator:
    return Draft202012Validator(review_schema(), format_checker=FormatChecker())
