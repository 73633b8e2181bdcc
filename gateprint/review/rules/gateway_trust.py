"""A rule: API Gateway may assume a role that users sign in to; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "gateway-trust",
    "medium",
    "API Gateway may assume a role that users sign in to",
    "The service then acts with the permissions that were meant for people, for whoever can "
    "configure an integration with that role. What API Gateway needs is a role of its own.",
    "leave assumed_by_gateway out, unless an integration has this role as its credentials",
    "IAM user guide, The confused deputy problem",
    is_standing=True,
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    for place, blueprint in subject.blueprints():
        for role in blueprint.roles:
            if role.is_assumed_by_gateway and role.identity_provider is not None:
                provider = role.identity_provider.name
                sentence = f"{role.name} is for who signs in with {provider}, and for API Gateway"
                path = ("roles", role.name, "assumed_by_gateway")
                yield place.finding(RULE, f"role {role.name}", sentence, path)
