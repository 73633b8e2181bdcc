"""The values that the rest of gateprint works on: every default and every name is final; pure."""

from gateprint.model.resolved.api import (
    BY_TOKEN,
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
from gateprint.model.resolved.identity_token import IdentityToken
from gateprint.model.resolved.plan import Plan, PlanQuota
from gateprint.model.resolved.pool import PoolAuthorizer, PoolClient, UserPool
from gateprint.model.resolved.request import Body, Parameter, Request
from gateprint.model.resolved.role import Grant, Role
from gateprint.model.resolved.stage import Cache, Canary, Stage
from gateprint.model.resolved.throttle import Throttle
from gateprint.model.resolved.vpc_endpoint import Passage, VpcEndpoint

__all__ = [
    "ACCOUNT_STACK",
    "BY_TOKEN",
    "METHODS",
    "NOOP_FUNCTION",
    "NOOP_HANDLER",
    "Api",
    "Backend",
    "BasePath",
    "Body",
    "Cache",
    "Canary",
    "Cors",
    "Domain",
    "Environment",
    "Function",
    "FunctionBackend",
    "Grant",
    "HcpState",
    "HttpBackend",
    "IdentityProvider",
    "IdentityToken",
    "LambdaBackend",
    "MockBackend",
    "MutualTls",
    "Parameter",
    "Passage",
    "Plan",
    "PlanQuota",
    "PoolAuthorizer",
    "PoolClient",
    "Request",
    "ResolvedBlueprint",
    "Retired",
    "Role",
    "Route",
    "S3State",
    "Stage",
    "Throttle",
    "UserPool",
    "VpcEndpoint",
    "address_of",
]
