"""Proves that a role's policies allow what was granted, all of it and nothing else; pure.

Everything is decided for all requests of a route at once, and again by the evaluator for one of
them: two ways that have nothing in common but the documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from gateprint.access.evaluate import Policies, evaluate
from gateprint.access.grants import grants_of
from gateprint.access.iam import language
from gateprint.access.iam.language import Language
from gateprint.access.iam.request import Principal, Request, session
from gateprint.access.iam.scope import Scope, languages_of, scope_of
from gateprint.access.iam.statement import Policy, Statement, read_policy
from gateprint.access.overreach import reached_by
from gateprint.access.proof.found import ApiAccess, RoleAccess, StackAccess
from gateprint.access.routes import templates
from gateprint.access.routes.reach import declared, preferred
from gateprint.access.saml.federation import role_arn
from gateprint.access.whereabouts import inside
from gateprint.errors import Difference, DifferenceKind, NotModelled
from gateprint.model.quotas import INLINE_POLICIES
from gateprint.model.resolved import Api, ResolvedBlueprint, Role, Route

INVOKE = "execute-api:Invoke"


def prove_role(
    blueprint: ResolvedBlueprint, role: Role, stack: StackAccess, apis: Mapping[str, ApiAccess]
) -> Iterator[Difference]:
    """Yield every difference between what a role was granted and what its policies say.

    `apis` are those of the stack, by the blueprint's names.
    """
    found = stack.roles.get(role.name, RoleAccess(role.name, None))
    proof = _Proof(blueprint, role, apis)
    for arn in found.elsewhere:
        yield proof.unknown(f"{role.name} has the policy {arn}, which is not in the stack")
    try:
        identity = [read_policy(each.name, each.document, "identity") for each in found.policies]
        yield from proof.actions(identity)
        for api in blueprint.apis:
            if api.name in apis:
                yield from proof.api(identity, api)
        yield from proof.beyond(identity)
    except NotModelled as error:
        yield proof.unknown(f"it is not known what {role.name} may call: {error}")


def invocation(
    principal: Principal, resource: str, context: Mapping[str, tuple[str, ...]]
) -> Request:
    """Return a request to an API; who signs it has an ARN."""
    arn = principal.role_arn or principal.name
    signer = {"aws:PrincipalArn": (arn,)} if principal.kind == "aws" else {}
    return Request(INVOKE, resource, principal, {**context, **signer})


def context_of(api: Api, *, is_signed: bool = True) -> Mapping[str, tuple[str, ...]]:
    """Return what AWS knows of a request that comes from where the API wants it."""
    known = inside(api).keys(is_private=api.is_private, is_signed=is_signed)
    return {name: values for name, values in known.items() if values}


@dataclass(frozen=True, slots=True)
class _Proof:
    blueprint: ResolvedBlueprint
    role: Role
    apis: Mapping[str, ApiAccess]

    def difference(
        self,
        kind: DifferenceKind,
        sentence: str,
        place: tuple[str, str, str] = ("", "", ""),
        statement: Statement | None = None,
        example: str = "",
    ) -> Difference:
        where = statement.place if statement else ""
        return Difference(
            self.blueprint.stack, kind, sentence, self.role.name, *place, where, example
        )

    def unknown(self, sentence: str) -> Difference:
        return self.difference("unknown", sentence)

    def actions(self, policies: Iterable[Policy]) -> Iterator[Difference]:
        """Yield every Allow that is for anything else than invoking."""
        for policy in policies:
            for each in policy.allows:
                if each.is_not_action or each.actions.patterns or each.actions.exact != {_INVOKE}:
                    sentence = f"{self.role.name} is allowed more than {INVOKE}"
                    yield self.difference("action", sentence, statement=each)

    def api(self, identity: list[Policy], api: Api) -> Iterator[Difference]:
        """Yield what is wrong about the routes of one API, on every stage."""
        here = self.apis[api.name]
        resource = _resource_policy(here)
        asked = self._request("", api)
        scope = scope_of(identity, resource, asked)
        arn = self._arn(here.api_id)
        open_routes = grants_of(self.role)
        reached = {
            (each.stage, each.route)
            for each in reached_by(self.blueprint, self.role)
            if each.api == api.name and not each.is_denied
        }
        policies = Policies(tuple(identity), resource=resource)
        keys = declared(api)
        for stage in self.blueprint.stages:
            front = f"{arn}/{stage.name}/"
            on_stage = scope.within(front)
            for route in api.routes:
                place = (api.name, stage.name, route.key)
                if route.auth != "iam" or (stage.name, route.key) in reached:
                    continue
                check = _Check(front, on_stage, preferred(keys, route.key))
                is_granted = place in open_routes
                example = check.missing(route) if is_granted else check.excess(route)
                yield from self._judged(place, policies, api, example, is_granted=is_granted)
                plain = _example(route.key, check.preferred)
                if example is None and plain:
                    yield from self._asked(
                        place, policies, api, front + plain, is_granted=is_granted
                    )

    def _judged(
        self,
        place: tuple[str, str, str],
        policies: Policies,
        api: Api,
        example: str | None,
        *,
        is_granted: bool,
    ) -> Iterator[Difference]:
        if example is None:
            return
        decision = evaluate(policies, self._request(example, api))
        name, stage, key = place
        where = f"{key} on {stage} of {name}"
        request = _short(example)
        if is_granted:
            sentence = f"{self.role.name} was granted {where}, but is not allowed {request}"
            yield self.difference("denied", sentence, place, decision.statement, request)
        else:
            sentence = f"{self.role.name} was not granted {where}, but is allowed {request}"
            yield self.difference("allowed", sentence, place, decision.statement, request)

    def _asked(
        self,
        place: tuple[str, str, str],
        policies: Policies,
        api: Api,
        request: str,
        *,
        is_granted: bool,
    ) -> Iterator[Difference]:
        decision = evaluate(policies, self._request(request, api))
        if (decision.outcome == "allow") is not is_granted:
            yield from self._judged(place, policies, api, request, is_granted=is_granted)

    def beyond(self, policies: Iterable[Policy]) -> Iterator[Difference]:
        """Yield every Allow that holds requests which no grant explains."""
        stated = list(self._stated())
        size = sum(len(each) for one in stated for each in one if isinstance(each, str))
        if size > INLINE_POLICIES.limit:
            # Wildcards may stand for many; `api` has shown that they reach no route.
            return
        for policy in policies:
            denied = [each for one in policy.denies for each in languages_of(one)]
            for statement in policy.allows:
                for each in languages_of(statement):
                    yield from self._beyond(statement, each, stated, denied)

    def _beyond(
        self,
        statement: Statement,
        allowed: Language,
        stated: list[Language],
        denied: list[Language],
    ) -> Iterator[Difference]:
        example = language.find(allowed, allows=stated, apart_from=denied, is_allowed=False)
        if example is not None:
            pattern = language.written(allowed)
            sentence = f"{self.role.name} is allowed {pattern}, beyond what it was granted"
            yield self.difference("beyond", sentence, statement=statement, example=_short(example))

    def _stated(self) -> Iterator[Language]:
        """Yield the most that policies may allow for what was granted, or reached and accepted."""
        places = grants_of(self.role) | {
            (each.api, each.stage, each.route)
            for each in reached_by(self.blueprint, self.role)
            if not each.is_denied
        }
        for name, stage, key in sorted(places):
            if name in self.apis:
                front = f"{self._arn(self.apis[name].api_id)}/{stage}/"
                yield language.joined((front, *templates.granted(key)))

    def _arn(self, api_id: str) -> str:
        where = self.blueprint.environment
        return f"arn:{where.partition}:execute-api:{where.region}:{where.account}:{api_id}"

    def _request(self, resource: str, api: Api) -> Request:
        caller = session(role_arn(self.blueprint.environment, self.role.name))
        return invocation(caller, resource, context_of(api))


_INVOKE = INVOKE.lower()


@dataclass(frozen=True, slots=True)
class _Check:
    """Looks for requests of a route, on one stage, that are allowed or not."""

    front: str
    scope: Scope
    preferred: tuple[str, ...]

    def missing(self, route: Route) -> str | None:
        """Return a request that is not allowed."""
        return self._first(templates.answered, route, is_allowed=False)

    def excess(self, route: Route) -> str | None:
        """Return a request that is allowed, also with a slash at its end."""
        found = self._first(templates.answered, route, is_allowed=True)
        if found is not None or route.path == "/":
            return found
        return self._first(templates.answered_with_slash, route, is_allowed=True)

    def _first(
        self, read: Callable[[str], Language], route: Route, *, is_allowed: bool
    ) -> str | None:
        # What another route is preferred for is its own, in both spellings.
        others = [
            self._on(spelling(key))
            for key in self.preferred
            for spelling in (templates.answered, templates.answered_with_slash)
        ]
        for key in templates.by_method(route.key):
            found = language.find(
                self._on(read(key)),
                allows=self.scope.allowed,
                denies=self.scope.denied,
                apart_from=others,
                is_allowed=is_allowed,
            )
            if found is not None:
                return found
        return None

    def _on(self, of: Language) -> Language:
        return language.joined((self.front, *of))


def _resource_policy(api: ApiAccess) -> Policy | None:
    if api.resource_policy is None:
        return None
    return read_policy("resource policy", api.resource_policy, "resource")


@lru_cache(maxsize=65_536)
def _example(key: str, others: tuple[str, ...]) -> str:
    """Return a request that the route answers, and no other one, as `METHOD/path`."""
    apart_from = [templates.answered(each) for each in others]
    for one in templates.by_method(key):
        of = templates.answered(one)
        found = language.find(of, allows=[of], apart_from=apart_from)
        if found is not None:
            return found
    return ""


def _short(arn: str) -> str:
    """Return `METHOD /path on stage` of an execute-api ARN, or what it is otherwise."""
    fields = arn.split(":", 5)
    stage, slash, rest = fields[-1].partition("/")[2].partition("/")
    method, separator, path = rest.partition("/")
    if len(fields) < 6 or not (slash and separator):  # noqa: PLR2004
        return arn
    return f"{method} /{path} on {stage}"
