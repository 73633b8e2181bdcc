"""A rule: the resource policy of an API lets more in; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateprint.access.changes.comparison import NetworkChange
from gateprint.access.changes.restrictions import RestrictionChange, told
from gateprint.access.changes.wording import joined, parts_of
from gateprint.access.policy import to_json
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import Statement, is_unknown, listed, statements, text
from gateprint.review.subject import StackSubject, Subject
from gateprint.terraform.plans.plan import ResourceChange, TerraformPlan

RULE = Rule(
    "resource-policy-loosened",
    "high",
    "the resource policy of an API lets more in",
    "The policy says from which networks an API is reached, and by whom without a signature. "
    "Within one account, what it allows needs no grant to a role.",
    "list the networks and VPC endpoints that need the API, and no others",
    "API Gateway developer guide, API Gateway authorization flow, table A",
)
_POLICY = "aws_api_gateway_rest_api_policy"
_Test = tuple[str, str, str, str]


def find(subject: Subject) -> Iterator[Finding]:
    """Yield more VPC endpoints and networks, and what else the planned policy says."""
    known: set[str] = set()
    for each in subject.changes.networks:
        place = subject.place_of_api(each.environment, each.api)
        known.add(place.stack)
        if sentence := _more_endpoints(each):
            path = ("apis", each.api, "vpc_endpoints")
            yield place.finding(RULE, f"api {each.api}", sentence, path)
    for one in subject.changes.restrictions:
        place = subject.place_of_api(one.environment, one.api)
        known.add(place.stack)
        if one.is_loosened:
            path = ("apis", one.api, "only_from")
            yield place.finding(RULE, f"api {one.api}", _more_callers(one), path)
    for change in subject.changes.public_gains:
        # Such a route is allowed by the policy as well; that is told as a public route.
        known.add(subject.place_of(change.environment, change.route.blueprint).stack)
    for stack, plan in subject.plans():
        if stack.stack not in known:
            yield from _planned(stack, plan)


def _more_endpoints(change: NetworkChange) -> str:
    more = [each for each in change.after if each not in change.before]
    if not (change.before and more):
        return ""
    return f"{change.api} can be reached from {joined(more)} too; until now {joined(change.before)}"


def _more_callers(change: RestrictionChange) -> str:
    sentence = told(change, change.api, joined(change.doors) if change.doors else "")
    return "".join(parts_of(sentence))


def _planned(stack: StackSubject, plan: TerraformPlan) -> Iterator[Finding]:
    for each in plan.changes:
        if each.type == _POLICY and (sentence := _loosened(plan, each)):
            yield stack.place.finding(RULE, each.address, sentence, ("apis",))


def _loosened(plan: TerraformPlan, change: ResourceChange) -> str:
    if change.action == "delete":
        return "" if _is_api_gone(plan, change) else "the API has no resource policy any more"
    before = statements(text(change.before, "policy"))
    after = statements(text(change.after, "policy"))
    if before is None or after is None or is_unknown(change, "policy"):
        return ""
    if lost := _tests(before, "Deny") - _tests(after, "Deny"):
        return f"the resource policy no longer denies {_resources(lost)}"
    more = _tests(after, "Allow") - _tests(before, "Allow")
    return f"the resource policy allows {_resources(more)} as well" if more else ""


def _is_api_gone(plan: TerraformPlan, change: ResourceChange) -> bool:
    api = text(change.before, "rest_api_id")
    return any(
        each.type == "aws_api_gateway_rest_api" and text(each.before, "id") == api
        for each in plan.destroyed()
    )


def _tests(found: tuple[Statement, ...], effect: str) -> set[_Test]:
    """Return who may or may not call what, under which condition; preflights do not count."""
    return {
        (resource, _plain(each.get("Principal")), _plain(each.get("Action")), _condition(each))
        for each in found
        if each.get("Effect") == effect
        for resource in listed(each.get("Resource", each.get("NotResource", "*")))
        if "/OPTIONS/" not in resource
    }


def _condition(statement: Statement) -> str:
    return _plain(statement.get("Condition"))


def _plain(element: Any) -> str:
    return to_json({"": element})


def _resources(tests: set[_Test]) -> str:
    # The id and what is before it are the same for all.
    return joined(sorted({each[0].partition("/")[2] or each[0] for each in tests}))
