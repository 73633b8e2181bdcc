"""Looks up the names that a command line may mention; quick rather than whole, and never fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import InputRejected
from gateprint.model import source
from gateprint.model.document import Document
from gateprint.workflow.files import environments_in, read_text

# A larger blueprint takes longer to read than somebody waits for a key.
_LARGEST_BYTES = 64 * 1024
# What is shown by a shell, and inserted by it: nothing that it would take for more than a word.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+=,.@-]{0,127}")


@dataclass(frozen=True, slots=True)
class Known:
    """What a blueprint declares, whatever else is wrong with it."""

    name: str
    apis: tuple[str, ...]
    stages: tuple[str, ...]
    roles: tuple[str, ...]
    environments: tuple[str, ...]


def known_environments(config: Path) -> tuple[str, ...]:
    """Return the names of the environments that have a file."""
    try:
        return _names(environments_in(config))
    except OSError:
        return ()


def known_blueprints(folder: Path, is_late: Callable[[], bool]) -> Iterator[Known]:
    """Yield what the blueprints of a folder declare, until it is late.

    What cannot be read, or is large, is left out.
    """
    try:
        files = sorted(folder.glob("*.yaml"))
    except OSError:
        return
    for path in files:
        if is_late():
            return
        try:
            text = read_text(path, inside=folder, limit=_LARGEST_BYTES)
            yield _known(source.read(path.name, text))
        except InputRejected:
            continue


def _known(document: Document) -> Known:
    stages = document.mapping("stages")
    environments = (document.text("stages", each, "environment") for each in stages)
    return Known(
        document.text("name") or "",
        _names(document.mapping("apis")),
        _names(stages),
        _names(document.mapping("roles")),
        _names(filter(None, environments)),
    )


def _names(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys(found) if _NAME.fullmatch(each))
