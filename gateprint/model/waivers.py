"""The format of config/review.yaml: which findings are accepted, why, and until when; pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Annotated

from gateprint.errors import Diagnostic, InputRejected, Location
from gateprint.model import kinds
from gateprint.model.document import Document
from gateprint.model.schema import Model, examine
from gateprint.model.words import shortened, suggest

WAIVERS_FILE = "review.yaml"
_DAY = {
    "type": "string",
    "format": "date",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "examples": ["2027-03-31"],
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _date(value: object) -> dt.date:
    written = str(kinds.text_of(value, "a date"))
    try:
        # The library also takes weeks and dates without hyphens.
        if _DATE.fullmatch(written):
            return dt.date.fromisoformat(written)
    except ValueError:
        pass
    problem = f'"{shortened(written)}" is not a date'
    raise kinds.refusal("wrong-date", problem, "write year, month and day, such as 2027-03-31")


class WaiverEntry(Model):
    """A finding that is accepted."""

    rule: Annotated[str, kinds.text(100, "the rule's id")]
    """Id of the rule."""
    address: Annotated[
        str,
        kinds.matching(
            r"[a-z][a-z0-9-]{0,99}/\S.*",
            "an address of a finding: its stack, / and what it is about",
            "pets-nonprod/role pets-reader",
        ),
    ]
    """Stack and subject of the finding, as the review shows them below its sentence."""
    reason: Annotated[str, kinds.text(1_000, "the reason")]
    """Why it is accepted."""
    until: Annotated[dt.date, kinds.Check(_date, _DAY)]
    """The last day on which it is, at most a year ahead."""


class Review(Model):
    """What people decided about the findings of reviews."""

    waivers: list[WaiverEntry]
    """The findings that are accepted."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted finding, and where that is written; `until` is the last day."""

    rule: str
    address: str
    reason: str
    until: dt.date
    location: Location

    @property
    def stack(self) -> str:
        """Return the stack that it is about."""
        return self.address.partition("/")[0]

    @property
    def subject(self) -> str:
        """Return what it is about in that stack."""
        return self.address.partition("/")[2]


def waivers_of(document: Document, rules: Collection[str]) -> tuple[Waiver, ...]:
    """Return the waivers of config/review.yaml; `rules` are the ids that may be waived.

    Raises:
        InputRejected: with every problem of the file.
    """
    settings, found = examine(document, Review, _check_rules(document, rules))
    if settings is None:
        raise InputRejected(found)
    return tuple(
        Waiver(
            each.rule,
            each.address,
            each.reason,
            each.until,
            document.locate(("waivers", index, "rule"), key=True),
        )
        for index, each in enumerate(settings.waivers)
    )


def _check_rules(document: Document, rules: Collection[str]) -> Iterator[Diagnostic]:
    for index, _ in enumerate(document.sequence("waivers")):
        rule = document.text("waivers", index, "rule")
        if rule is not None and rule not in rules:
            problem = f'there is no rule "{shortened(rule)}" that can be waived'
            path = ("waivers", index, "rule")
            yield document.reject(path, "unknown-rule", problem, suggest(rule, sorted(rules)))
