"""A rule: a stage loses its firewall, or gets another one; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import text
from gateprint.review.subject import Subject
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

RULE = Rule(
    "web-acl-detached",
    "high",
    "a stage's web ACL goes, or is another one",
    "What the web ACL keeps away, such as floods, known attacks or whole countries, comes through "
    "to the API, and to IAM's limits that all callers share.",
    "keep waf_acl; for another one, compare the rules of both",
    "AWS WAF API reference, DisassociateWebACL",
)
_KIND = "aws_wafv2_web_acl_association"
_LOSING = frozenset({"delete", "forget", "replace", "update"})


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the associations that go while their stage stays."""
    for stack, plan in subject.plans():
        for each in plan.changes:
            is_losing = each.type == _KIND and each.action in _LOSING
            said = _said(each) if is_losing and not _is_of_a_gone_stage(plan, each) else ""
            if said:
                name = text(each.before, "resource_arn").rpartition("/stages/")[2] or each.name
                path = ("stages", name)
                yield stack.place.finding(RULE, f"stage {name}", f"{name} {said}", path)


def _said(change: ResourceChange) -> str:
    was, will = (text(side, "web_acl_arn") for side in (change.before, change.after))
    if change.action in {"delete", "forget"}:
        return "is behind no web ACL any more"
    return "" if was == will else f"is behind the web ACL {will or 'of another ARN'}, not {was}"


def _is_of_a_gone_stage(plan: TerraformPlan, change: ResourceChange) -> bool:
    going = {each.name for each in plan.destroyed() if each.type == "aws_api_gateway_stage"}
    return change.action in {"delete", "forget"} and change.name in going
