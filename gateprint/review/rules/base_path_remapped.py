"""A rule: an address that callers use leads elsewhere, or nowhere; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import is_unknown, text
from gateprint.review.subject import Subject
from gateprint.terraform.plans.plan import ResourceChange

RULE = Rule(
    "base-path-remapped",
    "high",
    "an address leads to another API or stage, or nowhere",
    "Callers keep the address and get another API with other roles, or 403. What they send, they "
    "send to whatever answers there now.",
    "keep the base path as it is, and give the other API one of its own",
    "API Gateway API reference, UpdateBasePathMapping",
)
_GONE = frozenset({"delete", "forget"})
_CHANGING = frozenset({"update", "replace"})
_KIND = "aws_api_gateway_base_path_mapping"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the base paths that led to something else until now."""
    for stack, plan in subject.plans():
        for each in plan.changes:
            said = _said(each) if each.type == _KIND and each.deposed is None else ""
            if said:
                domain = text(each.before, "domain_name")
                base = "/" + text(each.before, "base_path")
                path = ("domains", domain, "base_paths", base)
                sentence = f"{domain}{base} {said}"
                yield stack.place.finding(RULE, f"base path {domain}{base}", sentence, path)


def _said(change: ResourceChange) -> str:
    if change.action in _GONE:
        return "leads nowhere any more"
    if change.action not in _CHANGING:
        return ""
    if _differs(change, "api_id"):
        return "leads to another API"
    if _differs(change, "stage_name"):
        was, will = (text(side, "stage_name") for side in (change.before, change.after))
        return f"leads to the stage {will or 'of another name'}, until now to {was}"
    return "is another address now" if _differs(change, "base_path") else ""


def _differs(change: ResourceChange, name: str) -> bool:
    return is_unknown(change, name) or text(change.before, name) != text(change.after, name)
