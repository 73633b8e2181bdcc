"""The values that the rest of gateprint works on: every default and every name is final; pure."""

from gateprint.model.resolved.api import (
    METHODS,
    Api,
    Backend,
    Cors,
    FunctionBackend,
    HttpBackend,
    LambdaBackend,
    MockBackend,
    Route,
)
from gateprint.model.resolved.blueprint import ResolvedBlueprint, Retired
from gateprint.model.resolved.domain import BasePath, Domain, MutualTls, address_of
from gateprint.model.resolved.environment import (
    ACCOUNT_STACK,
    Environment,
    HcpState,
    IdentityProvider,
    S3State,
)
from gateprint.model.resolved.function import NOOP_FUNCTION, NOOP_HANDLER, Function
from gateprint.model.resolved.role import Grant, Role
from gateprint.model.resolved.stage import Cache, Stage, Throttle

__all__ = [
    "ACCOUNT_STACK",
    "METHODS",
    "NOOP_FUNCTION",
    "NOOP_HANDLER",
    "Api",
    "Backend",
    "BasePath",
    "Cache",
    "Cors",
    "Domain",
    "Environment",
    "Function",
    "FunctionBackend",
    "Grant",
    "HcpState",
    "HttpBackend",
    "IdentityProvider",
    "LambdaBackend",
    "MockBackend",
    "MutualTls",
    "ResolvedBlueprint",
    "Retired",
    "Role",
    "Route",
    "S3State",
    "Stage",
    "Throttle",
    "address_of",
]
