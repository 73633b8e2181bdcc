"""Which stack is applied before which: a role is made first, and destroyed last; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from gateprint.access.grants import grants_of
from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.resolved import ResolvedBlueprint

_Whole = Sequence[tuple[Document, ResolvedBlueprint]]
# Environment, and a role's name without case: so IAM compares names.
_RoleKey = tuple[str, str]


def prerequisites(blueprints: Sequence[ResolvedBlueprint]) -> Mapping[str, tuple[str, ...]]:
    """Return, for every blueprint's stack, the stacks that are applied before it.

    A stack that owns a role comes before those that add a policy to it; of retired blueprints,
    whose stacks are destroyed, it comes after them: IAM deletes no role that has a policy.

    A role of another environment, or of no blueprint, is somebody else's business, and so is one
    that is granted nothing here.
    """
    owners = _owners(blueprints)
    needed: dict[str, set[str]] = {each.stack: set() for each in blueprints}
    for each in blueprints:
        for _, owner in _additions(each, owners):
            first, then = (each, owner) if each.is_retired else (owner, each)
            needed[then.stack].add(first.stack)
    return {stack: tuple(sorted(found)) for stack, found in needed.items()}


def check_order(whole: _Whole) -> Iterator[Diagnostic]:
    """Yield a diagnostic where stacks add to each other's roles: none could be applied first."""
    found = prerequisites([blueprint for _, blueprint in whole])
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        cycle = set(error.args[1])
        owners = _owners([blueprint for _, blueprint in whole])
        document, last = [each for each in whole if each[1].stack in cycle][-1]
        role = next(name for name, owner in _additions(last, owners) if owner.stack in cycle)
        path: KeyPath = ("roles", role)
        problem = f"{' and '.join(sorted(cycle))} add to each other's roles: none can be first"
        remedy = "declare these roles in one of the blueprints"
        yield document.reject(path, "role-cycle", problem, remedy, key=True)


def check_retired_roles(whole: _Whole) -> Iterator[Diagnostic]:
    """Yield a diagnostic where a blueprint adds to a role that goes away with a retired one."""
    owners = {
        key: document.locate(("retired",), key=True)
        for document, blueprint in whole
        if blueprint.is_retired
        for key in _owners([blueprint])
    }
    for document, blueprint in whole if owners else ():
        for name in () if blueprint.is_retired else _added(blueprint):
            where = owners.get(_key(blueprint, name))
            if where is not None:
                place = f"{where.path}:{where.line}:{where.column}"
                problem = f"the role goes away: its blueprint is retired, at {place}"
                remedy = "remove it here and apply that first, or take the retirement back"
                yield document.reject(("roles", name), "retired-role", problem, remedy, key=True)


def _owners(
    blueprints: Sequence[ResolvedBlueprint],
) -> Mapping[_RoleKey, ResolvedBlueprint]:
    return {
        _key(blueprint, name): blueprint for blueprint in blueprints for name in _own(blueprint)
    }


def _additions(
    blueprint: ResolvedBlueprint, owners: Mapping[_RoleKey, ResolvedBlueprint]
) -> Iterator[tuple[str, ResolvedBlueprint]]:
    """Yield the roles of others to which a blueprint adds a policy, with the blueprints there.

    What is retired takes its policies away, whenever that is; so no other one waits for it.
    """
    for name in _added(blueprint):
        owner = owners.get(_key(blueprint, name))
        if owner is None or owner.stack == blueprint.stack:
            continue
        if owner.is_retired is blueprint.is_retired:
            yield name, owner


def _own(blueprint: ResolvedBlueprint) -> Sequence[str]:
    """Return the names of the roles that the blueprint's stack makes, or has made."""
    if blueprint.retired is not None:
        return blueprint.retired.roles
    return [each.name for each in blueprint.roles if each.identity_provider is not None]


def _added(blueprint: ResolvedBlueprint) -> Sequence[str]:
    """Return the names of the roles of others to which the blueprint adds a policy, or has."""
    if blueprint.retired is not None:
        return blueprint.retired.adds_to
    others = [each for each in blueprint.roles if each.identity_provider is None]
    return [each.name for each in others if grants_of(each)]


def _key(blueprint: ResolvedBlueprint, role: str) -> _RoleKey:
    return blueprint.environment.name, role.lower()
