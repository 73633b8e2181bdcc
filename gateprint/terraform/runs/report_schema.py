"""The JSON Schema of report.json, which is an interface: fields are added, never renamed; pure."""

from __future__ import annotations

from typing import get_args

from gateprint.model.manual.schema_words import Schema, boolean, list_of, number, one_of
from gateprint.terraform.runs.record import Decision
from gateprint.terraform.runs.report import OUTCOMES

FORMAT = 1
"""The version of `report.json`; a reader refuses any other."""

_DIGEST = "^[0-9a-f]{64}$"
_NO_DIGEST = "^([0-9a-f]{64})?$"


def report_schema() -> Schema:
    """Return the schema of what `report.json` says, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What became of a run of gateprint",
        "description": "One run, or the shards of one, as gateprint report writes it.",
        **_closed(
            {
                "format": {"const": FORMAT, "description": "The version of this format."},
                "kind": one_of("What the plans were made for.", ("apply", "drift")),
                "environment": {
                    "type": ["string", "null"],
                    "description": "The environment that was chosen; null for all of them.",
                },
                "revision": _text("Git's commit; empty outside of a repository."),
                "is_dirty": boolean("Whether files differed from that commit."),
                "lock": _text("The digest of Terraform's dependency lock file.", _NO_DIGEST),
                "versions": _versions(),
                "started": _text("When the first run began, in UTC."),
                "ended": _text("When the last run ended, in UTC; empty while one has not."),
                "exit_code": _exit_code("The worst of the runs' exit codes"),
                "summary": _summary(),
                "manifest": _text("The digest of shards.json; empty without shards.", _NO_DIGEST),
                "shards": number("How many shards there are; 0 without."),
                "runs": list_of("The runs that this is about.", _run()),
                "stacks": list_of("Every stack, by name.", _stack()),
                "orphans": list_of("Stacks with a state that no blueprint asks for.", _orphan()),
            }
        ),
    }


def _versions() -> Schema:
    names = ("gateprint", "terraform", "provider", "cdktf")
    return {"description": "What made the plans.", **_closed({name: _text("") for name in names})}


def _summary() -> Schema:
    return {
        "description": "The stacks, added up.",
        **_closed(
            {
                "stacks": number("How many stacks there are."),
                "outcomes": _numbers("Outcome → number of stacks; none that no stack has.")
                | {"propertyNames": {"enum": sorted(OUTCOMES)}},
                "counts": _numbers("Action → number of resources."),
                "drifted": number("Resources that were changed outside of Terraform."),
                "missing_shards": list_of(
                    "The shards that no run is of.", {"type": "integer", "minimum": 1}
                ),
            }
        ),
    }


def _run() -> Schema:
    return _closed(
        {
            "name": _text("The name of the run, and of its folder."),
            "digest": _text("The digest of its run.json.", _NO_DIGEST),
            "started": _text("When it began, in UTC."),
            "ended": _text("When its last plan or apply ended; empty where it did not."),
            "exit_code": _exit_code("How that ended"),
            "shard": {
                "type": ["integer", "null"],
                "minimum": 1,
                "description": "Its number in the manifest; null without shards.",
            },
        }
    )


def _stack() -> Schema:
    return _closed(
        {
            "stack": _text("The stack's name."),
            "environment": _text("The environment that it belongs to."),
            "account": _text("The account that it goes to."),
            "region": _text("The region that it goes to."),
            "decision": one_of("What the plan found.", sorted(get_args(Decision))),
            "outcome": one_of("What became of it.", sorted(OUTCOMES)),
            "counts": _numbers("Action → number of resources that it was planned for."),
            "drifted": number("Resources that were changed outside of Terraform."),
            "is_retired": boolean("Whether its blueprint is retired, so that it is destroyed."),
            "digest": _text("What identifies the plan; empty without one."),
            "attempts": number("How often an apply of it began."),
            "plan_seconds": _seconds("How long its plan took."),
            "apply_seconds": _seconds("How long its applies took, all attempts together."),
            "problem": _text("Why it did not end well; empty where it did."),
        }
    )


def _orphan() -> Schema:
    return _closed({"environment": _text(""), "stack": _text("")})


def _closed(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _text(description: str, pattern: str = "") -> Schema:
    return {"type": "string"} | _filled(description=description, pattern=pattern)


def _filled(**values: str) -> Schema:
    return {name: value for name, value in values.items() if value}


def _seconds(description: str) -> Schema:
    return {"type": "number", "minimum": 0, "description": description}


def _numbers(description: str) -> Schema:
    every = {"type": "integer", "minimum": 0}
    return {"type": "object", "additionalProperties": every, "description": description}


def _exit_code(what: str) -> Schema:
    description = f"{what}; null where it has not ended, or its report is missing."
    return {"type": ["integer", "null"], "description": description}
