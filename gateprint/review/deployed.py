"""What is deployed, read from a stack's state and told as a blueprint, to compare with; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.access.answers.answer import Caller, Source, Target, read_source, rule
from gateprint.access.answers.question import Call
from gateprint.access.arn import ApiArn
from gateprint.access.evaluate import Outcome
from gateprint.access.proof.applied import Applied
from gateprint.access.proof.found import ApiAccess, RoleAccess, pool_symbol
from gateprint.access.proof.plans import WITH_KEY
from gateprint.access.restriction import read_restriction
from gateprint.access.routes.reach import reach_of
from gateprint.access.routes.templates import EVERY_METHOD
from gateprint.access.whereabouts import inside
from gateprint.errors import NotModelled
from gateprint.model.resolved import (
    Api,
    Environment,
    Grant,
    IdentityProvider,
    MockBackend,
    PoolAuthorizer,
    ResolvedBlueprint,
    Role,
    Route,
    Stage,
)
from gateprint.review.served_plans import deployed_plans

_SIGNED = "AWS_IAM"
_AUTH = {_SIGNED: "iam", "NONE": "none", "CUSTOM": "jwt", "COGNITO_USER_POOLS": "cognito"}
_PREFLIGHT = "OPTIONS"
# No API has a path parameter of this value that means something else than any other value.
_VALUE = "gateprint-review"
_SINCE_BEFORE = "deployed so"
_GATEWAY = "apigateway.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A blueprint that states what is deployed; and, in words, what could not be decided."""

    blueprint: ResolvedBlueprint
    undecided: tuple[str, ...]


def deployed_blueprint(
    name: str,
    environment: Environment,
    applied: Applied,
    sessions: Mapping[str, int],
    ways: Mapping[str, tuple[str, ...]] | None = None,
) -> Deployed:
    """Return what a stack has deployed, as the blueprint `name` would state it.

    Each route, stage and role is decided from the documents that the state holds, one request
    each. `sessions` are the seconds that a role's credentials last, `ways` the VPC endpoints that
    private APIs are reached through, by their names in AWS: their resource policies ask for these.
    """
    reader = _Reader(name, environment, applied, ways or {})
    apis = tuple(reader.api(each) for each in applied.access.apis)
    stages = sorted({stage for each in applied.access.apis for stage in each.stages})
    roles = tuple(
        reader.role(role, sessions.get(role.name, 0))
        for _, role in sorted(applied.access.roles.items())
        if role.policies
    )
    blueprint = ResolvedBlueprint(
        name,
        environment,
        tuple(map(Stage, stages)),
        apis,
        roles=roles,
        plans=deployed_plans(f"{name}-{environment.name}", applied.access),
    )
    return Deployed(blueprint, tuple(dict.fromkeys(reader.undecided)))


@dataclass(slots=True)
class _Reader:
    name: str
    environment: Environment
    applied: Applied
    ways: Mapping[str, tuple[str, ...]]
    undecided: list[str] = field(default_factory=list)
    _targets: dict[tuple[str, str], Target] = field(default_factory=dict)

    def api(self, found: ApiAccess) -> Api:
        """Return an API with its routes; preflights are none."""
        routes = tuple(
            _route(key, authorization)
            for key, authorization in sorted(found.methods.items())
            if not key.startswith(f"{_PREFLIGHT} ")
        )
        is_private = found.name in self.applied.private
        only, problem = read_restriction(found.resource_policy)
        if problem:
            self.undecided.append(f"from where {found.name} may be called until now: {problem}")
        unknown = ("deployed",) if is_private and not (only and only.vpcs) else ()
        private = self.ways.get(found.name, unknown)
        pools = tuple(self._pools(found))
        name = self._plain_name(found)
        return Api(name, routes, vpc_endpoints=private, pool_authorizers=pools, only_from=only)

    def _pools(self, found: ApiAccess) -> Iterator[PoolAuthorizer]:
        """Yield what takes tokens of user pools; those of the stack by the blueprint's names."""
        front, end = (
            pool_symbol("\0").replace("\0", f"{self.name}-{self.environment.name}-\0").split("\0")
        )
        for each in found.authorizers:
            if each.user_pools:
                own = tuple(pool.removeprefix(front).removesuffix(end) for pool in each.user_pools)
                yield PoolAuthorizer(each.name, own)

    def role(self, found: RoleAccess, seconds: int) -> Role:
        """Return a role with what its policies let it call."""
        try:
            sources = tuple(
                read_source(each.name, json.loads(each.document), "identity")
                for each in found.policies
            )
        except (NotModelled, ValueError) as error:
            self.undecided.append(f"what {found.name} may call until now: {error}")
            sources = ()
        grants = tuple(self._grants(found.name, sources))
        trust = _Trust.read(found.trust, self.environment)
        return Role(
            found.name,
            grants,
            trust.provider,
            max_session_seconds=seconds,
            is_assumed_by_gateway=trust.has_gateway,
            when=trust.when,
        )

    def _grants(self, role: str, sources: tuple[Source, ...]) -> Iterator[Grant]:
        for api in self.applied.access.apis:
            for stage in sorted(api.stages):
                routes = self._allowed(role, sources, api, stage)
                if routes:
                    yield Grant(self._plain_name(api), (stage,), routes)

    def _allowed(
        self, role: str, sources: tuple[Source, ...], api: ApiAccess, stage: str
    ) -> tuple[str, ...]:
        """Return the routes that a role may call, also those of which IAM reaches only a part."""
        found = {
            key: self._outcome(role, sources, api, stage, key)
            for key, authorization in sorted(api.methods.items())
            if authorization.removesuffix(WITH_KEY) == _SIGNED
        }
        reach = reach_of(tuple((key, "iam") for key in found))
        allowed = [key for key, outcome in found.items() if outcome == "allow"]
        reached = {other for each in allowed for other in reach[each]}
        return tuple(
            key
            for key, outcome in found.items()
            if outcome == "allow" or (outcome == "implicit-deny" and key in reached)
        )

    def _outcome(
        self, role: str, sources: tuple[Source, ...], api: ApiAccess, stage: str, key: str
    ) -> Outcome:
        where = self.environment
        caller = Caller(role, f"arn:{where.partition}:iam::{where.account}:role/{role}", sources)
        try:
            target = self._target(api, stage)
            found = [
                {rule(target, caller, call).iam for call in calls} for calls in _spellings(key)
            ]
        except (NotModelled, ValueError) as error:
            self.undecided.append(f"whether {role} may call {key} on {stage} until now: {error}")
            return "explicit-deny"
        if {"allow"} in found:
            return "allow"
        return "explicit-deny" if "explicit-deny" in found[0] else "implicit-deny"

    def _target(self, api: ApiAccess, stage: str) -> Target:
        """Return a stage to send requests to; each is read once, for all roles and routes."""
        key = (api.api_id, stage)
        if key not in self._targets:
            self._targets[key] = self._read_target(api, stage)
        return self._targets[key]

    def _read_target(self, api: ApiAccess, stage: str) -> Target:
        where = self.environment
        arn = ApiArn(where.partition, where.region, where.account, api.api_id)
        policy = api.resource_policy
        resource = (
            read_source(f"resource policy of {api.name}", json.loads(policy), "resource")
            if policy
            else None
        )
        known = self.api(api)
        # Its resource policy denies what comes another way, whoever signs it.
        return Target(known, arn, stage, resource, inside(known) if known.has_policy else None)

    def _plain_name(self, found: ApiAccess) -> str:
        return found.name.removeprefix(f"{self.name}-{self.environment.name}-")


def _route(key: str, authorization: str) -> Route:
    method, _, path = key.partition(" ")
    kind, *named = authorization.removesuffix(WITH_KEY).split(" ")
    authorizer, scopes = next(iter(named), None), tuple(named[1:])
    auth = _AUTH.get(kind, kind.lower())
    public = _SINCE_BEFORE if auth == "none" else None
    # Which scopes `jwt` needs is in the authorizer's function, and not in the state.
    return Route(
        method,
        path,
        MockBackend(200, ""),
        auth,
        public,
        authorizer=authorizer,
        scopes=scopes,
        needs_key=authorization.endswith(WITH_KEY),
    )


def _spellings(key: str) -> Iterator[tuple[Call, ...]]:
    """Yield the requests to a route, without and with a slash at the path's end."""
    method, _, path = key.partition(" ")
    segments = [_VALUE if each.startswith("{") else each for each in path.split("/")]
    plain = "/".join(segments)
    for each in dict.fromkeys((plain, f"{plain.rstrip('/')}/")):
        yield tuple(Call(one, each) for one in (EVERY_METHOD if method == "ANY" else (method,)))


@dataclass(frozen=True, slots=True)
class _Trust:
    provider: IdentityProvider | None = None
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    has_gateway: bool = False

    @classmethod
    def read(cls, document: str | None, environment: Environment) -> _Trust:
        """Read who may assume a role, as far as a blueprint could say it."""
        try:
            statements = json.loads(document or "{}").get("Statement", [])
        except (ValueError, AttributeError):
            statements = []
        provider, when, has_gateway = None, {}, False
        for each in statements if isinstance(statements, list) else [statements]:
            principal = each.get("Principal", {}) if isinstance(each, Mapping) else {}
            if isinstance(principal, Mapping) and "Federated" in principal:
                provider = _provider(str(principal["Federated"]), each, environment)
                when = _when(each.get("Condition", {}))
            has_gateway |= isinstance(principal, Mapping) and principal.get("Service") == _GATEWAY
        return cls(provider, when, has_gateway)


def _provider(
    arn: str, statement: Mapping[str, Any], environment: Environment
) -> IdentityProvider | None:
    """Return the provider, with the issuer that the policy names; its metadata is elsewhere."""
    known = next((each for each in environment.identity_providers if each.arn == arn), None)
    issuer = str(statement.get("Condition", {}).get("StringEquals", {}).get("SAML:iss", ""))
    metadata = known.metadata_xml if known else ""
    return IdentityProvider(arn.rpartition("/")[2], arn, issuer, metadata)


def _when(condition: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for operator in ("StringEquals", "ForAnyValue:StringEquals"):
        keys = condition.get(operator, {}) if isinstance(condition, Mapping) else {}
        for key, values in keys.items():
            if key not in {"SAML:aud", "SAML:iss"}:
                listed = values if isinstance(values, list) else [values]
                found[key.removeprefix("SAML:")] = tuple(map(str, listed))
    return found
