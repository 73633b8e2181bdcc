"""An API, its routes and their backends, with every default final; pure."""

from __future__ import annotations

from dataclasses import dataclass

from gateprint.model.issuers import TokenIssuer
from gateprint.model.resolved.identity_token import IdentityToken
from gateprint.model.resolved.pool import PoolAuthorizer
from gateprint.model.resolved.request import Request
from gateprint.model.resolved.throttle import Throttle
from gateprint.model.restriction import Restriction

# Values of `auth` with which callers bring a token, and IAM is not asked about roles.
BY_TOKEN = ("jwt", "cognito")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "ANY")


@dataclass(frozen=True, slots=True)
class Cors:
    """What a browser may do from another origin; `origins` is `("*",)` or exact origins.

    `headers` are those that it may send beside the usual ones.
    """

    origins: tuple[str, ...]
    max_age_seconds: int
    is_preflight_function: bool
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionBackend:
    """A Lambda function of this blueprint."""

    function: str
    is_proxy: bool


@dataclass(frozen=True, slots=True)
class LambdaBackend:
    """A Lambda function that exists already; always a proxy integration."""

    arn: str


@dataclass(frozen=True, slots=True)
class HttpBackend:
    """An HTTP address that requests are passed to."""

    url: str


@dataclass(frozen=True, slots=True)
class MockBackend:
    """An answer that API Gateway gives by itself."""

    status: int
    body: str


Backend = FunctionBackend | LambdaBackend | HttpBackend | MockBackend


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path; `public` is the reason where no caller is checked.

    Where tokens are, `authorizer` names whose; with `jwt` they have all `scopes`, with `cognito` at
    least one. `needs_key` tells that a request needs an API key as well.
    """

    method: str
    path: str
    backend: Backend
    auth: str = "iam"
    public: str | None = None
    description: str | None = None
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()
    needs_key: bool = False
    request: Request | None = None
    identity_token: IdentityToken | None = None

    @property
    def is_by_token(self) -> bool:
        """Tell whether a token is asked for, so that no signature helps."""
        return self.auth in BY_TOKEN

    throttle: Throttle | None = None

    @property
    def key(self) -> str:
        """Return the route as the blueprint writes it."""
        return f"{self.method} {self.path}"

    @property
    def segments(self) -> tuple[str, ...]:
        """Return the path's segments; none for the root."""
        return tuple(each for each in self.path.split("/") if each)


@dataclass(frozen=True, slots=True)
class Api:
    """One REST API; `authorizers` and `pool_authorizers` are those that its routes use.

    `only_from` says where callers must come from, beside the VPC endpoints.
    """

    name: str
    routes: tuple[Route, ...]
    description: str | None = None
    endpoint: str = "REGIONAL"
    vpc_endpoints: tuple[str, ...] = ()
    binary_types: tuple[str, ...] = ()
    cors: Cors | None = None
    authorizers: tuple[TokenIssuer, ...] = ()
    pool_authorizers: tuple[PoolAuthorizer, ...] = ()
    only_from: Restriction | None = None

    @property
    def doors(self) -> tuple[str, ...]:
        """Return what a private API is reached through: VPC endpoints, or else VPCs."""
        return self.vpc_endpoints or (self.only_from.vpcs if self.only_from else ())

    @property
    def is_private(self) -> bool:
        """Tell whether only VPC endpoints lead to it."""
        return self.endpoint == "PRIVATE" or bool(self.doors)

    @property
    def has_policy(self) -> bool:
        """Tell whether a resource policy says where callers come from."""
        return bool(self.vpc_endpoints or self.only_from)

    has_default_endpoint: bool = True

    def route(self, key: str) -> Route:
        """Return the route that the blueprint writes as `key`."""
        return next(each for each in self.routes if each.key == key)
