"""The policies of VPC endpoints: what of the private APIs that name them is let through; pure.

An endpoint's policy is asked before anything else, and allows nothing by itself: the API's resource
policy and IAM decide afterwards as if there were none (API Gateway developer guide, "Use VPC
endpoint policies for private APIs in API Gateway"). Who sends no signature, or a bearer token, is
anonymous to it.

It is in the account's own stack, which is applied before the APIs have ids. So a resource names
stage, method and path of whatever API of the account. Principals are in a condition: AWS refuses a
policy that names a role which is not there yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from gateprint.access.grants import grants_of
from gateprint.access.policy import VERSION, api_arn, to_json
from gateprint.errors import Diagnostic
from gateprint.model.document import Document
from gateprint.model.quotas import ENDPOINT_POLICY
from gateprint.model.resolved import (
    Api,
    Environment,
    Passage,
    ResolvedBlueprint,
    Route,
    VpcEndpoint,
)

Policy = dict[str, Any]
_EVERY_API = "*"
_Place = tuple[str, str, str]


def with_passages(environment: Environment, blueprints: Iterable[ResolvedBlueprint]) -> Environment:
    """Return the environment with what the blueprints need of its VPC endpoints."""
    here = [each for each in blueprints if each.environment.name == environment.name]
    endpoints = (
        replace(each, passages=_passages(each.id, here)) for each in environment.vpc_endpoints
    )
    return replace(environment, vpc_endpoints=tuple(endpoints))


def _passages(endpoint: str, blueprints: Iterable[ResolvedBlueprint]) -> tuple[Passage, ...]:
    """Return the routes behind an endpoint; where two APIs have the same one, both are meant."""
    found: dict[_Place, set[str] | None] = {}
    for blueprint in blueprints:
        for api in blueprint.apis:
            if endpoint in api.vpc_endpoints:
                for place, roles in _of_api(blueprint, api):
                    known = found.get(place, set())
                    is_open = roles is None or known is None
                    found[place] = None if is_open else {*(known or ()), *(roles or ())}
    return tuple(
        Passage(*place, None if roles is None else tuple(sorted(roles)))
        for place, roles in sorted(found.items())
    )


def _of_api(
    blueprint: ResolvedBlueprint, api: Api
) -> Iterator[tuple[_Place, tuple[str, ...] | None]]:
    granted = {role.name: grants_of(role) for role in blueprint.roles}
    for stage in blueprint.stages:
        for route in api.routes:
            place = (stage.name, route.method, route.path)
            key = (api.name, stage.name, route.key)
            names = [name for name, grants in granted.items() if key in grants]
            if _is_unsigned(route):
                yield place, None
            elif names:
                yield place, tuple(_role_arn(blueprint.environment, each) for each in names)
            if api.cors is not None:
                yield (stage.name, "OPTIONS", route.path), None


def _is_unsigned(route: Route) -> bool:
    return route.auth != "iam"


def _role_arn(environment: Environment, name: str) -> str:
    return f"arn:{environment.partition}:iam::{environment.account}:role/{name}"


def endpoint_policy(environment: Environment, endpoint: VpcEndpoint) -> Policy:
    """Return the whole policy of a VPC endpoint."""
    arn = api_arn(environment, _EVERY_API)
    if endpoint.is_account_wide:
        return {"Version": VERSION, "Statement": [_statement("account", [str(arn)])]}
    by_roles: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for each in endpoint.passages:
        by_roles[each.roles or ()].append(arn.of(each.stage, each.method, each.path))
    statements = [
        _statement(f"signed{number}" if roles else "unsigned", resources, roles)
        for number, (roles, resources) in enumerate(sorted(by_roles.items()))
    ]
    return {"Version": VERSION, "Statement": statements}


def _statement(sid: str, resources: Iterable[str], roles: tuple[str, ...] = ()) -> Policy:
    statement: Policy = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": sorted(set(resources)),
    }
    if roles:
        statement["Condition"] = {"StringEquals": {"aws:PrincipalArn": list(roles)}}
    return statement


def check_endpoints(document: Document, environment: Environment) -> Iterator[Diagnostic]:
    """Yield what is wrong about the policies; the environment has its passages."""
    for each in environment.vpc_endpoints:
        path = ("vpc_endpoints", each.id)
        if not each.passages:
            problem = f"no private API in {environment.name} names {each.id}, so nothing would pass"
            remedy = f"add it to vpc_endpoints of an API, or remove {each.id} here"
            yield document.reject(path, "unused-endpoint", problem, remedy, key=True)
            continue
        size = len(to_json(endpoint_policy(environment, each)))
        if size > ENDPOINT_POLICY.limit:
            counts, limit = ENDPOINT_POLICY.counts, ENDPOINT_POLICY.limit
            problem = f"{counts}: {size:,} of {limit:,} {ENDPOINT_POLICY.unit}"
            yield document.reject(path, "over-quota", problem, ENDPOINT_POLICY.remedy, key=True)
