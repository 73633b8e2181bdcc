"""`promote`: gives a stage the release of another one, or a new one, by editing its blueprint."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from gateprint.access.answers.question import WrongQuestion
from gateprint.errors import Diagnostic, InputRejected, ToolFailed
from gateprint.model import promotion, schema, source
from gateprint.model.blueprint import Blueprint
from gateprint.model.document import Document
from gateprint.model.promotion import Promotion
from gateprint.model.rewriting import NotRewritable, rewritten
from gateprint.model.words import listed, suggest
from gateprint.model.written.stage import Stage
from gateprint.workflow.files import read_text
from gateprint.workflow.inputs import Inputs, load
from gateprint.workflow.places import Places


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be promoted; what is None follows from the blueprint.

    `percent` is written as the format wants it; then the release is for a canary alone.
    """

    api: str
    to: str
    source: str | None = None
    release: str | None = None
    percent: str | None = None


@dataclass(frozen=True, slots=True)
class Promoted:
    """What was changed where; `diff` is empty where the stage served the release already.

    `taken_in` is the environment in which the release has to be taken from the blueprint.
    """

    path: Path
    promotion: Promotion
    diff: str
    environment: str
    taken_in: str | None


def promote(places: Places, asked: Asked, today: dt.date) -> Promoted:
    """Edit the blueprint that has the API, so that the stage gets the release at the next apply.

    Raises:
        InputRejected: the blueprints are not right as they are, or would not be so afterwards.
        WrongQuestion: there is no such API or stage, or what is asked contradicts itself.
        ToolFailed: the file could not be changed.
    """
    document = _document(load(places), asked)
    path = Path(document.path)
    before = read_text(path, inside=path.parent)
    stages = _stages(source.read(document.path, before))
    wanted = _promotion(stages, asked, today)
    after = _after(document, before, wanted, stages[asked.to])
    if after != before:
        _check(document.path, after, wanted)
        _replace(path, before, after)
    environment = stages[asked.to].environment
    taken = environment if _is_taken(stages, wanted) else None
    return Promoted(path, wanted, _diff(document.path, before, after), environment, taken)


def _document(inputs: Inputs, asked: Asked) -> Document:
    found = {
        api: inputs.documents[each.name]
        for each in inputs.blueprints
        for api in inputs.documents[each.name].mapping("apis")
    }
    if asked.api not in found:
        problem = f'there is no API "{asked.api}"'
        raise WrongQuestion(problem, suggest(asked.api, sorted(found)), "API")
    document = found[asked.api]
    known = list(document.mapping("stages"))
    for name, option in ((asked.to, "--to"), (asked.source, "--from")):
        if name is not None and name not in known:
            problem = f'{asked.api} has no stage "{name}"'
            raise WrongQuestion(problem, suggest(name, known), option)
    return document


def _stages(document: Document) -> dict[str, Stage]:
    blueprint, found = schema.examine(document, Blueprint, ())
    if blueprint is None:
        raise InputRejected(found)
    return blueprint.stages


def _promotion(stages: dict[str, Stage], asked: Asked, today: dt.date) -> Promotion:
    target, chosen = stages[asked.to], asked.source
    if chosen is None and asked.release is None:
        chosen = promotion.previous_stage(stages, asked.to)
    release = _release(stages, asked, chosen, today)
    if asked.percent is not None:
        _require_other(asked.to, target, release)
    return Promotion(
        stage=asked.to,
        release=release,
        was=target.release,
        kept=promotion.kept_after(target, release),
        is_new=release not in promotion.releases_in(stages),
        percent=asked.percent,
        source=chosen,
    )


def _release(stages: dict[str, Stage], asked: Asked, chosen: str | None, today: dt.date) -> str:
    if chosen == asked.to:
        raise WrongQuestion(f"{chosen} is the stage itself", "name another one", "--from")
    found = stages[chosen].release if chosen is not None else None
    if asked.release is not None and found not in {None, asked.release}:
        problem = f"{chosen} serves {found}, not {asked.release}"
        raise WrongQuestion(problem, "leave out --from, or --release", "--release")
    return asked.release or found or promotion.new_name(stages, today)


def _require_other(name: str, target: Stage, release: str) -> None:
    if target.release is None:
        problem = f"{name} follows the blueprint, and a canary stands beside a release"
        raise WrongQuestion(problem, f"promote a release to {name} first", "--canary")
    if target.release == release:
        problem = f"{name} serves {release} to all callers"
        raise WrongQuestion(problem, "name another release", "--canary")


def _after(document: Document, text: str, wanted: Promotion, target: Stage) -> str:
    fields = wanted.fields(
        had_canary=target.canary is not None, had_kept=bool(target.kept_releases)
    )
    is_same = wanted.was == wanted.release and target.canary is None and wanted.percent is None
    if is_same:
        return text
    path = ("stages", wanted.stage)
    try:
        return rewritten(text, path, fields)
    except NotRewritable as error:
        told = ", ".join(f"{name}: {value}" for name, value in fields.items() if value)
        where = document.locate(path, key=True)
        problem = f"this is laid out in a way that gateprint does not edit: {error}"
        raise InputRejected([Diagnostic(where, "not-editable", problem, f"write {told}")]) from None


def _check(path: str, text: str, wanted: Promotion) -> None:
    """See that the text says what was meant, before it is written."""
    found = _stages(source.read(path, text))[wanted.stage]
    served = found.canary.release if wanted.percent and found.canary else found.release
    if served != wanted.release:
        problem = f"{path} would not say what was meant"
        raise ToolFailed(problem, f"edit stages.{wanted.stage} by hand, and report this")


def _is_taken(stages: dict[str, Stage], wanted: Promotion) -> bool:
    """Tell whether the stage's environment does not have the release yet."""
    environment = stages[wanted.stage].environment
    return wanted.release not in promotion.releases_in(stages, environment)


def _diff(path: str, before: str, after: str) -> str:
    lines = unified_diff(before.splitlines(), after.splitlines(), path, path, lineterm="", n=1)
    return "\n".join(lines)


def _replace(path: Path, before: str, after: str) -> None:
    real = path.resolve()
    if read_text(path, inside=path.parent) != before:
        raise ToolFailed(f"{path} has just been changed by somebody else", "run it again")
    temporary = real.with_name(f".{real.name}.{os.getpid()}.new")
    try:
        temporary.write_bytes(after.encode())
        temporary.chmod(real.stat().st_mode)
        temporary.replace(real)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        problem = f"{path} could not be written: {error.strerror}"
        raise ToolFailed(problem, "check the rights on its folder") from None


def way_back(promoted: Promoted, api: str) -> str | None:
    """Return the command that undoes it; None where the stage followed the blueprint."""
    was = promoted.promotion.was
    return (
        f"gateprint promote {api} --to {promoted.promotion.stage} --release {was}" if was else None
    )


def sentence(promoted: Promoted) -> str:
    """Say in one line what the stage gets."""
    wanted = promoted.promotion
    was = wanted.was or "what the blueprint says"
    if wanted.percent is not None:
        return f"{wanted.stage}: {wanted.percent} % of {was} → {wanted.release}"
    if not promoted.diff:
        return f"{wanted.stage} serves {wanted.release} already"
    back = f"; kept to go back to: {listed(list(wanted.kept))}" if wanted.kept else ""
    return f"{wanted.stage}: {was} → {wanted.release}{back}"
