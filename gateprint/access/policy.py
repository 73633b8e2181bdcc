"""The policy documents: trust, permissions and resource policies as IAM reads them; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateprint.access.arn import ApiArn, request_pattern
from gateprint.access.grants import grants_of
from gateprint.access.iam.language import Language
from gateprint.access.overreach import denied_routes, reached_by
from gateprint.access.packing import Limits, Packed, Pattern, pack
from gateprint.access.restriction import denials
from gateprint.access.routes.reach import is_exact, slash_reach_of
from gateprint.access.routes.templates import EVERY_METHOD, answered, answered_with_slash, on
from gateprint.model.partition import audiences
from gateprint.model.quotas import ROLE_POLICIES
from gateprint.model.resolved import Api, Environment, ResolvedBlueprint, Role, Route
from gateprint.model.saml import is_list_claim

Document = dict[str, Any]
VERSION = "2012-10-17"
_POLICY_NAME = "api-gateway-policy"
# As long as the ids that API Gateway gives.
API_ID = "0123456789"


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


def inline_policy_name(blueprint: ResolvedBlueprint, role: Role) -> str:
    """Return the name of a role's inline policy; a role of another blueprint has that name."""
    is_own = role.identity_provider is not None
    return _POLICY_NAME if is_own else f"{_POLICY_NAME}-{blueprint.name}"


def managed_policy_name(blueprint: ResolvedBlueprint, role: Role, number: int) -> str:
    """Return the name of a role's managed policy, counted from 1.

    A blueprint's name has no dot, so that two names are never the same.
    """
    return f"{blueprint.name}.{role.name}.{number}"


@dataclass(frozen=True, slots=True)
class RoleDocuments:
    """What a role may call: its inline policy, and the managed ones that hold what did not fit."""

    inline: Document | None
    managed: tuple[Document, ...] = ()

    @property
    def all(self) -> tuple[Document, ...]:
        """All of them; IAM adds them up."""
        return (*([self.inline] if self.inline else []), *self.managed)


def role_documents(
    blueprint: ResolvedBlueprint, role: Role, api_ids: Mapping[str, str]
) -> RoleDocuments:
    """Return what a role may call; nothing where it is granted nothing in this environment.

    `api_ids` maps the blueprint's API names to ids, or to references to them. Sizes are those of
    real ids, so that they do not matter.
    """
    arns = {name: api_arn(blueprint.environment, api_id) for name, api_id in api_ids.items()}
    packed, denied = packed_grants(blueprint, role)
    denial = _statements("overreach", "Deny", denied, arns)
    inline = [*_statements("invoke", "Allow", packed.inline, arns), *denial]
    return RoleDocuments(
        {"Version": VERSION, "Statement": inline} if inline else None,
        tuple(
            {"Version": VERSION, "Statement": _statements("invoke", "Allow", each, arns)}
            for each in packed.managed
        ),
    )


def packed_grants(blueprint: ResolvedBlueprint, role: Role) -> tuple[Packed, tuple[Pattern, ...]]:
    """Return what a role is allowed, by policy, and what it is denied."""
    denied = tuple(sorted(_denied(blueprint, role)))
    environment = blueprint.environment
    limits = Limits(
        len(str(api_arn(environment, API_ID))) + 1,
        environment.quotas.get(ROLE_POLICIES.name, ROLE_POLICIES.limit),
    )
    allowed = _allowed(blueprint, role)
    return pack(allowed, denied, lambda: closed_requests(blueprint, role), limits), denied


def _allowed(blueprint: ResolvedBlueprint, role: Role) -> Iterator[Pattern]:
    """Yield the pattern of every grant.

    `GET/pets/*` fits `GET/pets/` as well, which may be how IAM sees `GET /pets`. Where nothing
    was decided about that, the parameter is `?*`: at least one character. `*/`, for `ANY /`, fits
    whatever ends with a slash; there the methods are named.
    """
    granted = grants_of(role)
    decided = granted | {(each.api, each.stage, each.route) for each in reached_by(blueprint, role)}
    for api in blueprint.apis:
        reached = slash_reach_of(tuple((route.key, route.auth) for route in api.routes))
        for route in api.routes:
            for stage in blueprint.stages:
                if (api.name, stage.name, route.key) in granted:
                    others = reached[route.key]
                    is_plain = all((api.name, stage.name, other) in decided for other in others)
                    for text in _texts(stage.name, route, is_plain=is_plain):
                        yield Pattern(api.name, text)


def _texts(stage: str, route: Route, *, is_plain: bool) -> Iterator[str]:
    text = request_pattern(stage, route.method, route.path)
    if is_plain:
        yield text
    elif text.endswith("*"):
        yield f"{text[:-1]}?*"
    else:
        yield from (request_pattern(stage, method, route.path) for method in EVERY_METHOD)


def _denied(blueprint: ResolvedBlueprint, role: Role) -> Iterator[Pattern]:
    """Yield what `overreach: deny` closes, in both spellings of a path's end."""
    for name, stage, route in denied_routes(blueprint, role):
        text = request_pattern(stage, route.method, route.path)
        yield Pattern(name, text)
        if not text.endswith(("*", "/")):
            yield Pattern(name, f"{text}/")


def closed_requests(blueprint: ResolvedBlueprint, role: Role) -> Mapping[str, list[Language]]:
    """Return the requests by API that a role must not be allowed, nor with a slash at the end."""
    open_routes = grants_of(role) | {
        (each.api, each.stage, each.route)
        for each in reached_by(blueprint, role)
        if not each.is_denied
    }
    closed: dict[str, list[Language]] = {api.name: [] for api in blueprint.apis}
    for stage in blueprint.stages:
        for api, route in blueprint.routes():
            if route.auth == "iam" and (api.name, stage.name, route.key) not in open_routes:
                found = dict.fromkeys((answered(route.key), answered_with_slash(route.key)))
                closed[api.name] += [on(stage.name, each) for each in found]
    return closed


def _statements(
    sid: str, effect: str, patterns: Sequence[Pattern], arns: Mapping[str, ApiArn]
) -> list[Document]:
    if not patterns:
        return []
    resources = sorted(f"{arns[each.api]}/{each.text}" for each in patterns)
    statement = {
        "Sid": sid,
        "Effect": effect,
        "Action": "execute-api:Invoke",
        "Resource": resources,
    }
    return [statement]


def resource_policy(
    environment: Environment, stages: tuple[str, ...], api: Api, api_id: str
) -> Document | None:
    """Return the resource policy of a private or a restricted API, or None for the others.

    It denies what does not come from where it should. It allows only what no policy is asked about
    otherwise (public routes, preflights, and routes with tokens of Cognito, which need an explicit
    Allow here: the same guide, "Amazon Cognito authentication and resource policy"). Within one
    account an Allow here would override every role's own limits (API Gateway developer guide, "API
    Gateway authorization flow", table A).
    Where a public route has wildcards, which may reach signed ones, it is for requests without a
    signature alone: those without aws:PrincipalArn (IAM user guide, "AWS global condition context
    keys").
    """
    if not api.has_policy:
        return None
    arn = api_arn(environment, api_id)
    denied = denials(api, f"{arn}/*")
    open_arns = sorted(
        {arn.of(stage, method, path) for stage in stages for method, path in _open_routes(api)}
    )
    if not open_arns:
        return {"Version": VERSION, "Statement": denied}
    allow: Document = {
        "Sid": "public",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": open_arns,
    }
    if any(not is_exact(each.key) for each in api.routes if each.auth in UNASKED):
        allow["Condition"] = {"Null": {"aws:PrincipalArn": "true"}}
    return {"Version": VERSION, "Statement": [*denied, allow]}


# Values of `auth` with which no policy but the resource policy is asked.
UNASKED = ("none", "cognito")


def _open_routes(api: Api) -> set[tuple[str, str]]:
    public = {(route.method, route.path) for route in api.routes if route.auth in UNASKED}
    preflights = {("OPTIONS", route.path) for route in api.routes} if api.cors else set()
    return public | preflights
