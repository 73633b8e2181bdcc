"""A rule: a role's grants reach what an older release serves, and the blueprint has not; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.routes.reach import reach_of
from gateprint.model.resolved import Role
from gateprint.review.finding import Finding, Rule
from gateprint.review.pinned import Pinned, pinned_in
from gateprint.review.subject import Subject

RULE = Rule(
    "release-reached",
    "high",
    "a grant reaches a route that only a stage's release has",
    "Overreach is decided about the routes of the blueprint. An older release may still serve a "
    "route that the blueprint no longer has, and IAM's * in a grant on another route reaches it.",
    "promote a release without the route, or grant what reaches it on other stages alone",
    "IAM JSON policy reference, Resource: wildcards",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield each role and route."""
    for each in pinned_in(subject):
        gone = [
            key
            for key, kind in sorted(each.release.routes.items())
            if kind == "AWS_IAM" and key not in {route.key for route in each.api.routes}
        ]
        for role in each.roles if gone else ():
            yield from _reached(each, role, gone)


def _reached(pinned: Pinned, role: Role, gone: list[str]) -> Iterator[Finding]:
    granted = {
        key
        for grant in role.grants
        if grant.api == pinned.api.name and pinned.stage in grant.stages
        for key in grant.routes
    }
    reach = reach_of(tuple((key, "iam") for key in (*sorted(granted), *gone)))
    for key in gone:
        by = [each for each in sorted(granted) if key in reach[each]]
        if by:
            sentence = (
                f"{role.name} reaches {key} on {pinned.stage}, through its grant of {by[0]}: "
                f"release {pinned.release.name} serves it, and the blueprint no longer has it"
            )
            what = f"route {key} of {pinned.api.name} on {pinned.stage} for {role.name}"
            yield pinned.place.finding(RULE, what, sentence, ("roles", role.name, "allow"))
