"""A blueprint in one environment: what becomes one stack; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateprint.model.naming import functions_role_name, stack_name
from gateprint.model.resolved.api import Api, Route
from gateprint.model.resolved.domain import Domain
from gateprint.model.resolved.environment import Environment
from gateprint.model.resolved.function import Function
from gateprint.model.resolved.plan import Plan
from gateprint.model.resolved.pool import UserPool
from gateprint.model.resolved.role import Role
from gateprint.model.resolved.stage import Stage


@dataclass(frozen=True, slots=True)
class Retired:
    """Why a blueprint is given up, who decided it, and the names of what that is about.

    `apis` and `roles` are its own, which go away; `adds_to` are the roles of others that it grants
    something here until it is destroyed. Nothing else of a retired blueprint is left.
    """

    reason: str
    by: str
    apis: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    adds_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedBlueprint:
    """One blueprint in one environment: what becomes one Terraform stack; empty where retired."""

    name: str
    environment: Environment
    stages: tuple[Stage, ...]
    apis: tuple[Api, ...]
    functions: tuple[Function, ...] = ()
    roles: tuple[Role, ...] = ()
    owner: str | None = None
    description: str | None = None
    retired: Retired | None = None
    plans: tuple[Plan, ...] = ()
    user_pools: tuple[UserPool, ...] = ()
    domains: tuple[Domain, ...] = ()

    @property
    def is_retired(self) -> bool:
        """Tell whether the next apply destroys everything that the stack has."""
        return self.retired is not None

    @property
    def stack(self) -> str:
        """Return the name of the Terraform stack."""
        return stack_name(self.name, self.environment.name)

    @property
    def functions_role(self) -> str:
        """Return the name of the role that the stack's functions run as."""
        return functions_role_name(self.name, self.environment.name)

    @property
    def tags(self) -> Mapping[str, str]:
        """Return the default tags of everything in the stack."""
        own = {"gateprint:blueprint": self.name, "gateprint:environment": self.environment.name}
        owner = {"gateprint:owner": self.owner} if self.owner else {}
        return {**self.environment.tags, **own, **owner}

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names of the API keys that its plans have here, each once."""
        return tuple(dict.fromkeys(key for plan in self.plans for key in plan.keys))

    @property
    def releases(self) -> tuple[str, ...]:
        """Return the releases that its stages need, in the stages' order."""
        return tuple(dict.fromkeys(one for each in self.stages for one in each.releases))

    def function(self, name: str) -> Function:
        """Return the function that the blueprint calls `name`."""
        return next(each for each in self.functions if each.name == name)

    def function_arn(self, name: str) -> str:
        """Return the ARN of the function that the blueprint calls `name`."""
        where = self.environment
        aws_name = self.function(name).aws_name
        return f"arn:{where.partition}:lambda:{where.region}:{where.account}:function:{aws_name}"

    def api(self, name: str) -> Api:
        """Return the API of this name."""
        return next(each for each in self.apis if each.name == name)

    def routes_on(self, stage: Stage) -> Iterator[tuple[Api, Route]]:
        """Yield what a stage serves, as far as it is known; else every route with its API."""
        for api in self.apis:
            for route in stage.serves.get(api.name, api.routes):
                yield api, route

    def routes(self) -> Iterator[tuple[Api, Route]]:
        """Yield every route with its API, in the blueprint's order."""
        for api in self.apis:
            for route in api.routes:
                yield api, route
