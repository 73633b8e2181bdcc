"""Finds and reads the input files; a diagnostic for each that cannot be read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gateprint.errors import Diagnostic, InputRejected, Location
from gateprint.model.source import SIZE_LIMIT_BYTES
from gateprint.model.waivers import WAIVERS_FILE


def read_text(path: Path, *, inside: Path, limit: int = SIZE_LIMIT_BYTES) -> str:
    """Return a file's text. A link may not lead out of the folder `inside`.

    Raises:
        InputRejected: it is no file, too large, not UTF-8, elsewhere, or cannot be read.
    """
    name = shown(path)
    try:
        _require_file(path, inside, limit)
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise InputRejected([_unreadable(name, "file", error)]) from None
    except RuntimeError:  # How Path.resolve tells of links in a circle.
        raise _rejected(name, "unreadable", "the link leads nowhere", "replace it") from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"the file is not UTF-8 at byte {error.start + 1}"
        raise _rejected(name, "not-text", problem, "save it as UTF-8") from None


def _require_file(path: Path, inside: Path, limit: int) -> None:
    name, found = shown(path), path.stat()
    if not path.resolve().is_relative_to(inside.resolve()):
        problem = f"the link leads out of {shown(inside)}"
        raise _rejected(name, "link-outside", problem, "put the file itself there")
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a device or a pipe"
        raise _rejected(name, "unreadable", f"this is {kind}, not a file", "put a file there")
    if found.st_size > limit:
        problem = f"the file is larger than {limit // 1024:,} KiB"
        raise _rejected(name, "too-large", problem, "split it up")


def yaml_files(folder: Path, kind: str) -> list[Path]:
    """Return the YAML files of a folder, by name.

    Raises:
        InputRejected: there is no such folder, or a file in it has another suffix of YAML.
    """
    if not folder.is_dir():
        problem = f"there is no folder {shown(folder)}"
        remedy = f"make it, with at least one {kind} in it, or name another"
        raise _rejected(shown(folder), "no-folder", problem, remedy)
    files = entries(folder)
    # Passed over in silence, what such a file declares would be destroyed.
    others = [path for path in files if path.suffix in {".yml", ".YAML", ".YML"}]
    if others:
        raise InputRejected([_wrong_suffix(path) for path in others])
    return [path for path in files if path.suffix == ".yaml"]


def environment_files(config: Path) -> list[Path]:
    """Return the files of the environments, by name: all of config/ but the waivers.

    Raises:
        InputRejected: as `yaml_files` does.
    """
    return [each for each in yaml_files(config, "environment") if each.name != WAIVERS_FILE]


def environments_in(config: Path) -> list[str]:
    """Return the names of the environments, whatever else is wrong with the folder."""
    return sorted(path.stem for path in config.glob("*.yaml") if path.name != WAIVERS_FILE)


def entries(folder: Path) -> list[Path]:
    """Return what is in a folder, by name.

    Raises:
        InputRejected: it cannot be read.
    """
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise InputRejected([_unreadable(shown(folder), "folder", error)]) from None


def shown(path: Path) -> str:
    """Return a path as text, whatever bytes are in it."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _wrong_suffix(path: Path) -> Diagnostic:
    problem = f"the name ends with {path.suffix}, and only .yaml is read"
    remedy = f"rename it to {shown(path.with_suffix('.yaml'))}"
    return Diagnostic(Location(shown(path)), "wrong-suffix", problem, remedy)


def _unreadable(name: str, kind: str, error: OSError) -> Diagnostic:
    problem = f"the {kind} cannot be read: {error.strerror}"
    if isinstance(error, FileNotFoundError):
        problem = f"there is no such {kind}"
    return Diagnostic(Location(name), "unreadable", problem, "check its name and its rights")


def _rejected(name: str, code: str, problem: str, remedy: str) -> InputRejected:
    return InputRejected([Diagnostic(Location(name), code, problem, remedy)])
