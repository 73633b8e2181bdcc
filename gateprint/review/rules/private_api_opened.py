"""A rule: a private API is on the internet; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.wording import joined
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "private-api-opened",
    "critical",
    "a private API can be reached from the internet",
    "Until now a caller had to be in a network with one of its VPC endpoints. That was the only "
    "check of its public routes.",
    "keep endpoint: private; if it is meant, look at each public route of the API first",
    "API Gateway developer guide, Private REST APIs in API Gateway",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    for each in subject.changes.networks:
        if each.before and not each.after:
            place = subject.place_of_api(each.environment, each.api)
            before = joined(each.before)
            sentence = f"{each.api} can be reached from the internet; until now only from {before}"
            path = ("apis", each.api, "endpoint")
            yield place.finding(RULE, f"api {each.api}", sentence, path)
