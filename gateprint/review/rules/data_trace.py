"""A rule: whole requests and answers go to a log; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import attribute, staying, text
from gateprint.review.subject import Subject
from gateprint.terraform.plans.plan import ResourceChange

RULE = Rule(
    "data-trace",
    "high",
    "data tracing writes bodies to the log",
    "The execution log then holds whole requests and answers, with tokens and what customers "
    "sent; who may read logs is seldom who may read that.",
    "set data_trace_enabled to false; log_level: info alone never writes bodies",
    "API Gateway developer guide, Set up CloudWatch logging for REST APIs in API Gateway",
    is_standing=True,
)


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the settings of the plan, as they will be."""
    for stack, plan in subject.plans():
        for each in staying(plan, "aws_api_gateway_method_settings"):
            traced = [one for one in _settings(each) if attribute(one, "data_trace_enabled")]
            if traced:
                name = text(each.after, "stage_name")
                level = text(traced[0], "logging_level") or "OFF"
                sentence = f"data tracing is on for {name or each.address}, with log level {level}"
                yield stack.place.finding(RULE, each.address, sentence, ("stages", name))


def _settings(change: ResourceChange) -> list[object]:
    found = attribute(change.after, "settings")
    return found if isinstance(found, list) else []
