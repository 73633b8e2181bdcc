"""A rule: a role is destroyed or replaced; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.destruction import Kind, destroyed
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "role-destroyed",
    "high",
    "a role is destroyed or replaced",
    "Sessions of the role end, and policies elsewhere that name it keep the id of the old one: a "
    "new role of the same name is not meant by them.",
    "keep the role and its name; if it goes for good, tell those who sign in to it first",
    "IAM user guide, AWS JSON policy elements: Principal (role principals)",
)
_KIND = Kind("aws_iam_role", "the role", "name", "roles")


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    yield from destroyed(RULE, subject, _KIND)
