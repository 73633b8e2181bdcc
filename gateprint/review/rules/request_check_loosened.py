"""A rule: requests are checked for less before a backend sees them; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.model.document import KeyPath
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import attribute, made
from gateprint.review.request_changes import asked_by, planned_asked
from gateprint.review.subject import StackSubject, Subject
from gateprint.terraform.plans.plan import TerraformPlan

RULE = Rule(
    "request-check-loosened",
    "medium",
    "requests are checked for less",
    "What API Gateway refused until now reaches the backend: bodies of any form, and requests "
    "without what was required. A backend that trusted the check has to check by itself.",
    "check as much as before, or make sure that the backend does",
    "API Gateway developer guide, Request validation for REST APIs in API Gateway",
)
_FLAGS = {"validate_request_body": "bodies", "validate_request_parameters": "parameters"}


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what is checked no longer, from the plans or else from the blueprints."""
    for stack, plan in subject.plans():
        yield from _methods(stack, plan)
        yield from _validators(stack, plan)
    if subject.is_offline:
        yield from _stated(subject)


def _methods(stack: StackSubject, plan: TerraformPlan) -> Iterator[Finding]:
    for each in made(plan, "aws_api_gateway_method"):
        before, after = planned_asked(each)
        for clause in before.lost_in(after):
            yield stack.place.finding(RULE, each.address, clause, ("apis",))


def _validators(stack: StackSubject, plan: TerraformPlan) -> Iterator[Finding]:
    for each in made(plan, "aws_api_gateway_request_validator"):
        for flag, what in _FLAGS.items():
            if attribute(each.before, flag) is True and attribute(each.after, flag) is not True:
                sentence = f"{what} are not checked any more by the methods that use it"
                yield stack.place.finding(RULE, each.address, sentence, ("apis",))


def _stated(subject: Subject) -> Iterator[Finding]:
    for stack, api, old, new in subject.routes_on_both():
        path: KeyPath = ("apis", api, "routes", new.key)
        for clause in asked_by(old.request).lost_in(asked_by(new.request)):
            sentence = f"{clause} by {new.key} of {api}"
            yield stack.place.finding(RULE, f"route {new.key} of {api}", sentence, path)
