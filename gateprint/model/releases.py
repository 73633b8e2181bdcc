"""What a stage says about releases must mean something: a canary beside a release; pure."""

from __future__ import annotations

from collections.abc import Iterator

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.naming import RELEASE_VARIABLE


def check_releases(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every stage whose releases contradict each other."""
    for name, stage in document.mapping("stages").items():
        if isinstance(stage, dict):
            yield from _canary(document, ("stages", name))
            yield from _kept_releases(document, ("stages", name))
            yield from _variable(document, ("stages", name))


def _canary(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    if not document.mapping(*path, "canary"):
        return
    release, of_canary = document.text(*path, "release"), (*path, "canary", "release")
    if document.get(*path, "release") is None:
        problem = "a canary stands beside a release, and the stage follows the blueprint"
        remedy = "add release: <what the stage serves>, or remove canary"
        yield document.reject(
            (*path, "canary"), "canary-without-release", problem, remedy, key=True
        )
    elif release is not None and document.text(*of_canary) == release:
        problem = f'the canary gets "{release}", as all callers do'
        remedy = "name another release, or remove canary"
        yield document.reject(of_canary, "same-release", problem, remedy)


def _kept_releases(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    known = {document.text(*path, "release")}
    for index, name in enumerate(document.sequence(*path, "kept_releases")):
        if isinstance(name, str) and name in known:
            problem = f'"{name}" stands here already'
            where: KeyPath = (*path, "kept_releases", index)
            yield document.reject(where, "same-release", problem, "remove one of the two")
        known.add(name if isinstance(name, str) else None)


def _variable(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    if RELEASE_VARIABLE in document.mapping(*path, "variables"):
        problem = f'"{RELEASE_VARIABLE}" says which release a stage serves'
        where: KeyPath = (*path, "variables", RELEASE_VARIABLE)
        remedy = "name the variable otherwise"
        yield document.reject(where, "reserved-name", problem, remedy, key=True)
