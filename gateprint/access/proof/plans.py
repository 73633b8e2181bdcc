"""Proves that a stack's API keys open the stages that its plans say, and no others; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateprint.errors import Difference
from gateprint.model.naming import api_key_name, plan_name
from gateprint.model.resolved import ResolvedBlueprint

if TYPE_CHECKING:
    from gateprint.access.proof.found import StackAccess

# What follows an authorization where a request needs an API key as well.
WITH_KEY = " and an API key"


@dataclass(frozen=True, slots=True, order=True)
class PlanAccess:
    """A usage plan: its stages as (API id, stage), and the keys in it, by their names in AWS."""

    name: str
    stages: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]


def prove_plans(blueprint: ResolvedBlueprint, stack: StackAccess) -> Iterator[Difference]:
    """Yield every plan that is not there, or has other stages or keys than it should."""
    ids = {each.name: each.api_id for each in stack.apis}
    stated = {each.name: each for each in _stated(blueprint, ids)}
    found = {each.name: each for each in stack.plans}
    for name in sorted(stated.keys() | found.keys()):
        wanted, there = stated.get(name), found.get(name)
        if wanted is not None and there is not None and _is_like(wanted, there):
            continue
        said = "is not there" if there is None else "is not in the blueprint"
        if wanted is not None and there is not None:
            said = "is for other stages" if wanted.keys == there.keys else "has other keys"
        yield Difference(blueprint.stack, "auth", f"the usage plan {name} {said}")


def _is_like(wanted: PlanAccess, found: PlanAccess) -> bool:
    """Compare two plans; an API that a plan of Terraform does not know yet has no id."""
    known = {stage for api_id, stage in found.stages if not api_id}
    stages = tuple(("", stage) if stage in known else (api, stage) for api, stage in wanted.stages)
    return (found.keys, found.stages) == (wanted.keys, stages)


def _stated(blueprint: ResolvedBlueprint, ids: dict[str, str]) -> Iterator[PlanAccess]:
    where = (blueprint.name, blueprint.environment.name)
    for plan in blueprint.plans:
        api_id = ids.get(f"{blueprint.stack}-{plan.api}", "")
        yield PlanAccess(
            plan_name(*where, plan.name),
            tuple(sorted((api_id, each) for each in plan.stages)),
            tuple(sorted(api_key_name(*where, each) for each in plan.keys)),
        )
