"""A rule: a VPC endpoint lets more through, or its policy gets another owner; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.wording import joined
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import Statement, listed, statements, text
from gateprint.review.subject import Subject
from gateprint.terraform.plans.plan import ResourceChange

RULE = Rule(
    "endpoint-policy-widened",
    "high",
    "a VPC endpoint lets more through, or its policy gets another owner",
    "The policy says what leaves a network by the endpoint. When it is taken over, what its owner "
    "wrote is replaced; when it is given back, everything passes, to other accounts' APIs too.",
    "grant no more than is needed; ask the endpoint's owner before it changes hands",
    "API Gateway developer guide, Use VPC endpoint policies for private APIs in API Gateway",
)
_KIND = "aws_vpc_endpoint_policy"
_Pass = tuple[str, str]


def find(subject: Subject) -> Iterator[Finding]:
    """Yield what the rule finds."""
    for stack, plan in subject.plans():
        for each in plan.changes:
            sentence = _said(each) if each.type == _KIND and not each.is_nothing else ""
            if sentence:
                endpoint = text(each.before or each.after, "vpc_endpoint_id") or each.name
                path = ("vpc_endpoints", endpoint)
                words = f"{endpoint} {sentence}"
                yield stack.place.finding(RULE, f"VPC endpoint {endpoint}", words, path)


def _said(change: ResourceChange) -> str:
    if change.action == "create":
        return "gets its policy from here; the one that it has is replaced, whatever it says"
    if change.action == "delete":
        return "lets everything through again, also to APIs of other accounts"
    if change.action == "forget":
        return "keeps its policy, and nothing here sees to it any more"
    old, new = (_passes(statements(text(side, "policy"))) for side in _sides(change))
    if more := new - old:
        return f"lets more through: {joined(sorted({_words(each) for each in more}))}"
    return ""


def _sides(change: ResourceChange) -> tuple[object, object]:
    return change.before, change.after


def _passes(found: tuple[Statement, ...] | None) -> set[_Pass]:
    """Return what is let through, and for which role; everybody is empty."""
    return {
        (resource, role)
        for each in found or ()
        if each.get("Effect") == "Allow"
        for resource in listed(each.get("Resource", "*"))
        for role in _roles(each)
    }


def _roles(statement: Statement) -> tuple[str, ...]:
    condition = statement.get("Condition") or {}
    equals = condition.get("StringEquals") or {}
    return listed(equals["aws:PrincipalArn"]) if "aws:PrincipalArn" in equals else ("",)


def _words(passed: _Pass) -> str:
    resource, role = passed
    what = resource.partition("/")[2] or "every API of the account"
    return f"{what} for {role.rpartition('/')[2]}" if role else f"{what} for everybody"
