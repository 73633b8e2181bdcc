"""A rule: a role reaches a route that it was not granted; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.comparison import RowChange
from gateprint.access.changes.wording import grouped, joined, unique
from gateprint.model.document import Document, KeyPath
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "overreach-accepted",
    "medium",
    "an overreach is accepted",
    "IAM's * also matches /, so that a grant reaches routes which the role was not granted. The "
    "blueprint accepts that with a reason; somebody else should find it good.",
    "write overreach: deny, grant the routes as well, or see that the reason holds",
    "IAM user guide, IAM JSON policy elements: Resource (wildcards)",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what is accepted anew; one finding for a role, an API and a reason."""
    new = [each for each in subject.changes.gains if each.reason is not None]
    for group in grouped(new, _what).values():
        one = group[0]
        place = subject.place_of(one.environment, one.row.blueprint)
        routes = joined(unique(each.row.route for each in group))
        stages = joined(unique(each.row.stage for each in group))
        sentence = f"{one.row.role} reaches {routes} on {stages} of {one.row.api}: {one.reason}"
        subject_text = f"role {one.row.role} on {one.row.api}"
        path = _path(place.document, one)
        yield place.finding(RULE, subject_text, sentence, path)


def _what(change: RowChange) -> tuple[str, str, str, str, str]:
    row = change.row
    return change.environment, row.blueprint, row.api, row.role, change.reason or ""


def _path(document: Document | None, change: RowChange) -> KeyPath:
    """Return where the reason stands; several are told as one, divided by semicolons."""
    grants: KeyPath = ("roles", change.row.role, "allow")
    for index, _ in enumerate(document.sequence(*grants) if document is not None else ()):
        reason = document.text(*grants, index, "overreach") if document is not None else None
        if reason and reason in (change.reason or ""):
            return (*grants, index, "overreach")
    return grants
