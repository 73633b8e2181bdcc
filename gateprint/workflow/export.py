"""`export`: one API of the blueprints as an OpenAPI document."""

from __future__ import annotations

from typing import Any

from gateprint.access.answers.question import WrongQuestion
from gateprint.model.resolved import Api, ResolvedBlueprint
from gateprint.model.words import listed, suggest
from gateprint.openapi.audience import Audience, tailored
from gateprint.openapi.export import Exported, Version, openapi_document
from gateprint.workflow.inputs import Inputs


def export(inputs: Inputs, name: str, stage: str | None, audience: Audience) -> dict[str, Any]:
    """Return the document of the API `name`, as it is where `stage` is.

    Raises:
        WrongQuestion: there is no such API or stage, or it is in several environments.
    """
    blueprint, api = _chosen(inputs, name, stage)
    stages = tuple(each.name for each in blueprint.stages)
    chosen = (stage,) if stage else stages
    what = Exported(inputs.documents[blueprint.name], blueprint, api, chosen)
    version: Version = "3.0" if audience == "api-gateway" else "3.1"
    return tailored(openapi_document(what, version), audience)


def _chosen(inputs: Inputs, name: str, stage: str | None) -> tuple[ResolvedBlueprint, Api]:
    every = [(each, api) for each in inputs.blueprints for api in each.apis if each.stages]
    named = [one for one in every if one[1].name == name]
    if not named:
        known = sorted({api.name for _, api in every})
        raise WrongQuestion(f'there is no API "{name}"', suggest(name, known), "API")
    found = [one for one in named if stage is None or stage in _stages(one[0])]
    if not found:
        stages = sorted({each for one in named for each in _stages(one[0])})
        problem = f'there is no stage "{stage}" of {name}'
        raise WrongQuestion(problem, suggest(str(stage), stages), "STAGE")
    if len(found) > 1:
        environments = [blueprint.environment.name for blueprint, _ in found]
        problem = f"{name} goes to {listed(environments)}, whose addresses differ"
        raise WrongQuestion(problem, "name a STAGE, or add --environment NAME", "STAGE")
    return found[0]


def _stages(blueprint: ResolvedBlueprint) -> list[str]:
    return [each.name for each in blueprint.stages]
