"""A rule: a pinned stage lets everybody call what the blueprint closes; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.pinned import Pinned, pinned_in
from gateprint.review.subject import Subject

RULE = Rule(
    "release-open",
    "high",
    "a stage's release is open to everybody where the blueprint is not",
    "A release is a snapshot, and holds who is asked to sign as well. What the blueprint closes or "
    "takes away stays open on a stage with an older release, until it gets another one.",
    "promote a release in which the route is closed, or see that it may stay open",
    "API Gateway developer guide, Deploy REST APIs in API Gateway",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield each route of a pinned stage."""
    for each in pinned_in(subject):
        for key in _open(each):
            known = {route.key: route.auth for route in each.api.routes}
            now = f"asks for {known[key]}" if key in known else "does not have it any more"
            sentence = (
                f"everybody may call {key} on {each.stage}, which serves release "
                f"{each.release.name}; the blueprint {now}"
            )
            what = f"route {key} of {each.api.name} on {each.stage}"
            yield each.place.finding(RULE, what, sentence, ("stages", each.stage, "release"))


def _open(pinned: Pinned) -> list[str]:
    public = {route.key for route in pinned.api.routes if route.auth == "none"}
    return sorted(
        key for key, kind in pinned.release.routes.items() if kind == "NONE" and key not in public
    )
