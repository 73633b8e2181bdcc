"""A rule: a public route asks for no API key any more; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import attribute, made, text
from gateprint.review.subject import Subject

RULE = Rule(
    "api-key-dropped",
    "medium",
    "a public route asks for no API key any more",
    "No caller of the route is checked. With a key each one was known and had a limit of its own; "
    "without, everybody may call it as often as the stage allows, and nobody can be told apart.",
    "keep api_key: true, or see that the stage's throttle is enough",
    "API Gateway developer guide, Usage plans and API keys for REST APIs in API Gateway",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the routes, from the blueprints or else from the plan."""
    told: set[str] = set()
    for change in subject.changes.keys:
        if change.kind == "dropped":
            place = subject.place_of(change.environment, change.blueprint)
            told.add(place.stack)
            if change.is_open:
                what, where = f"route {change.subject} of {change.api}", ("apis", change.api)
                sentence = f"{change.sentence}, and everybody may call it".replace("\0", "")
                yield place.finding(RULE, what, sentence, (*where, "routes", change.subject))
    yield from _planned(subject, told)


def _planned(subject: Subject, told: set[str]) -> Iterator[Finding]:
    """Yield methods that lose their key although the blueprints did not change so."""
    for stack, plan in subject.plans():
        for each in made(plan, "aws_api_gateway_method") if stack.stack not in told else ():
            was, now = (attribute(side, "api_key_required") for side in (each.before, each.after))
            if was is True and not now and text(each.after, "authorization") == "NONE":
                sentence = "the method needs no API key any more, and checks nobody"
                yield stack.place.finding(RULE, each.address, sentence, ("apis",))
