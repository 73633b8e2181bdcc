"""IAM's decision: policy documents and a request become allow, implicit or explicit deny; pure.

A model of what AWS documents, not AWS. What is not documented raises `NotModelled`, and so never
becomes an allow. Service and resource control policies, session policies and endpoint policies are
not part of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from gateprint.access.iam.principals import Reach
from gateprint.access.iam.request import Request
from gateprint.access.iam.statement import Policy, Statement
from gateprint.errors import NotModelled

Outcome = Literal["allow", "implicit-deny", "explicit-deny"]


@dataclass(frozen=True, slots=True)
class Policies:
    """What IAM consults: the caller's policies and boundary, and the API's resource policy."""

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    resource: Policy | None = None

    @property
    def all(self) -> tuple[Policy, ...]:
        """All of them; a Deny in any wins."""
        others = (self.boundary, self.resource)
        return (*self.identity, *(each for each in others if each is not None))


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, and the first statement that leads to it; none leads to an implicit deny."""

    outcome: Outcome
    statement: Statement | None = None


_IMPLICIT_DENY = Decision("implicit-deny")


def evaluate(policies: Policies, request: Request) -> Decision:
    """Decide about a caller's request to an API.

    Within one account an Allow of the identity policies or of the resource policy is enough, across
    accounts both are needed (API Gateway developer guide, "API Gateway authorization flow", tables
    A and B). A boundary limits what identity policies allow, and what a resource policy allows to
    the role; not what that allows to the session, the user or everybody (IAM user guide, "Policy
    evaluation logic").

    Of an anonymous request only the resource policy decides. Where a method needs no signature and
    the API has no such policy, IAM is not asked at all: do not ask here either.

    Raises:
        NotModelled: the decision depends on something that AWS does not document.
    """
    if request.principal.kind in {"service", "federated"}:
        raise NotModelled(f"{request.principal.name} is no caller of an API")
    if request.principal.kind == "anonymous":
        policies = Policies(resource=policies.resource)
    elif policies.boundary is not None:
        request = replace(request, principal=replace(request.principal, has_boundary=True))
    denial = _first((each for policy in policies.all for each in policy.denies), request)
    if denial is not None:
        return Decision("explicit-deny", denial)
    return _allow(_granting(policies, request))


def evaluate_trust(policy: Policy, request: Request) -> Decision:
    """Decide whether a trust policy lets somebody assume the role, or tag the session.

    It is the trust policy's part alone: where it names an account, a principal of that account
    needs an identity policy as well.

    Raises:
        NotModelled: the decision depends on something that AWS does not document.
    """
    denial = _first(policy.denies, request)
    if denial is not None:
        return Decision("explicit-deny", denial)
    return _allow(_first(policy.allows, request))


def _allow(statement: Statement | None) -> Decision:
    return _IMPLICIT_DENY if statement is None else Decision("allow", statement)


def _first(statements: Iterable[Statement], request: Request) -> Statement | None:
    for each in statements:
        if each.is_applying(request):
            return each
    return None


def _granting(policies: Policies, request: Request) -> Statement | None:
    granted = _first((each for policy in policies.identity for each in policy.allows), request)
    is_bounded = policies.boundary is not None and not _first(policies.boundary.allows, request)
    if request.principal.account == request.account or request.principal.kind == "anonymous":
        if granted is not None and not is_bounded:
            return granted
        return _granted_by_resource(policies.resource, request, is_bounded=is_bounded)
    if granted is None or is_bounded or policies.resource is None:
        return None
    return granted if _first(policies.resource.allows, request) else None


def _granted_by_resource(
    policy: Policy | None, request: Request, *, is_bounded: bool
) -> Statement | None:
    """Return the statement of a resource policy that is enough on its own, within the account."""
    applying = [each for each in policy.allows if each.is_applying(request)] if policy else []
    enough = Reach.ITSELF if is_bounded else Reach.ROLE
    reaches = [(each, _reach(each, request)) for each in applying]
    for statement, reach in reaches:
        if reach >= enough:
            return statement
    for statement, reach in reaches:
        if reach is Reach.ACCOUNT:
            raise NotModelled("AWS does not say whether naming the account allows", statement.place)
    return None


def _reach(statement: Statement, request: Request) -> Reach:
    return statement.principals.reach_of(request.principal) if statement.principals else Reach.NONE
