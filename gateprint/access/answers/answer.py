"""Decides about one request of one caller to one API, and cites the statement that decides; pure.

The same for policies compiled from a blueprint and for those that an account holds. What the
question leaves open raises `NotModelled`, and so never becomes an allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gateprint.access.answers.question import Call
from gateprint.access.arn import ApiArn
from gateprint.access.evaluate import Decision, Outcome, Policies, evaluate
from gateprint.access.iam import glob
from gateprint.access.iam.request import ANONYMOUS, Context, Principal, Request, context_of, session
from gateprint.access.iam.resources import Resources, read_resources
from gateprint.access.iam.statement import Effect, Kind, Policy, Statement, read_policy
from gateprint.access.routes.routing import route_of
from gateprint.access.whereabouts import Whereabouts
from gateprint.errors import NotModelled
from gateprint.model.resolved import Api, MockBackend, Route

ACTION = "execute-api:Invoke"
_PREFLIGHT = "a browser's preflight carries no signature, and changes nothing"


@dataclass(frozen=True, slots=True)
class Source:
    """A policy, read, beside the document that it was read from."""

    policy: Policy
    document: Mapping[str, Any]


def read_source(name: str, document: Any, kind: Kind) -> Source:
    """Read a policy document.

    Raises:
        NotModelled: it is not as the policy grammar has it.
    """
    if not isinstance(document, Mapping):
        raise NotModelled("the document is no object", f"policy {name}")
    return Source(read_policy(name, document, kind), document)


@dataclass(frozen=True, slots=True)
class Caller:
    """A role with everything that IAM consults about it; `context` has what its sessions carry."""

    name: str
    arn: str
    sources: tuple[Source, ...] = ()
    boundary: Source | None = None
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A stage of an API. The API's routes are all that answer there, preflights too.

    `whereabouts` are those of the request; None where they do not matter, so that nothing is said
    of its address.
    """

    api: Api
    arn: ApiArn
    stage: str
    resource: Source | None = None
    whereabouts: Whereabouts | None = None

    @property
    def vpc_endpoint(self) -> str | None:
        """The VPC endpoint that the request comes through; only to private APIs."""
        return self.whereabouts.vpc_endpoint if self.whereabouts else None

    def resource_of(self, call: Call) -> str:
        """Return the ARN of a request."""
        return f"{self.arn}/{self.stage}/{call.method}{call.path}"


@dataclass(frozen=True, slots=True)
class Cited:
    """The statement that decides, counted from 1, and the pattern of it that the request fits."""

    policy: str
    number: int
    sid: str
    effect: Effect
    resource: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """The decision on a request, the route that answers it, and what IAM says by itself.

    Where no route answers, nobody may call, even if IAM would let them: `iam` tells.
    """

    outcome: Outcome
    iam: Outcome
    cited: Cited | None = None
    route: Route | None = None

    @property
    def asks_for_token(self) -> bool:
        """Tell whether an authorizer asks for a token, so that no signature helps."""
        return self.route is not None and self.route.is_by_token

    @property
    def public(self) -> str | None:
        """Why no caller is checked; None where callers are."""
        return (self.route.public or "") if self.route and self.route.auth == "none" else None


def with_preflights(api: Api) -> Api:
    """Return the API with the OPTIONS methods that its CORS adds to every path."""
    if api.cors is None:
        return api
    paths = dict.fromkeys(route.path for route in api.routes)
    preflights = (
        Route("OPTIONS", path, MockBackend(200, ""), "none", _PREFLIGHT) for path in paths
    )
    return replace(api, routes=(*api.routes, *preflights))


def rule(target: Target, caller: Caller, call: Call) -> Ruling:
    """Return the decision about a caller's request.

    Raises:
        NotModelled: it depends on what AWS does not document, or on what the question leaves open.
    """
    route = route_of(target.api, call.method, call.path)
    if route is not None and route.auth == "none":
        return _rule_public(target, call, route)
    if route is not None and route.is_by_token:
        return Ruling("implicit-deny", "implicit-deny", None, route)
    if route is not None and route.auth != "iam":
        raise NotModelled(f"an authorizer, not IAM, checks callers: {route.auth}", route.key)
    request = _request(target, session(caller.arn), call, caller.context)
    decision = _decided(target, caller, request)
    cited = _cited(_sources(target, caller), decision.statement, request)
    outcome = decision.outcome if route or decision.outcome != "allow" else "implicit-deny"
    return Ruling(outcome, decision.outcome, cited, route)


def _rule_public(target: Target, call: Call, route: Route) -> Ruling:
    """Nobody is checked, except by the resource policy where there is one."""
    if target.resource is None:
        return Ruling("allow", "allow", None, route)
    nobody = Caller("", "")
    request = _request(target, ANONYMOUS, call, {})
    decision = _decided(target, nobody, request)
    cited = _cited(_sources(target, nobody), decision.statement, request)
    return Ruling(decision.outcome, decision.outcome, cited, route)


def _request(
    target: Target, principal: Principal, call: Call, more: Mapping[str, tuple[str, ...]]
) -> Request:
    """Return the request as API Gateway puts it: over HTTPS, to the API's own address."""
    context: dict[str, tuple[str, ...]] = {
        "aws:securetransport": ("true",),
        "aws:requestedregion": (target.arn.region,),
        **(target.whereabouts or Whereabouts()).keys(
            is_private=target.api.is_private, is_signed=principal.kind == "aws"
        ),
        "execute-api:viadomainarn": (),
        **{name.lower(): values for name, values in more.items()},
    }
    if principal.kind == "aws":
        context["aws:principalarn"] = (principal.role_arn,)
        context["aws:principalaccount"] = (principal.account,)
        context["aws:principaltype"] = ("AssumedRole",)
    else:
        context["aws:principalarn"] = ()  # Who signs nothing has none.
    return Request(ACTION, target.resource_of(call), principal, context)


def _decided(target: Target, caller: Caller, request: Request) -> Decision:
    said = frozenset(request.context)
    return evaluate(
        Policies(
            tuple(_sure(each.policy, said) for each in caller.sources),
            _sure(caller.boundary.policy, said) if caller.boundary else None,
            _sure(target.resource.policy, said) if target.resource else None,
        ),
        request,
    )


def _sure(policy: Policy, said: frozenset[str]) -> Policy:
    """Return the policy so that it decides nothing by a key that the question leaves open.

    To the evaluator such a key is absent, and a Deny that needs it would not apply.

    Raises:
        NotModelled: the key is within a resource's ARN, so it is open whether that fits at all.
    """
    return replace(
        policy,
        allows=tuple(_sure_statement(each, said) for each in policy.allows),
        denies=tuple(_sure_statement(each, said) for each in policy.denies),
    )


def _sure_statement(statement: Statement, said: frozenset[str]) -> Statement:
    if statement.actions.is_matching(ACTION.lower()) is statement.is_not_action:
        return statement
    resources = statement.resources
    for key in sorted(_variables(resources.variables if resources else ()) - said):
        raise NotModelled(f"the question does not say what {key} is", statement.place)
    keys = {each.key.lower() for each in statement.conditions}
    keys |= _variables(value for each in statement.conditions for value in each.values)
    for key in sorted(keys - said):
        return replace(statement, problem=f"the question does not say what {key} is")
    return statement


def _variables(texts: Iterable[tuple[glob.Part, ...]]) -> set[str]:
    return {part.key for parts in texts for part in parts if isinstance(part, glob.Variable)}


def _sources(target: Target, caller: Caller) -> Mapping[str, Source]:
    others = (caller.boundary, target.resource)
    found = (*caller.sources, *(each for each in others if each is not None))
    return {each.policy.name: each for each in found}


def _cited(
    sources: Mapping[str, Source], statement: Statement | None, request: Request
) -> Cited | None:
    if statement is None:
        return None
    document = sources[statement.policy].document
    found = document["Statement"]
    written = (found if isinstance(found, list) else [found])[statement.index]
    resource = _matched(written, request)
    return Cited(statement.policy, statement.index + 1, statement.sid, statement.effect, resource)


def _matched(written: Mapping[str, Any], request: Request) -> str:
    """Return the pattern that the request fits; of a NotResource all, of which it fits none."""
    if "Resource" not in written:
        return "not " + ", ".join(_listed(written.get("NotResource", [])))
    patterns = _listed(written["Resource"])
    context = context_of(request)
    return next((each for each in patterns if _is_fitting(each, request, context)), patterns[0])


def _listed(value: Any) -> list[str]:
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def _is_fitting(text: str, request: Request, context: Context) -> bool:
    resources: Resources = read_resources([text], has_variables=True, is_completed=True)
    try:
        return resources.is_matching(request.resource, context, is_negated=False)
    except NotModelled:
        return False
