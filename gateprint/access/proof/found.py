"""What a stack says about access, whichever way that was read: values, with symbols for ids.

What Terraform knows only later stays symbolic: the id of a REST API is `<its address>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateprint.access.proof.domains import BasePathAccess, DomainAccess
from gateprint.access.proof.plans import PlanAccess

USER_POOL = "aws_cognito_user_pool"
ENDPOINT_POLICY = "aws_vpc_endpoint_policy"


def pool_symbol(name: str) -> str:
    """Return what stands for the ARN of a stack's user pool, which AWS alone knows."""
    return f"<{name}.arn>"


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A policy document as text, under its name in IAM."""

    name: str
    document: str


@dataclass(frozen=True, slots=True)
class RoleAccess:
    """A role, or the policies that a stack adds to a role of another, which has no `trust` here.

    `elsewhere` are attached policies that the stack does not hold, as ARNs.
    """

    name: str
    trust: str | None
    policies: tuple[NamedPolicy, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizerAccess:
    """What asks about tokens, as text; `uri` is a symbol with the function's name.

    `user_pools` are sorted: ARNs, or symbols with the names of pools of the stack.
    """

    name: str
    kind: str
    uri: str
    identity_source: str
    cache_seconds: str
    role: str
    user_pools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """A REST API: its id or symbol, the authorization of `METHOD /path`, and its stages.

    The authorization of a method that asks an authorizer is `CUSTOM` or `COGNITO_USER_POOLS`, its
    name, and the scopes that API Gateway asks for by itself, sorted; that of one that needs an API
    key ends with `WITH_KEY`.
    """

    name: str
    api_id: str
    methods: Mapping[str, str]
    stages: frozenset[str]
    resource_policy: str | None
    authorizers: tuple[AuthorizerAccess, ...] = ()
    has_default_endpoint: bool = True


@dataclass(frozen=True, slots=True)
class StackAccess:
    """All that a stack says about access.

    `not_read` says in words what may bear on access and is not understood. `contents` are the
    addresses of all that the stack has beside its provider and its settings; two stacks may give
    the same access with other contents.
    """

    apis: tuple[ApiAccess, ...]
    roles: Mapping[str, RoleAccess]
    saml_providers: Mapping[str, str]
    not_read: tuple[str, ...]
    contents: tuple[str, ...] = field(default=(), compare=False)
    plans: tuple[PlanAccess, ...] = ()
    domains: tuple[DomainAccess, ...] = ()
    base_paths: tuple[BasePathAccess, ...] = ()
    endpoint_policies: Mapping[str, str] = field(default_factory=dict)
