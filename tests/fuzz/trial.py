"""Puts one document through the real entry points, and says what is wrong with the answer."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Literal

from gateprint.access.matrix import matrix, public_routes
from gateprint.access.policy import resource_policy, role_documents, to_json, trust_policy
from gateprint.cli.diagnostics import render
from gateprint.errors import Diagnostic, InputRejected
from gateprint.model import schema, source
from gateprint.model.blueprint import Blueprint
from gateprint.model.environment import Environment
from gateprint.model.resolved import ResolvedBlueprint
from gateprint.workflow.inputs import Inputs, load
from tests.fuzz.cases import Case
from tests.fuzz.corpus import ROOT
from tests.fuzz.invariants import (
    Problem,
    check_diagnostics,
    check_rejection,
    check_renderings,
)
from tests.fuzz.memory import forget_peak, peak_bytes, resident_bytes
from tests.fuzz.project import Project
from tests.fuzz.restyle import restyled

Phase = Literal["read", "schema", "rules", "resolved"]
PHASES: tuple[Phase, ...] = ("read", "schema", "rules", "resolved")
SECONDS = 1.0
PEAK_BYTES = 200 * 1024 * 1024
_CHANCES = 3
_REPEATED = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a document ended: the phase that answered, the codes, and what is wrong with it.

    `seconds` is processor time; `peak` is the most memory that the process held, in bytes, or by
    which it grew where the document is a guest in it.
    """

    phase: Phase
    codes: tuple[str, ...]
    problems: tuple[Problem, ...]
    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the program said: a value, or why not; neither where it crashed."""

    inputs: Inputs | None = None
    rejected: InputRejected | None = None
    crash: Problem | None = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        if self.rejected is not None:
            return self.rejected.diagnostics
        return self.inputs.warnings if self.inputs else ()

    @property
    def value(self) -> object:
        """Return what must be equal for equal input; exceptions never are."""
        return self.inputs, self.diagnostics, self.crash


def examine(project: Project, case: Case, *, is_guest: bool = False) -> Outcome:
    """Load the document and check the answer.

    A guest shares the process with others, such as all the tests before it, so that only what
    the process grows by is counted; else the whole process is.
    """
    answer, seconds, peak = _measured(project, case, is_guest=is_guest)
    problems = [*([answer.crash] if answer.crash else []), *_too_much(seconds, peak)]
    problems += _guarded(lambda: _checked(project, case, answer))
    codes = tuple(sorted({each.code for each in answer.diagnostics}))
    phase = _phase(project, case) if answer.rejected else "resolved"
    return Outcome(phase, codes, tuple(dict.fromkeys(problems)), seconds, peak)


def _measured(project: Project, case: Case, *, is_guest: bool) -> tuple[_Answer, float, int]:
    """Return the answer, its time and its memory: the best of a few, where it is too much."""
    best = (float("inf"), 0)
    for _ in range(_CHANCES):
        project.put(case, case.data)
        forget_peak()
        before = resident_bytes() if is_guest else 0
        started = time.process_time()
        answer = _answer(project, case)
        best = min(best, (time.process_time() - started, peak_bytes() - before))
        if not any(_too_much(*best)):
            break
    return answer, *best


def _too_much(seconds: float, peak: int) -> Iterator[Problem]:
    if seconds > SECONDS:
        yield Problem(f"more than {SECONDS:g} s of processor time", f"{seconds:.2f} s")
    if peak > PEAK_BYTES:
        yield Problem("more than 200 MiB of memory", f"{peak / 2**20:.0f} MiB")


def _answer(project: Project, case: Case) -> _Answer:
    """Do what `validate` and `access` do; the time of this is measured."""
    try:
        try:
            inputs = load(project.places(case))
        except InputRejected as rejected:
            render(rejected.diagnostics, "text")
            return _Answer(rejected=rejected)
        render(inputs.warnings, "text")
        for each in inputs.blueprints:
            _describe(each)
    except Exception as error:  # noqa: BLE001 - what is looked for
        return _Answer(crash=_crash(error))
    return _Answer(inputs)


def _describe(blueprint: ResolvedBlueprint) -> None:
    """Make everything that the commands make of a resolved blueprint, without Terraform."""
    matrix(blueprint)
    public_routes(blueprint)
    ids = {api.name: "a1b2c3" for api in blueprint.apis}
    stages = tuple(each.name for each in blueprint.stages)
    where = blueprint.environment
    documents = [
        *(each for role in blueprint.roles for each in role_documents(blueprint, role, ids).all),
        *(trust_policy(role, where) for role in blueprint.roles if role.identity_provider),
        *(resource_policy(where, stages, api, ids[api.name]) for api in blueprint.apis),
    ]
    for document in documents:
        if document is not None:
            json.loads(to_json(document).encode())


def _crash(error: Exception) -> Problem:
    """Name a crash by its kind and its place, so that one mistake is one finding."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if f"{ROOT}/gateprint/" in each.filename] or list(frames)
    place = f"{Path(own[-1].filename).name}:{own[-1].name}"
    text = "".join(traceback.format_exception(error, limit=-12))
    return Problem(f"{type(error).__name__} in {place}", text[-4000:])


def _guarded(check: Callable[[], Iterable[Problem]]) -> list[Problem]:
    """Run a check that itself calls the program."""
    found: list[Problem] = []
    try:
        found += check()
    except Exception as error:  # noqa: BLE001 - what is looked for
        found.append(_crash(error))
    return found


def _phase(project: Project, case: Case) -> Phase:
    """Tell which part of the program refused the document."""
    model = Blueprint if case.kind == "blueprint" else Environment
    try:
        document = source.read(str(project.path(case)), case.data.decode("utf-8"))
    except (InputRejected, UnicodeDecodeError):
        return "read"
    try:
        schema.validate(document, model)
    except InputRejected:
        return "schema"
    return "rules"


def _checked(project: Project, case: Case, answer: _Answer) -> Iterator[Problem]:
    if answer.rejected is not None:
        yield from check_rejection(project.texts(), answer.rejected)
    else:
        yield from check_diagnostics(project.texts(), answer.diagnostics)
    if answer.diagnostics:
        yield from check_renderings(answer.diagnostics)
    if Random(case.number).random() < _REPEATED:  # noqa: S311 - a sample, the same in every run
        yield from _check_repeated(project, case, answer)
    if answer.inputs is not None:
        yield from _check_restyled(project, case, answer.inputs)


def _check_repeated(project: Project, case: Case, first: _Answer) -> Iterator[Problem]:
    second = _answer(project, case)
    if second.value != first.value:
        yield Problem("another answer the second time")


def _check_restyled(project: Project, case: Case, expected: Inputs) -> Iterator[Problem]:
    """See that the same values in another style of YAML mean the same."""
    data = restyled(Random(case.number), case.data)  # noqa: S311 - the same in every run
    if data is None:
        return
    project.put(case, data)
    try:
        found = load(project.places(case))
    except InputRejected as rejected:
        detail = "\n".join(f"{each.code}: {each.problem}" for each in rejected.diagnostics)
        yield Problem("refused in another style", f"{detail}\n{data.decode()[:3000]}")
        return
    # Warnings say where something stands, which is elsewhere now.
    if replace(found, warnings=()) != replace(expected, warnings=()):
        yield Problem("another meaning in another style", data.decode()[:3000])
