"""A rule: an API gets back the address that AWS gives it; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import attribute, made, text
from gateprint.review.subject import Subject

RULE = Rule(
    "default-endpoint-opened",
    "high",
    "an API is reached by its default endpoint again",
    "What stands at its domain, such as mutual TLS or a newer TLS, does not stand there: the API "
    "is reached without it.",
    "keep default_endpoint: false",
    "API Gateway developer guide, Disable the default endpoint for REST APIs",
)
_NAME = "disable_execute_api_endpoint"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the APIs that had none until now."""
    for stack, plan in subject.plans():
        for each in made(plan, "aws_api_gateway_rest_api"):
            if attribute(each.before, _NAME) is True and attribute(each.after, _NAME) is not True:
                name = text(each.before, "name").removeprefix(f"{stack.stack}-")
                sentence = f"{name} is reached by the address that AWS gives it"
                path = ("apis", name, "default_endpoint")
                yield stack.place.finding(RULE, f"API {name}", sentence, path)
