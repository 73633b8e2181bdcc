"""A rule: the body that a route takes is another one; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.wording import joined
from gateprint.model.document import KeyPath
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import made, text
from gateprint.review.request_changes import body_changes
from gateprint.review.subject import Subject

RULE = Rule(
    "body-changed",
    "low",
    "the body that a route takes has another form",
    "Callers that send what was right until now may be refused, and the backend may get what it "
    "never got. The schema is in a file of its own, which is easily passed over in a review.",
    "tell the callers before what they have to send, or let the schema take both forms for a time",
    "API Gateway developer guide, Data models for REST APIs",
)
_SHOWN = 3


def find(subject: Subject) -> Iterator[Finding]:
    """Yield each schema that changes, from the plans or else from the blueprints."""
    for stack, plan in subject.plans():
        for each in made(plan, "aws_api_gateway_model"):
            if each.before and (said := _changes(text(each.before, "schema"), each.after)):
                routes = _routes(stack.blueprint, text(each.after, "name"))
                sentence = f"the body that {routes} takes changes: {said}"
                yield stack.place.finding(RULE, each.address, sentence, ("apis",))
    if subject.is_offline:
        yield from _stated(subject)


def _changes(before: str, after: object) -> str:
    return body_changes(before, text(after, "schema"))


def _routes(blueprint: ResolvedBlueprint | None, model: str) -> str:
    routes = [] if blueprint is None else [each for _, each in blueprint.routes()]
    named = [
        each.key
        for each in routes
        if each.request and each.request.body and each.request.body.model == model
    ]
    more = [f"{len(named) - _SHOWN} more"] if len(named) > _SHOWN else []
    return joined([*named[:_SHOWN], *more]) if named else f"whatever uses {model}"


def _stated(subject: Subject) -> Iterator[Finding]:
    for stack, api, old, new in subject.routes_on_both():
        was = old.request.body if old.request else None
        now = new.request.body if new.request else None
        if was and now and (said := body_changes(was.schema_json, now.schema_json)):
            path: KeyPath = ("apis", api, "routes", new.key, "request")
            sentence = f"the body that {new.key} of {api} takes changes: {said}"
            yield stack.place.finding(RULE, f"route {new.key} of {api}", sentence, path)
