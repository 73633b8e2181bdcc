"""A rule: a policy is not known before it is applied; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import is_unknown, made, statements, text
from gateprint.review.subject import Subject
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

RULE = Rule(
    "unverified-policy",
    "info",
    "a policy could not be verified before the apply",
    "The plan does not show the document: it names the id of an API that is not there yet, or it "
    "cannot be read. What it will say follows from the blueprint, and was not compared with it.",
    "after the apply, compare what is deployed: gateprint verify",
    "Terraform, JSON Output Format: after_unknown of a change representation",
)
_DOCUMENTS = {
    "aws_api_gateway_rest_api_policy": "policy",
    "aws_iam_policy": "policy",
    "aws_iam_role": "assume_role_policy",
    "aws_iam_role_policy": "policy",
}
_SHOWN = 3


def find(subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a stack."""
    for stack, plan in subject.plans():
        if found := sorted(each.address for each in _unverified(plan)):
            shown = ", ".join(found[:_SHOWN])
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            one = len(found) == 1
            what = "1 policy" if one else f"{len(found)} policies"
            sentence = f"{what} could not be verified before the apply: {shown}{more}"
            yield stack.place.finding(RULE, "policies", sentence)


def _unverified(plan: TerraformPlan) -> Iterator[ResourceChange]:
    for kind, name in _DOCUMENTS.items():
        for each in made(plan, kind):
            if is_unknown(each, name) or statements(text(each.after, name)) is None:
                yield each
