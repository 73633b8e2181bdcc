"""The parts of a blueprint as their author writes them; pure."""

from gateprint.model.written.api import Api, Cors
from gateprint.model.written.authorizer import Authorizer
from gateprint.model.written.domain import BasePath, Domain
from gateprint.model.written.function import Function
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
    "Mock",
    "Role",
    "Route",
    "Stage",
]
