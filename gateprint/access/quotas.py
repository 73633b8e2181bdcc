"""Measures what a blueprint becomes against AWS's quotas, before anything is applied; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateprint.access.policy import (
    API_ID,
    RoleDocuments,
    api_arn,
    resource_policy,
    role_documents,
    to_json,
    trust_policy,
)
from gateprint.errors import Diagnostic
from gateprint.model import quotas
from gateprint.model.document import Document, KeyPath
from gateprint.model.quotas import Quota
from gateprint.model.resolved import Api, Environment, Grant, ResolvedBlueprint, Role

_NEAR = 0.8
_API_QUOTAS = {
    "REGIONAL": quotas.REGIONAL_APIS,
    "EDGE": quotas.EDGE_APIS,
    "PRIVATE": quotas.PRIVATE_APIS,
}


def check_quotas(document: Document, blueprint: ResolvedBlueprint) -> Iterator[Diagnostic]:
    """Yield what one blueprint in one environment has too much of, or nearly."""
    gauge = _Gauge(document, blueprint.environment)
    for stage in blueprint.stages:
        yield from gauge.read(
            ("stages", stage.name, "variables"), quotas.STAGE_VARIABLES, len(stage.variables)
        )
    for api in blueprint.apis:
        yield from _check_api(gauge, blueprint, api)
    memberships = Counter(key for plan in blueprint.plans for key in plan.keys)
    for count in sorted(memberships.values())[-1:]:
        yield from gauge.read(("plans",), quotas.PLANS_OF_KEY, count)
    for function in blueprint.functions:
        size = sum(len(f"{key}{value}".encode()) for key, value in function.environment.items())
        path: KeyPath = ("functions", function.name, "environment")
        yield from gauge.read(path, quotas.FUNCTION_ENVIRONMENT, size)
    for role in blueprint.roles:
        if role.identity_provider is not None:
            size = _length(trust_policy(role, blueprint.environment))
            yield from gauge.read(("roles", role.name, "when"), quotas.TRUST_POLICY, size)


def _check_api(gauge: _Gauge, blueprint: ResolvedBlueprint, api: Api) -> Iterator[Diagnostic]:
    path: KeyPath = ("apis", api.name)
    yield from gauge.read((*path, "routes"), quotas.PATH_RESOURCES, _path_resources(api))
    yield from gauge.read(("stages",), quotas.STAGES, len(blueprint.stages))
    bodies = {each.request.body.model for each in api.routes if each.request and each.request.body}
    yield from gauge.read((*path, "routes"), quotas.MODELS, len(bodies))
    stages = tuple(each.name for each in blueprint.stages)
    policy = resource_policy(blueprint.environment, stages, api, API_ID)
    where = "only_from" if api.only_from else "vpc_endpoints"
    yield from gauge.read((*path, where), quotas.RESOURCE_POLICY, _length(policy))
    arn = api_arn(blueprint.environment, API_ID)
    longest = max((len(each) for each in stages), default=0)
    for route in api.routes:
        # A caller's own path counts; with the names of its parameters it is about as long.
        size = len(f"{arn}/{route.method}{route.path}".encode()) + 1 + longest
        yield from gauge.read((*path, "routes", route.key), quotas.METHOD_ARN, size)


def _path_resources(api: Api) -> int:
    """Return how many path resources an API has: every part of every path, once."""
    return len(
        {route.segments[:end] for route in api.routes for end in range(1, len(route.segments) + 1)}
    )


def _length(policy: Mapping[str, object] | None) -> int:
    return len(to_json(policy)) if policy else 0


@dataclass(frozen=True, slots=True)
class _Gauge:
    """Compares sizes with the quotas of one environment, and says so in one document."""

    document: Document
    environment: Environment

    def read(self, path: KeyPath, quota: Quota, size: int, more: str = "") -> Iterator[Diagnostic]:
        """Yield an error over the quota, a warning near it.

        What a whole account has too much of is a warning too: AWS may have raised it long ago, and
        no single blueprint is at fault.
        """
        limit = self.environment.quotas.get(quota.name, quota.limit)
        if size <= limit * _NEAR:
            return
        where = self.environment.name
        problem = f"{quota.counts}: {size:,} of {limit:,} {quota.unit} in {where}{more}"
        remedy = quota.remedy
        if quota.is_raisable:
            remedy += f"; where AWS has raised it, add quotas: {{{quota.name}: …}} to {where}"
        if size > limit and not quota.is_of_account:
            yield self.document.reject(path, "over-quota", problem, remedy, key=True)
        else:
            yield self.document.warn(path, "near-quota", problem, remedy, key=True)


_Whole = Sequence[tuple[Document, ResolvedBlueprint]]


def check_shared_quotas(whole: _Whole) -> Iterator[Diagnostic]:
    """Yield what all blueprints of an environment together have too much of, or nearly."""
    by_environment: dict[str, list[tuple[Document, ResolvedBlueprint]]] = defaultdict(list)
    for document, blueprint in whole:
        by_environment[blueprint.environment.name].append((document, blueprint))
    for here in by_environment.values():
        yield from _check_counts(here)
        yield from _check_policies(here)


def _check_counts(here: _Whole) -> Iterator[Diagnostic]:
    """The last blueprint is told: any of them could be the one too many."""
    document, last = here[-1]
    gauge = _Gauge(document, last.environment)
    kinds = Counter(api.endpoint for _, blueprint in here for api in blueprint.apis)
    for kind, count in sorted(kinds.items()):
        yield from gauge.read(("apis",), _API_QUOTAS[kind], count)
    plans = sum(len(blueprint.plans) for _, blueprint in here)
    yield from gauge.read(("plans",), quotas.USAGE_PLANS, plans)
    keys = sum(len(blueprint.keys) for _, blueprint in here)
    yield from gauge.read(("plans",), quotas.API_KEYS, keys)
    roles = sum(_own_roles(blueprint) for _, blueprint in here)
    yield from gauge.read(("roles",), quotas.ROLES, roles)


def _own_roles(blueprint: ResolvedBlueprint) -> int:
    own = sum(role.identity_provider is not None for role in blueprint.roles)
    return own + bool(blueprint.functions)


def _check_policies(here: _Whole) -> Iterator[Diagnostic]:
    """IAM adds up the policies of a role, whichever blueprint gives them."""
    inline: dict[str, dict[str, int]] = defaultdict(dict)
    managed: dict[str, dict[str, int]] = defaultdict(dict)
    count = 0
    for document, blueprint in here:
        gauge = _Gauge(document, blueprint.environment)
        for role, documents in _documents(blueprint):
            path: KeyPath = ("roles", role.name, "allow")
            sizes = inline[role.name.lower()]
            sizes[blueprint.name] = _length(documents.inline)
            total = sum(sizes.values())
            # A single blueprint's policy is divided in time, so being near says nothing.
            if len(sizes) > 1 or total > quotas.INLINE_POLICIES.limit:
                yield from gauge.read(path, quotas.INLINE_POLICIES, total, _shares(sizes))
            if documents.managed:
                count += len(documents.managed)
                numbers = managed[role.name.lower()]
                numbers[blueprint.name] = len(documents.managed)
                total = sum(numbers.values())
                characters = sum(map(_length, documents.all))
                more = f"{_shares(numbers)}, {characters:,} characters in all"
                yield from gauge.read(path, quotas.ROLE_POLICIES, total, more)
    document, last = here[-1]
    yield from _Gauge(document, last.environment).read(("roles",), quotas.POLICIES, count)


def _documents(blueprint: ResolvedBlueprint) -> Iterator[tuple[Role, RoleDocuments]]:
    """Yield the documents of every role; many roles are granted the same."""
    api_ids = {api.name: API_ID for api in blueprint.apis}
    compiled: dict[tuple[Grant, ...], RoleDocuments] = {}
    for role in blueprint.roles:
        if role.grants not in compiled:
            compiled[role.grants] = role_documents(blueprint, role, api_ids)
        yield role, compiled[role.grants]


def _shares(sizes: Mapping[str, int]) -> str:
    if len(sizes) == 1:
        return ""
    shares: Iterable[str] = (f"{size:,} from {name}" for name, size in sizes.items())
    return f" ({', '.join(shares)})"
