"""What an account holds, as the evaluator takes it, and what it has otherwise; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gateprint.access.answers.answer import Caller, Source, Target, read_source
from gateprint.access.answers.provenance import Asked
from gateprint.access.arn import ApiArn
from gateprint.access.routes.routing import route_of
from gateprint.access.whereabouts import Whereabouts, inside
from gateprint.model.resolved import Environment, Route
from gateprint.workflow.deployed import Account, Holder, Wanted, resource_policy_of


def wanted_of(asked: Asked) -> Wanted:
    """Return what to read from the account of the blueprint's environment."""
    blueprint = asked.blueprint
    return Wanted(blueprint.environment, blueprint.stack, asked.api.name, asked.stage)


def held_target(asked: Asked, account: Account) -> Target:
    """Return the account's API.

    Raises:
        NotModelled: its resource policy is not understood.
    """
    where: Environment = asked.blueprint.environment
    document = resource_policy_of(account.policy) if account.policy else None
    endpoints = account.api.vpc_endpoints or asked.api.vpc_endpoints
    is_private = account.api.endpoint == "PRIVATE"
    whereabouts = inside(asked.api) if asked.api.has_policy else None
    if is_private and endpoints:
        whereabouts = replace(whereabouts or Whereabouts(), vpc_endpoint=endpoints[0])
    return Target(
        account.api,
        ApiArn(where.partition, where.region, where.account, account.api_id),
        asked.stage,
        read_source(f"resource policy of {asked.api.name}", document, "resource")
        if document
        else None,
        whereabouts,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """The roles of an account; what policies many of them share is read once."""

    roles: Mapping[str, Holder]
    _read: dict[str, Source] = field(default_factory=dict)

    @classmethod
    def of(cls, account: Account) -> Held:
        """Return the roles by name."""
        return cls({each.name: each for each in account.roles})

    def caller(self, name: str) -> Caller:
        """Return a role with its policies.

        Raises:
            NotModelled: one of them is not understood.
        """
        role = self.roles[name]
        documents = tuple(self._source(*each) for each in role.documents.items())
        boundary = [self._source(*each) for each in role.boundary.items()]
        tags = {f"aws:PrincipalTag/{key}": (value,) for key, value in role.tags.items()}
        return Caller(name, role.arn, documents, boundary[0] if boundary else None, tags)

    def _source(self, name: str, document: Any) -> Source:
        """Inline policies of two roles may share a name, but a managed one is known by its ARN."""
        if not name.startswith("arn:"):
            return read_source(name, document, "identity")
        if name not in self._read:
            self._read[name] = read_source(name, document, "identity")
        return self._read[name]


def differences(asked: Asked, target: Target) -> Iterator[str]:
    """Say where the route that answers in the account is not as the blueprint has it."""
    stated = route_of(asked.api, asked.call.method, asked.call.path)
    found = route_of(target.api, asked.call.method, asked.call.path)
    if stated is None and found is not None:
        yield f"the account has {found.key}, which the blueprint does not declare"
    elif stated is not None and found is None:
        yield f"the account has no {stated.key}, which the blueprint declares"
    elif stated is not None and found is not None and _kind(stated) != _kind(found):
        words = {
            "none": "nobody is checked",
            "iam": "IAM checks callers",
            "jwt": "an authorizer checks tokens",
            "cognito": "API Gateway checks tokens of user pools",
        }
        there = words.get(_kind(found), f"{found.auth} checks callers")
        yield f"on {found.key} {there} in the account; by the blueprint {words[stated.auth]}"


def _kind(route: Route) -> str:
    """Return how callers are checked; an account says CUSTOM of whatever authorizer there is."""
    return {"CUSTOM": "jwt", "COGNITO_USER_POOLS": "cognito"}.get(route.auth, route.auth)
