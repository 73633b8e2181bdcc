"""A rule: an API is destroyed or replaced; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.destruction import Kind, destroyed
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "api-destroyed",
    "critical",
    "an API is destroyed or replaced",
    "The API has a new id afterwards, or none: the address that callers know answers nobody, and "
    "policies that name the id mean nothing.",
    "keep the name and the API in its blueprint; if it goes for good, tell its callers first",
    "API Gateway API reference, DeleteRestApi",
)
_KIND = Kind("aws_api_gateway_rest_api", "the API", "name", "apis")


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    yield from destroyed(RULE, subject, _KIND)
