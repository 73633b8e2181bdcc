"""Which stack has to be there before which: a role comes before what is added to it; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from gateprint.access.grants import grants_of
from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.resolved import ResolvedBlueprint, Role

# Environment, and a role's name without case: so IAM compares names.
_RoleKey = tuple[str, str]


def prerequisites(blueprints: Sequence[ResolvedBlueprint]) -> Mapping[str, tuple[str, ...]]:
    """Return, for every blueprint's stack, the stacks that own a role to which it adds a policy.

    A role of another environment, or of no blueprint, is somebody else's business, and so is one
    that is granted nothing here.
    """
    owners = _owners(blueprints)
    return {each.stack: tuple(sorted(_needed(each, owners))) for each in blueprints}


def check_order(whole: Sequence[tuple[Document, ResolvedBlueprint]]) -> Iterator[Diagnostic]:
    """Yield a diagnostic where stacks add to each other's roles: none could be applied first."""
    found = prerequisites([blueprint for _, blueprint in whole])
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        cycle = set(error.args[1])
        owners = _owners([blueprint for _, blueprint in whole])
        document, last = [each for each in whole if each[1].stack in cycle][-1]
        role = next(each for each in _added(last) if owners.get(_key(last, each)) in cycle)
        path: KeyPath = ("roles", role.name)
        problem = f"{' and '.join(sorted(cycle))} add to each other's roles: none can be first"
        remedy = "declare these roles in one of the blueprints"
        yield document.reject(path, "role-cycle", problem, remedy, key=True)


def _owners(blueprints: Sequence[ResolvedBlueprint]) -> Mapping[_RoleKey, str]:
    return {
        _key(blueprint, role): blueprint.stack
        for blueprint in blueprints
        for role in blueprint.roles
        if role.identity_provider is not None
    }


def _needed(blueprint: ResolvedBlueprint, owners: Mapping[_RoleKey, str]) -> set[str]:
    keys = {_key(blueprint, role) for role in _added(blueprint)}
    return {owners[key] for key in keys & owners.keys()} - {blueprint.stack}


def _added(blueprint: ResolvedBlueprint) -> list[Role]:
    """Return the roles of others to which the blueprint adds a policy."""
    return [each for each in blueprint.roles if each.identity_provider is None and grants_of(each)]


def _key(blueprint: ResolvedBlueprint, role: Role) -> _RoleKey:
    return blueprint.environment.name, role.name.lower()
