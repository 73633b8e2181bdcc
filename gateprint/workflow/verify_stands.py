"""Finds the APIs of an environment's blueprints, and their stages, in the account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gateprint.errors import ToolFailed
from gateprint.model.resolved import Api, Environment, ResolvedBlueprint
from gateprint.workflow.deployed import Clients, Progress
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.verify_account import Found, Served, rest_apis, served_by, stages_of
from gateprint.workflow.verify_manner import Calls, Stand

Missing = Mapping[str, str]
_NOT_DEPLOYED = "it is not deployed"


@dataclass(frozen=True, slots=True)
class ApiIds:
    """The ids of REST APIs by the name they have in AWS; several where it is not unique."""

    by_name: Mapping[str, list[str]] = field(default_factory=dict)

    def of(self, blueprint: ResolvedBlueprint, api: Api) -> list[str]:
        """Return the ids of an API of a blueprint."""
        return self.by_name.get(f"{blueprint.stack}-{api.name}", [])


def api_ids(
    inputs: Inputs,
    clients: Clients,
    ids_of: Callable[[str], Mapping[str, str]],
    progress: Progress,
) -> ApiIds:
    """Return the account's APIs; or those that were applied from here, where AWS may not be asked.

    Raises:
        ToolFailed: neither is known.
    """
    (environment,) = inputs.environments
    try:
        return ApiIds(rest_apis(environment, clients))
    except ToolFailed as refused:
        stacks = dict.fromkeys(each.stack for each in inputs.blueprints)
        named = {f"{stack}-{api}": [i] for stack in stacks for api, i in ids_of(stack).items()}
        if not named:
            raise
        progress(f"{refused.problem}: the APIs' ids are those of Terraform's outputs")
        return ApiIds(named)


def stands_of(
    inputs: Inputs, clients: Clients, named: ApiIds, calls: Calls, only: str | None
) -> tuple[list[Stand], Missing]:
    """Return the APIs that are deployed, all or one, and what of them is not."""
    (environment,) = inputs.environments
    finder = _Finder(environment, clients, calls, {})
    found = [
        finder.stand(each, api, named.of(each, api))
        for each in inputs.blueprints
        for api in each.apis
        if only in {None, api.name}
    ]
    return [each for each in found if each is not None], finder.missing


@dataclass(frozen=True, slots=True)
class _Finder:
    environment: Environment
    clients: Clients
    calls: Calls
    missing: dict[str, str]

    def stand(self, blueprint: ResolvedBlueprint, api: Api, ids: list[str]) -> Stand | None:
        if len(ids) != 1:
            reason = f"{len(ids)} have its name" if ids else _NOT_DEPLOYED
            self.missing[f"API {api.name}"] = reason
            return None
        declared = [each.name for each in blueprint.stages]
        there = self._stages(ids[0], declared)
        absent = [each for each in declared if each not in there]
        self.missing.update({f"stage {api.name}/{each}": _NOT_DEPLOYED for each in absent})
        kept = tuple(each for each in declared if each in there)
        served = {each: self._served(ids[0], each) for each in kept}
        return Stand(blueprint, api, Found(ids[0], kept), served)

    def _stages(self, api_id: str, declared: list[str]) -> tuple[str, ...]:
        try:
            return stages_of(self.environment, self.clients, api_id)
        except ToolFailed:
            return tuple(declared)  # They may still be called.

    def _served(self, api_id: str, stage: str) -> Mapping[tuple[str, str], Served]:
        if self.calls == "all":
            return {}  # Nobody needs to know.
        return served_by(self.environment, self.clients, api_id, stage)
