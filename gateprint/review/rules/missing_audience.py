"""A rule: a trust policy does not ask for whom a sign-in was made; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateprint.model.partition import audiences
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import Statement, listed, statements, staying, text
from gateprint.review.subject import Subject

RULE = Rule(
    "missing-audience",
    "critical",
    "a trust policy takes sign-ins that were not made for AWS",
    "Without an exact SAML:aud, an assertion that the same provider made for another application "
    "can be used to assume the role.",
    "let the trust policy compare SAML:aud with StringEquals and the region's sign-in addresses",
    "IAM user guide, Available keys for SAML-based AWS STS federation",
    is_standing=True,
)
_SAML = "sts:assumerolewithsaml"
_EXACT = {"stringequals", "foranyvalue:stringequals"}


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the roles of the plan; the trust policy is looked at as it will be."""
    for stack, plan in subject.plans():
        accepted = set(audiences(stack.environment.region))
        for each in staying(plan, "aws_iam_role"):
            found = statements(text(each.after, "assume_role_policy")) or ()
            problems = [problem for one in found if (problem := _problem(one, accepted))]
            if problems:
                name = text(each.after, "name")
                sentence = f"the trust policy of {name or each.address} {problems[0]}"
                yield stack.place.finding(RULE, each.address, sentence, ("roles", name))


def _problem(statement: Statement, accepted: set[str]) -> str:
    if statement.get("Effect") != "Allow" or not _is_sign_in(statement):
        return ""
    wanted = _audiences(statement)
    if not wanted:
        return "does not compare SAML:aud exactly"
    others = sorted(wanted - accepted)
    return f"accepts sign-ins for {', '.join(others)}" if others else ""


def _is_sign_in(statement: Statement) -> bool:
    """Tell whether a statement is about sign-ins with SAML, wildcards included."""
    if "NotAction" in statement:
        return True
    patterns = (each.lower() for each in listed(statement.get("Action", [])))
    return any(_is_fitting(each) for each in patterns)


def _is_fitting(pattern: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, _SAML) is not None


def _audiences(statement: Statement) -> set[str]:
    """Return the values of SAML:aud, one of which has to be there; IAM's names have no case."""
    conditions = statement.get("Condition")
    return {
        value
        for operator, block in (conditions.items() if isinstance(conditions, dict) else ())
        if operator.lower() in _EXACT and isinstance(block, dict)
        for key, values in block.items()
        if key.lower() == "saml:aud"
        for value in listed(values)
    }
