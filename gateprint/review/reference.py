"""The documentation of the rules, a section for each, as Markdown; pure."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill

from gateprint.review.finding import Rule

_WIDTH = 120


def rules_reference(rules: Iterable[Rule]) -> str:
    """Return the sections, each with the rule's id as its heading."""
    return "\n".join(_section(each) for each in rules)


def _section(rule: Rule) -> str:
    when = "how a changing stack is" if rule.is_standing else "what changes"
    paragraphs = (
        f"## {rule.id}",
        f"**{rule.severity}**, looks at {when}: {rule.title}.",
        rule.why,
        f"Remedy: {rule.remedy}.",
        f"Source: {rule.source}.",
    )
    return "\n\n".join(fill(each, _WIDTH, break_on_hyphens=False) for each in paragraphs) + "\n"
