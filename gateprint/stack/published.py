"""A REST API exactly as a deployment publishes it: the one source of constructs and digest; pure.

Whatever a deployment snapshots is a value here, and the constructs are made from these values
alone; so nothing can be published that the digest does not see.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Response:
    """A method response and its integration response, which share a status code.

    `headers` maps header names to mapping expressions (`'*'` in single quotes is static);
    `selection` is the pattern that chooses this response, None for the default one.
    """

    status: str
    headers: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    selection: str | None = None


@dataclass(frozen=True, slots=True)
class Integration:
    """What stands behind a method. `function` names a function of the blueprint, by `function_arn`.

    `kind` is API Gateway's integration type; `parameters` maps `integration.request.…` keys.
    """

    kind: str
    function: str | None = None
    function_arn: str | None = None
    uri: str | None = None
    http_method: str | None = None
    request_templates: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    passthrough: str | None = None


@dataclass(frozen=True, slots=True)
class Authorizer:
    """What asks a function of the blueprint, by its name there, about tokens.

    `validation` is a pattern; what does not match it is refused without asking.
    """

    name: str
    function: str
    function_arn: str
    identity_source: str
    validation: str
    cache_seconds: int


@dataclass(frozen=True, slots=True)
class PoolAuthorizer:
    """What takes tokens of Cognito's user pools, which are ARNs or references to them."""

    name: str
    user_pools: tuple[str, ...]
    identity_source: str


@dataclass(frozen=True, slots=True)
class Model:
    """The form of bodies: a JSON schema under a name."""

    name: str
    schema_json: str


@dataclass(frozen=True, slots=True)
class Checks:
    """What a method checks of requests: bodies by a model, and which parameters are there.

    `validator` is the name of the validator, empty where nothing is checked; `parameters` maps
    `method.request.…` keys to whether they are required.
    """

    validator: str = ""
    model: str = ""
    parameters: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Method:
    """One method; `parameters` are the request parameters that its integration uses.

    API Gateway itself asks an access token for one of the `scopes`.
    """

    verb: str
    segments: tuple[str, ...]
    authorization: str
    integration: Integration
    responses: tuple[Response, ...] = ()
    parameters: tuple[str, ...] = ()
    authorizer: str | None = None
    needs_key: bool = False
    scopes: tuple[str, ...] = ()
    checks: Checks | None = None


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """The headers that API Gateway's own answers of one type carry."""

    kind: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PublishedApi:
    """Everything of one REST API that its deployments publish."""

    name: str
    binary_types: tuple[str, ...]
    methods: tuple[Method, ...]
    gateway_responses: tuple[GatewayResponse, ...]
    resource_policy: Mapping[str, Any] | None
    authorizers: tuple[Authorizer, ...] = ()
    pool_authorizers: tuple[PoolAuthorizer, ...] = ()
    models: tuple[Model, ...] = ()

    @property
    def validators(self) -> tuple[str, ...]:
        """Return the names of the validators that methods use."""
        named = {each.checks.validator for each in self.methods if each.checks is not None}
        return tuple(sorted(named - {""}))

    has_default_endpoint: bool = True

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Return the segments of every path resource, parents first."""
        found = {
            method.segments[:length]
            for method in self.methods
            for length in range(1, len(method.segments) + 1)
        }
        return tuple(sorted(found, key=lambda path: (len(path), path)))

    @property
    def digest(self) -> str:
        """Return the digest of all of it: a change of any field is a new deployment."""
        text = json.dumps(_without_defaults(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _without_defaults(api: PublishedApi) -> dict[str, Any]:
    """Return all fields but those that came later and say only that nothing is asked of them.

    So an API that was published before there were any is not published anew.
    """
    found = dataclasses.asdict(api)
    for name in ("authorizers", "pool_authorizers", "models"):
        if not found[name]:
            del found[name]
    if api.has_default_endpoint is True:
        del found["has_default_endpoint"]
    for method in found["methods"]:
        for name in ("authorizer", "scopes", "needs_key", "checks"):
            if not method[name]:
                del method[name]
    return found
