"""The parts of a blueprint as their author writes them; pure."""

from gateprint.model.written.api import Api, Cors
from gateprint.model.written.authorizer import Authorizer
from gateprint.model.written.domain import BasePath, Domain
from gateprint.model.written.function import Function
from gateprint.model.written.identity_token import IdentityToken
from gateprint.model.written.plan import Pace, Plan, Quota
from gateprint.model.written.pool import PoolClient, UserPool
from gateprint.model.written.request import Request
from gateprint.model.written.restriction import OnlyFrom
from gateprint.model.written.role import Grant, Role
from gateprint.model.written.route import Mock, Route
from gateprint.model.written.stage import Stage

__all__ = [
    "Api",
    "Authorizer",
    "BasePath",
    "Cors",
    "Domain",
    "Function",
    "Grant",
    "IdentityToken",
    "Mock",
    "OnlyFrom",
    "Pace",
    "Plan",
    "PoolClient",
    "Quota",
    "Request",
    "Role",
    "Route",
    "Stage",
    "UserPool",
]
