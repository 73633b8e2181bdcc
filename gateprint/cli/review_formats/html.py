"""The review as one HTML page, for a phone, for print and for the archive; pure but for templates.

It loads nothing, runs nothing, and reads the same without its colours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gateprint.cli.pages import rendered
from gateprint.cli.review_formats.links import Link, no_link
from gateprint.cli.review_formats.parts import ACTIONS, MARKS, Line, place_text
from gateprint.cli.review_formats.sections import report_of
from gateprint.errors import Location
from gateprint.review.finding import SEVERITIES
from gateprint.review.review import Review

# The facts that are numbers alone, of which the page has a picture.
_NUMBERS = frozenset({"findings"})


def review_html(found: Review, link: Link = no_link) -> str:
    """Return the page; `link` knows where a line of a blueprint is shown."""
    report = report_of(found)
    values = {
        "report": report,
        "title": f"{'offline preview' if found.is_offline else 'review'} of {found.subject}",
        "numbers": tuple(_numbers(found)),
        "found": tuple(_severities(found)),
        "waived": len(found.waived),
        "facts": [
            each
            for each in report.facts
            if each.label not in _NUMBERS and (found.is_offline or each.label != "Terraform")
        ],
        "marks": MARKS,
        "severities": SEVERITIES,
        "actions": ACTIONS,
    }
    functions: dict[str, Callable[..., Any]] = {
        "place": place_text,
        "address": _address(link),
        "lead": _lead,
    }
    return rendered("review", values, functions)


def _numbers(found: Review) -> Iterator[tuple[str, int, str]]:
    """Yield what is counted: its name, its number, and what it is."""
    counted = found.counted
    yield "stacks change", counted.changed, ""
    yield "unchanged", counted.unchanged, ""
    if not found.is_offline:
        yield "to add", counted.to_add, "create"
        yield "to change", counted.to_change, "update"
        yield "to destroy", counted.to_destroy, "delete"


def _severities(found: Review) -> Iterator[tuple[str, int]]:
    for severity in SEVERITIES:
        number = sum(each.severity == severity for each in found.findings)
        if number:
            yield severity, number


def _lead(line: Line) -> str:
    """Return the label as it stands before a text; an address is known by its form."""
    if not line.label or line.label == "at" or line.label in SEVERITIES:
        return ""
    return line.label if line.kind in ACTIONS else f"{line.label}:"


def _address(link: Link) -> Callable[[Location], str]:
    def address(place: Location) -> str:
        found = link(place) or ""
        return found if found.startswith(("https://", "http://")) else ""

    return address
