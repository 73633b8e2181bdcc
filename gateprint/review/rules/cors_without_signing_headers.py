"""A rule: browsers cannot send signed requests; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.access.changes.wording import joined
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.review.finding import Finding, Rule
from gateprint.review.planned import attribute, staying
from gateprint.review.subject import Subject
from gateprint.terraform.plans.plan import ResourceChange

RULE = Rule(
    "cors-without-signing-headers",
    "medium",
    "a preflight does not allow the headers of a signature",
    "A browser asks first whether it may send the headers that sign a request. Where one is not "
    "allowed, the request is never sent, and the page sees a failure of CORS. A wildcard does not "
    "cover Authorization.",
    "allow Authorization, X-Amz-Date, X-Amz-Security-Token and X-Amz-Content-Sha256",
    "IAM user guide, Elements of an AWS API request signature; Fetch standard, CORS protocol",
    is_standing=True,
)
_NEEDED = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256")
_KINDS = ("aws_api_gateway_integration_response", "aws_api_gateway_gateway_response")
_HEADER = ".header.access-control-allow-headers"


def find(subject: Subject) -> Iterator[Finding]:
    """Yield the answers of the plan that say which headers are allowed, and leave some out."""
    for stack, plan in subject.plans():
        if not _is_signed(stack.blueprint):
            continue
        for each in (change for kind in _KINDS for change in staying(plan, kind)):
            allowed = _allowed(each)
            missing = [name for name in _NEEDED if allowed and name.lower() not in allowed]
            if missing:
                sentence = f"browsers may not send {joined(missing)}"
                yield stack.place.finding(RULE, each.address, sentence, ("apis",))


def _is_signed(blueprint: ResolvedBlueprint | None) -> bool:
    """Tell whether any route needs a signature."""
    return blueprint is not None and any(each.auth != "none" for _, each in blueprint.routes())


def _allowed(change: ResourceChange) -> set[str]:
    """Return the allowed headers in lower case; none where the answer does not speak of them."""
    parameters = attribute(change.after, "response_parameters")
    for name, value in parameters.items() if isinstance(parameters, dict) else ():
        if name.lower().endswith(_HEADER) and isinstance(value, str):
            return {each.strip().lower() for each in value.strip("'").split(",")}
    return set()
