"""A rule: a stage has no access log; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "no-access-log",
    "low",
    "a stage has no access log",
    "Afterwards nobody can tell who called what: neither from which role a request came, nor why "
    "one was refused.",
    "set access_log: {} on the stage",
    "API Gateway developer guide, Set up CloudWatch logging for REST APIs in API Gateway",
    is_standing=True,
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    for place, stage in subject.stages():
        if stage.access_log_days is None:
            sentence = f"nobody writes down who calls {stage.name}"
            yield place.finding(RULE, f"stage {stage.name}", sentence, ("stages", stage.name))
