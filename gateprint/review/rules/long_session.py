"""A rule: a session lasts long; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.wording import duration
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

_LONGEST_SECONDS = 4 * 3600
RULE = Rule(
    "long-session",
    "medium",
    "a session may last longer than 4 hours",
    "Who leaves the company or loses a device keeps the role until the session ends: its "
    "credentials cannot be called back one by one.",
    "set max_session to 4h or less; a program can sign in again",
    "IAM user guide, Revoke IAM role temporary security credentials",
    is_standing=True,
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    for place, blueprint in subject.blueprints():
        for role in blueprint.roles:
            if role.identity_provider is not None and role.max_session_seconds > _LONGEST_SECONDS:
                lasting = duration(role.max_session_seconds)
                sentence = f"a session of {role.name} may last {lasting}"
                path = ("roles", role.name, "max_session")
                yield place.finding(RULE, f"role {role.name}", sentence, path)
