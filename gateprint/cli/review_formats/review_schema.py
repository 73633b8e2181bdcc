"""The JSON Schema of a review as data: fields are added to a version, never renamed; pure."""

from __future__ import annotations

from typing import get_args

from gateprint.access.changes.sentences import Kind
from gateprint.model.manual.schema_words import Schema, boolean, list_of, number, one_of
from gateprint.review.finding import SEVERITIES
from gateprint.review.review import Decision, Notice

VERSION = 1
"""The version of the format; another one has other fields."""


def review_schema() -> Schema:
    """Return the schema of what `gateprint review --format json` prints, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A review of gateprint",
        "description": "What a run does, or what blueprints change, and whether it passed.",
        **_object(
            version={"const": VERSION, "description": "The version of this format."},
            run=_text("The run's name; without a plan, what was compared."),
            offline=boolean("Whether no plan was made and no cloud asked."),
            verdict=one_of("Whether gateprint apply takes the run.", get_args(Decision)),
            headline=_text("The verdict in one line."),
            reasons=list_of("Why it was refused.", _text("A reason, in a sentence.")),
            digest=_text("The digest of its run.json; empty without a plan."),
            stacks=_digests(),
            counts=_counts(),
            access=list_of("Who gains and loses what, public routes first.", _access()),
            destroyed=list_of("What is deleted or replaced, and would be missed.", _destroyed()),
            noticed=list_of("What callers notice.", _noticed()),
            findings=list_of("What the rules find, the most severe first.", _object(**_finding())),
            waived=list_of("Findings that are accepted.", _waived()),
            clusters=list_of("Stacks that change in the same way.", _cluster()),
            unverified=list_of(
                "What could not be verified before the apply.", _text("A sentence.")
            ),
        ),
    }


def _digests() -> Schema:
    return {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "Stack that changes → the digest of its plan.",
    }


def _counts() -> Schema:
    terraform = _object(
        add=number("Resources to add."),
        change=number("Resources to change."),
        destroy=number("Resources to destroy."),
    )
    actions = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
    return _object(
        changed=number("Stacks that change."),
        unchanged=number("Stacks that do not."),
        terraform={
            **_or_null(terraform),
            "description": "As Terraform counts: a replace is one to add and one to destroy. "
            "Null without a plan.",
        },
        actions={**actions, "description": "Action of the plans → number of resources."},
    )


def _access() -> Schema:
    return _object(
        kind=one_of("What changes.", get_args(Kind)),
        sentence=_text("Who gains or loses what, without a capital and a full stop."),
        names=list_of("What users wrote of it, in order: names and reasons.", _text("A name.")),
    )


def _destroyed() -> Schema:
    return _object(
        stack=_text("The stack's name."),
        kind=_text("What kind of resource."),
        address=_text("Terraform's address."),
    )


def _noticed() -> Schema:
    return _object(
        stack=_text("The stack's name."),
        kind=one_of("What changes.", get_args(Notice)),
        sentence=_text("What callers notice."),
        breaking=boolean("Whether calls of today then fail."),
        **_place(),
    )


def _finding() -> Schema:
    return {
        "rule": _text("The rule's id, as in docs/review-rules.md."),
        "severity": one_of("How bad it is.", SEVERITIES),
        "stack": _text("The stack's name."),
        "subject": _text("What it is about in the stack, in words or an address."),
        "address": _text("What a waiver names: stack and subject."),
        "sentence": _text("What was found."),
        "why": _text("Why it matters."),
        "remedy": _text("What helps."),
        "source": _text("Where AWS or Terraform says so."),
        "docs": _text("Where the rule is explained."),
        **_place(),
    }


def _waived() -> Schema:
    until = {"type": "string", "format": "date", "description": "The last day on which it is."}
    return _object(**_finding(), reason=_text("Why it is accepted."), until=until)


def _cluster() -> Schema:
    changes = list_of("What differs.", _object(**_change()))
    difference = _object(example=_text("A stack of that group."), more=changes, less=changes)
    return _object(
        stacks=list_of("Their names.", _text("A stack's name.")),
        summary=_text("The changes in a few words; empty where there are none."),
        changes=list_of("The changes, in the words of all.", _object(**_change(), **_place())),
        difference={
            **_or_null(difference),
            "description": "How an outlier differs from the group that it almost belongs to.",
        },
    )


def _change() -> Schema:
    attribute = _object(
        path=_text("Its path, such as settings[0].throttling_rate_limit."),
        before=_text("Its value now, shortened."),
        after=_text("Its value after the apply, shortened."),
    )
    return {
        "action": _text("What happens to the resource."),
        "address": _text("Terraform's address; a stack's own names are {blueprint} and the like."),
        "attributes": list_of("What changes in it.", attribute),
    }


def _place() -> Schema:
    return {
        "path": _or_null(_text("The file that caused it; null where none did.")),
        "line": _or_null(number("The line, counted from 1.", 1)),
        "column": _or_null(number("The column, counted from 1.", 1)),
    }


def _object(**properties: Schema) -> Schema:
    # Open: a later gateprint may add fields.
    return {"type": "object", "properties": properties, "required": list(properties)}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}
