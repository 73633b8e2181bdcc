"""Which API a question is about, where the command line leaves it open; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateprint.access.answers.answer import with_preflights
from gateprint.access.answers.provenance import Asked
from gateprint.access.answers.question import Call, WrongQuestion
from gateprint.access.routes.routing import route_of
from gateprint.access.whereabouts import NOWHERE, Whereabouts
from gateprint.model.words import listed, suggest
from gateprint.workflow.inputs import Inputs
from gateprint.workflow.roles import cure_of_role, role_names


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a request to a stage, of one API where several have the stage.

    What `whereabouts` leaves open is as the API wants it.
    """

    stage: str
    call: Call
    api: str | None = None
    whereabouts: Whereabouts = NOWHERE


def check_role(name: str, names: Iterable[str]) -> None:
    """Raise WrongQuestion unless there is a role of this name."""
    known = sorted(names)
    if name not in known:
        raise WrongQuestion(f'there is no role "{name}"', suggest(name, known), "ROLE")


def check_declared(inputs: Inputs, role: str) -> None:
    """Raise WrongQuestion unless a blueprint declares a role, or adds to it."""
    if role not in role_names(inputs):
        raise WrongQuestion(f'there is no role "{role}"', cure_of_role(inputs, role), "ROLE")


def choose(
    inputs: Inputs, question: Question, role: str | None = None, *, is_sure: bool = False
) -> Asked | None:
    """Return the one API that answers, or that the role has to do with; None where none does.

    `is_sure` tells that None will not do.

    Raises:
        WrongQuestion: there is no such stage or API, or several answer.
    """
    offered = _offered(inputs, question)
    answering = [
        each
        for each in offered
        if route_of(each.api, question.call.method, question.call.path) is not None
    ]
    found = answering or offered
    if len(found) == 1:
        return found[0]
    if answering:
        raise _several(answering, question)
    own = [each for each in offered if _is_granting(each, role)]
    if is_sure and len(own) != 1:
        raise _several(offered, question)
    return own[0] if len(own) == 1 else None


def _offered(inputs: Inputs, question: Question) -> list[Asked]:
    """Return every API that has the stage, or the one of the name."""
    known = {api.name for each in inputs.blueprints for api in each.apis}
    if question.api is not None and question.api not in known:
        remedy = suggest(question.api, sorted(known))
        raise WrongQuestion(f'there is no API "{question.api}"', remedy, "--api")
    every = [
        (each, api)
        for each in inputs.blueprints
        for api in each.apis
        if question.api in {None, api.name}
    ]
    offered = [
        Asked(each, with_preflights(api), question.stage, question.call)
        for each, api in every
        if any(stage.name == question.stage for stage in each.stages)
    ]
    if not offered:
        stages = sorted({stage.name for each, _ in every for stage in each.stages})
        of_api = f" of {question.api}" if question.api else ""
        problem = f'there is no stage "{question.stage}"{of_api}'
        raise WrongQuestion(problem, suggest(question.stage, stages), "STAGE")
    return offered


def _several(found: list[Asked], question: Question) -> WrongQuestion:
    names = [f"{each.api.name} ({each.blueprint.environment.name})" for each in found]
    problem = f"{len(found):,} APIs with a stage {question.stage} may answer {question.call}"
    if len({each.api.name for each in found}) == 1:
        environments = [each.blueprint.environment.name for each in found]
        return WrongQuestion(problem, f"add --environment {' or '.join(environments)}", "--api")
    return WrongQuestion(problem, f"add --api NAME: {listed(names)}", "--api")


def _is_granting(asked: Asked, role: str | None) -> bool:
    return any(
        each.name == role and any(grant.api == asked.api.name for grant in each.grants)
        for each in asked.blueprint.roles
    )
