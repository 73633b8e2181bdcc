"""A rule: more than one API may invoke a function; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import is_unknown, made, text
from gateprint.review.subject import Subject
from gateprint.terraform.plans.plan import ResourceChange

RULE = Rule(
    "permission-broadened",
    "high",
    "more than its API may invoke a function",
    "A Lambda permission names a service and the ARN that it acts for. With a wildcard instead of "
    "the API's id, or without an ARN, somebody else's API may invoke the function, past every "
    "check of this one.",
    "name API Gateway as the principal, and the API's own ARN as the source",
    "Lambda developer guide, Granting Lambda function access to AWS services",
)
_GATEWAY = "apigateway.amazonaws.com"
# arn:partition:execute-api:region:account:id/stage/method/path
_FIELDS = 6


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the permissions that the plan makes or changes."""
    for stack, plan in subject.plans():
        for each in made(plan, "aws_lambda_permission"):
            if problem := _problem(each, stack.environment.account):
                function = text(each.after, "function_name") or each.address
                sentence = f"{problem} may invoke {function}"
                yield stack.place.finding(RULE, each.address, sentence, ("apis",))


def _problem(change: ResourceChange, account: str) -> str:
    principal, source = text(change.after, "principal"), text(change.after, "source_arn")
    if principal != _GATEWAY:
        return "everybody" if principal == "*" else f"{principal or 'somebody unknown'}"
    if is_unknown(change, "source_arn"):
        return ""
    if not source:
        return "every API of every account"
    return "" if _is_of_one_api(source, account) else f"whatever {source} matches"


def _is_of_one_api(source: str, account: str) -> bool:
    """Tell whether an ARN names one API of the account; what follows its id may have wildcards."""
    fields = source.split(":", _FIELDS - 1)
    if len(fields) != _FIELDS or fields[2] != "execute-api" or fields[4] != account:
        return False
    fixed = [*fields[:-1], fields[-1].partition("/")[0]]
    return not any({"*", "?"} & set(each) or not each for each in fixed)
