"""A rule: a route asks for less: nothing, a token and no role, or less of scopes; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.comparison import PublicChange
from gateprint.access.changes.wording import grouped, joined, unique
from gateprint.access.matrix import PublicRoute
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import made, text
from gateprint.review.subject import Subject

RULE = Rule(
    "auth-weakened",
    "critical",
    "a route asks its callers for less",
    "The route needed a signature, and so a role that it was granted to, or a token with scopes. "
    "With less, more people may call what some were trusted with until now.",
    "ask for as much as before; a new route with less behind it may be what is meant",
    "API Gateway developer guide, Control access to a REST API with IAM permissions",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the routes, from the blueprints or else from the plan."""
    weaker = [each for each in subject.changes.public_gains if each.cause == "grant"]
    told: set[str] = set()
    for group in grouped(weaker, _route_of).values():
        one = group[0].route
        place = subject.place_of(group[0].environment, one.blueprint)
        told.add(place.stack)
        stages = joined(unique(each.route.stage for each in group))
        before = f"only {joined(group[0].roles)}" if group[0].roles else _until_now(subject, one)
        sentence = f"everybody may call {one.route} on {stages} of {one.api}; until now {before}"
        path = ("apis", one.api, "routes", one.route, "auth")
        yield place.finding(RULE, f"route {one.route} of {one.api}", sentence, path)
    for change in subject.changes.tokens:
        place = subject.place_of(change.environment, change.blueprint)
        if change.is_weakened:
            told.add(place.stack)
            what, where = f"route {change.route} of {change.api}", ("apis", change.api)
            sentence = change.sentence.replace("\0", "")
            yield place.finding(RULE, what, sentence, (*where, "routes", change.route))
    yield from _planned(subject, told)


def _until_now(subject: Subject, route: PublicRoute) -> str:
    """Say who could call a route that no role could."""
    for each in subject.changes.tokens:
        if (each.blueprint, each.api, each.route) == (route.blueprint, route.api, route.route):
            return each.before.words.replace("\0", "") if each.before else "nobody"
    return "nobody"


def _route_of(change: PublicChange) -> tuple[str, str, str, str]:
    return change.environment, change.route.blueprint, change.route.api, change.route.route


def _planned(subject: Subject, told: set[str]) -> Iterator[Finding]:
    """Yield methods that lose their authorization although the blueprints did not change so."""
    for stack, plan in subject.plans():
        for each in made(plan, "aws_api_gateway_method") if stack.stack not in told else ():
            before, after = text(each.before, "authorization"), text(each.after, "authorization")
            if before not in {"", "NONE"} and after == "NONE":
                sentence = f"the method needs no authorization any more; until now {before}"
                yield stack.place.finding(RULE, each.address, sentence, ("apis",))
            elif before == "AWS_IAM" and after in {"CUSTOM", "COGNITO_USER_POOLS"}:
                sentence = "the method asks for a token; until now for a role's signature"
                yield stack.place.finding(RULE, each.address, sentence, ("apis",))
