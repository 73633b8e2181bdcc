"""A rule: a stage is destroyed or replaced; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.destruction import Kind, destroyed
from gateprint.review.finding import Finding, Rule
from gateprint.review.subject import Subject

RULE = Rule(
    "stage-destroyed",
    "high",
    "a stage is destroyed or replaced",
    "Every caller of the stage gets 403 until it is there again; its cache, its settings for logs "
    "and its web ACL go with it.",
    "keep the stage; if it goes for good, tell its callers first",
    "API Gateway API reference, DeleteStage",
)
_KIND = Kind("aws_api_gateway_stage", "the stage", "stage_name", "stages")


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    yield from destroyed(RULE, subject, _KIND)
