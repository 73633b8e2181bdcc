"""Finds a role by its name, in every environment that it goes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateprint.model.resolved import Environment, Role
from gateprint.model.words import suggest
from gateprint.workflow.inputs import Inputs


@dataclass(frozen=True, slots=True)
class PlacedRole:
    """A role in one environment, as the blueprint declares it that owns it, if one does."""

    role: Role
    environment: Environment


def role_names(inputs: Inputs) -> tuple[str, ...]:
    """Return the names of all roles, sorted."""
    return tuple(sorted({role.name for each in inputs.blueprints for role in each.roles}))


def cure_of_role(inputs: Inputs, name: str) -> str:
    """Return the remedy for the name of a role that is not there."""
    for each in inputs.blueprints:
        if each.retired is not None and name in each.retired.roles:
            return f"it goes away with {each.name}, which is retired"
    return suggest(name, role_names(inputs))


def find_role(inputs: Inputs, name: str) -> tuple[PlacedRole, ...]:
    """Return a role in each environment; none where there is no such role."""
    return tuple(_placed(inputs, name))


def _placed(inputs: Inputs, name: str) -> Iterator[PlacedRole]:
    for environment in inputs.environments:
        found = [
            role
            for each in inputs.blueprints
            for role in each.roles
            if each.environment.name == environment.name and role.name == name
        ]
        # Other blueprints add permissions to it, and know nothing of its trust policy.
        owned = [role for role in found if role.identity_provider is not None]
        for role in [*owned, *found][:1]:
            yield PlacedRole(role, environment)
