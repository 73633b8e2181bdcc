"""The policy documents: trust, permissions and resource policies as IAM reads them; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from gateprint.access.arn import ApiArn
from gateprint.access.grants import grants_of
from gateprint.access.overreach import denied_routes
from gateprint.model.partition import audiences
from gateprint.model.resolved import Api, Environment, ResolvedBlueprint, Role
from gateprint.model.saml import is_list_claim

Document = dict[str, Any]
VERSION = "2012-10-17"


def to_json(document: Mapping[str, Any]) -> str:
    """Return a document as compact JSON with sorted keys, so that equal documents are equal."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def api_arn(environment: Environment, api_id: str) -> ApiArn:
    """Return the ARN of the API with this id in an environment."""
    return ApiArn(environment.partition, environment.region, environment.account, api_id)


def trust_policy(role: Role, environment: Environment) -> Document:
    """Return who may assume a role: federated users with a sign-in made for AWS and this issuer.

    Raises:
        ValueError: the role exists already, and so keeps its own trust policy.
    """
    provider = role.identity_provider
    if provider is None:
        raise ValueError(f"{role.name} has no trust policy of its own")
    exact: Document = {"SAML:aud": list(audiences(environment.region)), "SAML:iss": provider.issuer}
    lists: Document = {}
    for key, values in sorted(role.when.items()):
        (lists if is_list_claim(key) else exact)[f"SAML:{key}"] = list(values)
    condition: Document = {"StringEquals": exact}
    if lists:
        # ForAllValues would be true where the attribute is missing.
        condition["ForAnyValue:StringEquals"] = lists
    federated = {
        "Sid": re.sub(r"[^A-Za-z0-9]", "", provider.name),
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithSAML",
        "Principal": {"Federated": provider.arn},
        "Condition": condition,
    }
    gateway = [_GATEWAY] if role.is_assumed_by_gateway else []
    return {"Version": VERSION, "Statement": [federated, *gateway]}


_GATEWAY: Document = {
    "Sid": "gateway",
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "apigateway.amazonaws.com"},
}


def service_trust_policy(service: str) -> Document:
    """Return the trust policy of a role that one AWS service assumes, and nobody else."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": service},
    }
    return {"Version": VERSION, "Statement": [statement]}


def permissions_policy(
    blueprint: ResolvedBlueprint, role: Role, api_ids: Mapping[str, str]
) -> Document | None:
    """Return what a role may call, or None where it is granted nothing in this environment.

    `api_ids` maps the blueprint's API names to ids, or to references to them.
    """
    arns = {name: api_arn(blueprint.environment, api_id) for name, api_id in api_ids.items()}
    apis = {api.name: api for api in blueprint.apis}
    allowed = {_arn(arns[name], stage, apis[name], key) for name, stage, key in grants_of(role)}
    if not allowed:
        return None
    denied = {
        arns[name].of(stage, route.method, route.path)
        for name, stage, route in denied_routes(blueprint, role)
    }
    statements = [_statement("invoke", "Allow", allowed)]
    if denied:
        statements.append(_statement("overreach", "Deny", denied))
    return {"Version": VERSION, "Statement": statements}


def _arn(arn: ApiArn, stage: str, api: Api, key: str) -> str:
    route = api.route(key)
    return arn.of(stage, route.method, route.path)


def _statement(sid: str, effect: str, resources: set[str]) -> Document:
    return {
        "Sid": sid,
        "Effect": effect,
        "Action": "execute-api:Invoke",
        "Resource": sorted(resources),
    }


def resource_policy(
    environment: Environment, stages: tuple[str, ...], api: Api, api_id: str
) -> Document | None:
    """Return the resource policy of a private API, or None for the others.

    It denies what does not come through the API's VPC endpoints. It allows only what nobody is
    checked on (public routes, preflights): within one account an Allow here would override every
    role's own limits (API Gateway developer guide, "API Gateway authorization flow", table A).
    """
    if not api.vpc_endpoints:
        return None
    arn = api_arn(environment, api_id)
    deny = {
        "Sid": "vpc",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": f"{arn}/*",
        "Condition": {"StringNotEquals": {"aws:SourceVpce": list(api.vpc_endpoints)}},
    }
    open_arns = sorted(
        {arn.of(stage, method, path) for stage in stages for method, path in _open_routes(api)}
    )
    if not open_arns:
        return {"Version": VERSION, "Statement": [deny]}
    allow = {
        "Sid": "public",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": open_arns,
    }
    return {"Version": VERSION, "Statement": [deny, allow]}


def _open_routes(api: Api) -> set[tuple[str, str]]:
    public = {(route.method, route.path) for route in api.routes if route.auth == "none"}
    preflights = {("OPTIONS", route.path) for route in api.routes} if api.cors else set()
    return public | preflights
