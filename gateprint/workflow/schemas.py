"""Reads the files that say which form bodies have, each once, and says which cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gateprint.errors import Diagnostic, InputRejected
from gateprint.model.body_schema import LARGEST_BYTES, read_schema
from gateprint.model.document import Document, KeyPath
from gateprint.model.requests import schema_files
from gateprint.workflow.files import read_text, shown


def read_schemas(
    document: Document, folder: Path
) -> tuple[Mapping[str, str], tuple[Diagnostic, ...]]:
    """Return the schemas that a blueprint names, by file, and what is wrong with the others.

    `folder` is the blueprint's; no file may lie outside of it, by a link neither.
    """
    found: dict[str, str] = {}
    wrong: list[Diagnostic] = []
    for file, path in schema_files(document).items():
        place = folder / file
        try:
            text = read_text(place, inside=folder, limit=LARGEST_BYTES)
        except InputRejected as error:
            wrong.append(_unread(document, path, file, error.diagnostics[0]))
            continue
        try:
            found[file] = read_schema(shown(place), text)
        except InputRejected as error:
            wrong += error.diagnostics
    return found, tuple(wrong)


def _unread(document: Document, path: KeyPath, file: str, reason: Diagnostic) -> Diagnostic:
    problem = f"{file}, beside the blueprint: {reason.problem}"
    found = document.reject(path, "unknown-schema", problem, "put the schema of the body there")
    return replace(found, remedy=reason.remedy) if reason.code == "too-large" else found
