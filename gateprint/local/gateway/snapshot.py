"""What a deployment has frozen of a REST API, ready to be served; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gateprint.local.gateway.expressions import Expression
from gateprint.local.gateway.vtl.syntax import Template


class Schema(Protocol):
    """A JSON schema."""

    def is_valid(self, instance: Any) -> bool:
        """Tell whether a value has the form."""


@dataclass(frozen=True, slots=True)
class IntegrationResponse:
    """How an answer of the backend becomes one of the method; the default one has no pattern."""

    status: int
    selection: re.Pattern[str] | None = None
    headers: Mapping[str, Expression] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Integration:
    """What stands behind a method; `parameters` maps `header.X`, `path.x` and `querystring.x`."""

    kind: str
    uri: str = ""
    http_method: str = ""
    function_arn: str = ""
    timeout_seconds: float = 29.0
    passthrough: str = "WHEN_NO_MATCH"
    templates: Mapping[str, Template] = field(default_factory=dict)
    parameters: Mapping[str, Expression] = field(default_factory=dict)
    responses: tuple[IntegrationResponse, ...] = ()


@dataclass(frozen=True, slots=True)
class Authorizer:
    """What asks a function about the token in a header; `validation` is asked before it."""

    authorizer_id: str
    function_arn: str
    header: str
    ttl_seconds: int
    validation: re.Pattern[str] | None = None

    def is_admitting(self, token: str) -> bool:
        """Tell whether the function is to be asked about a token at all."""
        return self.validation is None or self.validation.fullmatch(token) is not None


@dataclass(frozen=True, slots=True)
class PoolAuthorizer:
    """Whose tokens a header may bring: of user pools, by ARN; one of the `scopes` is enough."""

    header: str
    user_pools: tuple[str, ...]
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a path resource; `required` are the parameters that a request must have."""

    verb: str
    resource_id: str
    resource_path: str
    is_signed: bool
    needs_api_key: bool
    integration: Integration
    required: tuple[str, ...] = ()
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    checks_body: bool = False
    authorizer: Authorizer | None = None
    pools: PoolAuthorizer | None = None

    @property
    def route(self) -> str:
        """The method as blueprints write it."""
        return f"{self.verb} {self.resource_path}"

    def summary(self) -> dict[str, object]:
        """Return it as GetDeployment's `apiSummary` has it (API reference, MethodSnapshot)."""
        kind = "AWS_IAM" if self.is_signed else "CUSTOM" if self.authorizer else "NONE"
        return {"authorizationType": kind, "apiKeyRequired": self.needs_api_key}


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """How one type of API Gateway's own answers looks."""

    status: int | None
    headers: Mapping[str, Expression]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree of path resources."""

    methods: Mapping[str, Method]
    literals: Mapping[str, Node]
    parameter: tuple[str, Node] | None = None
    rest: tuple[str, Node] | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A REST API as one deployment publishes it."""

    api_id: str
    account: str
    region: str
    deployment_id: str
    root: Node
    gateway_responses: Mapping[str, GatewayResponse] = field(default_factory=dict)
    resource_policy: str | None = None
    binary_types: tuple[str, ...] = ()
    minimum_compression_bytes: int | None = None
    is_private: bool = False

    @property
    def partition(self) -> str:
        """The partition of ARNs."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    def summary(self) -> dict[str, dict[str, dict[str, object]]]:
        """Return the methods by path and verb, as GetDeployment's `apiSummary` has them."""
        found: dict[str, dict[str, dict[str, object]]] = {}
        places = [self.root]
        while places:
            place = places.pop()
            below = [each[1] for each in (place.parameter, place.rest) if each is not None]
            places += [*place.literals.values(), *below]
            for verb, method in place.methods.items():
                found.setdefault(method.resource_path, {})[verb] = method.summary()
        return found

    def is_binary(self, media_type: str) -> bool:
        """Tell whether bodies of a type pass through as bytes."""
        plain = media_type.partition(";")[0].strip().lower()
        return bool(plain) and any(each in ("*/*", plain) for each in self.binary_types)
