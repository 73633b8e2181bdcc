"""A rule: a route on which no caller is checked is new; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.comparison import PublicChange
from gateprint.access.changes.wording import grouped, joined, unique
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "public-route-added",
    "high",
    "a public route is new",
    "No caller of the route is checked: everybody on the internet may call it, or everybody behind "
    "the VPC endpoints of a private API.",
    "set auth: iam and grant the route to roles, or see that its reason holds",
    "API Gateway developer guide, Control and manage access to REST APIs in API Gateway",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a route, whatever the number of its stages."""
    new = [each for each in subject.changes.public_gains if each.cause != "grant"]
    for group in grouped(new, _route_of).values():
        one = group[0].route
        place = subject.place_of(group[0].environment, one.blueprint)
        stages = joined(unique(each.route.stage for each in group))
        path = ("apis", one.api, "routes", one.route)
        sentence = f"{_who(group[0])} may call {one.route} on {stages} of {one.api}"
        reason = f': "{one.reason}"' if one.reason else ""
        yield place.finding(RULE, f"route {one.route} of {one.api}", sentence + reason, path)


def _route_of(change: PublicChange) -> tuple[str, str, str, str]:
    return change.environment, change.route.blueprint, change.route.api, change.route.route


def _who(change: PublicChange) -> str:
    ways = change.vpc_endpoints
    return f"everybody behind {joined(ways)}" if ways else "everybody"
