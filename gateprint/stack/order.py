"""Which stack has to be there before which: a role comes before what is added to it; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from gateprint.access.matrix import grants_of
from gateprint.errors import ToolFailed
from gateprint.model.resolved import ResolvedBlueprint


def prerequisites(blueprints: Sequence[ResolvedBlueprint]) -> Mapping[str, tuple[str, ...]]:
    """Return, for every blueprint's stack, the stacks that own a role to which it adds a policy.

    A role of another environment, or of no blueprint, is somebody else's business, and so is one
    that is granted nothing here.

    Raises:
        ToolFailed: stacks wait for each other.
    """
    owners = {
        (blueprint.environment.name, role.name.lower()): blueprint.stack
        for blueprint in blueprints
        for role in blueprint.roles
        if role.identity_provider is not None
    }
    found = {each.stack: _owners_of(each, owners) for each in blueprints}
    _refuse_cycles(found)
    return found


def _owners_of(
    blueprint: ResolvedBlueprint, owners: Mapping[tuple[str, str], str]
) -> tuple[str, ...]:
    # IAM compares the names of roles without case.
    keys = [
        (blueprint.environment.name, role.name.lower())
        for role in blueprint.roles
        if role.identity_provider is None and grants_of(role)
    ]
    return tuple(sorted({owners[key] for key in keys if key in owners} - {blueprint.stack}))


def _refuse_cycles(found: Mapping[str, tuple[str, ...]]) -> None:
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        stacks = sorted(set(error.args[1]))
        raise ToolFailed(
            f"{', '.join(stacks)} add permissions to each other's roles: none can be applied first",
            "declare these roles in one of the blueprints",
        ) from error
