"""A rule: a user pool is destroyed or replaced; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.destruction import Kind, destroyed
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "user-pool-destroyed",
    "critical",
    "a user pool is destroyed or replaced",
    "All of its users go with it, and nobody can bring them back: their passwords are in no "
    "backup, and a new pool has another id, so that no token and no client of the old one works.",
    "keep the pool and its name; if it goes for good, move its users to another one first",
    "Cognito developer guide, User pool deletion protection",
)
_KIND = Kind("aws_cognito_user_pool", "the user pool", "name", "user_pools")


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    yield from destroyed(RULE, subject, _KIND)
