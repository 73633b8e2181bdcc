"""A rule: a stage has no throttle of its own; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "no-throttle",
    "low",
    "a stage has no throttle of its own",
    "One caller can use up the requests per second that all APIs of the account share, so that "
    "other APIs answer 429; and a loop somewhere costs money until somebody notices.",
    "set throttle: {rate: …, burst: …} on the stage",
    "API Gateway developer guide, Throttle requests to your REST APIs for better throughput",
    is_standing=True,
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    for place, stage in subject.stages():
        if stage.throttle is None:
            sentence = f"{stage.name} takes as many requests as the account allows"
            yield place.finding(RULE, f"stage {stage.name}", sentence, ("stages", stage.name))
