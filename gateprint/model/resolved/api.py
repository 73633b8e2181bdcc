"""An API, its routes and their backends, with every default final; pure."""

from __future__ import annotations

from dataclasses import dataclass

from gateprint.model.issuers import TokenIssuer
from gateprint.model.resolved.stage import Throttle

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "ANY")


@dataclass(frozen=True, slots=True)
class Cors:
    """What a browser may do from another origin; `origins` is `("*",)` or exact origins."""

    origins: tuple[str, ...]
    max_age_seconds: int
    is_preflight_function: bool


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

    Where tokens are, `authorizer` names whose, and they must have all `scopes`.
    """

    method: str
    path: str
    backend: Backend
    auth: str = "iam"
    public: str | None = None
    description: str | None = None
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()
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
    """One REST API; `authorizers` are those that its routes use."""

    name: str
    routes: tuple[Route, ...]
    description: str | None = None
    endpoint: str = "REGIONAL"
    vpc_endpoints: tuple[str, ...] = ()
    binary_types: tuple[str, ...] = ()
    cors: Cors | None = None
    authorizers: tuple[TokenIssuer, ...] = ()
    has_default_endpoint: bool = True

    def route(self, key: str) -> Route:
        """Return the route that the blueprint writes as `key`."""
        return next(each for each in self.routes if each.key == key)
