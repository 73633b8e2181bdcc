"""Writes several new files: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gateprint.errors import ToolFailed


class AlreadyThere(Exception):
    """A file that should be new exists; `path` says which."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(str(path))


def write_new(texts: Mapping[Path, str]) -> None:
    """Write new files, and the folders that they need.

    Whatever happens before the last one is in its place, Ctrl-C included, removes the others.

    Raises:
        AlreadyThere: one of them exists.
        ToolFailed: the system refuses.
    """
    made: list[Path] = []  # what is to be removed again, the newest last
    try:
        written = {path: _write_beside(path, text, made) for path, text in texts.items()}
        for path, temporary in written.items():
            _put_in_place(temporary, path, made)
    except BaseException:
        for path in reversed(made):
            _remove(path)
        raise


def _write_beside(path: Path, text: str, made: list[Path]) -> Path:
    # Not a suffix that anything reads.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        _make_folder(path.parent, made)
        made.append(temporary)
        temporary.write_bytes(text.encode())
    except OSError as error:
        raise _refused(path, error) from None
    return temporary


def _make_folder(folder: Path, made: list[Path]) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent, made)
    made.append(folder)
    try:
        folder.mkdir()
    except OSError:
        made.remove(folder)  # What is there is not ours to remove.
        if not folder.is_dir():
            raise


def _put_in_place(temporary: Path, path: Path, made: list[Path]) -> None:
    """Rename onto a file that was made here a moment ago: a rename alone would overwrite."""
    made.append(path)
    try:
        path.open("x").close()
        temporary.replace(path)
    except FileExistsError:
        made.remove(path)
        raise AlreadyThere(path) from None
    except OSError as error:
        raise _refused(path, error) from None


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)


def _refused(path: Path, error: OSError) -> ToolFailed:
    return ToolFailed(
        f"{path} could not be written: {error.strerror}",
        "check the rights on its folder and the space that is left",
    )
