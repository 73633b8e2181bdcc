"""What a bundle holds: the values of bundle.json, none of which is taken on trust; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
"""The version of `bundle.json`; a reader refuses any other."""
RUN = "run"
"""The archive of the files beside `stacks/`; no stack has this name, for want of a hyphen."""
TOP = (
    "run.json",
    "review.json",
    "review.md",
    "review-long.md",
    "journal.jsonl",
    "report.json",
    "report.xml",
)
"""What it may hold; whatever else lies in a run's folder stays there."""
MOST_FILES = 200_000
LARGEST_FILE_BYTES = 1 << 29
LARGEST_ARCHIVE_BYTES = 1 << 29
LARGEST_BUNDLE_BYTES = 1 << 33
_LONGEST_PATH = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")
_STACK = re.compile(r"[a-z][a-z0-9-]{0,99}")
# Printable, and nothing that a file system may take for more than a name.
_NAME = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|]{1,200}")


@dataclass(frozen=True, slots=True)
class File:
    """A file of an archive, by its path inside."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Archive:
    """One zip file: that of a stack's folder, by the stack's name, or `run`."""

    name: str
    size_bytes: int
    sha256: str
    files: tuple[File, ...]

    @property
    def key(self) -> str:
        """Return where it is in the bundle; of another content, it is elsewhere."""
        return f"{self.name}-{self.sha256[:32]}.zip"

    def file(self, path: str) -> File | None:
        """Return a file, None where it is not there."""
        return next((each for each in self.files if each.path == path), None)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A run as it was when it was pushed; `run` is the digest of its run.json."""

    run: str
    archives: tuple[Archive, ...]

    @property
    def top(self) -> Archive:
        """Return the archive of the files beside `stacks/`."""
        return next(each for each in self.archives if each.name == RUN)


def bundle_json(bundle: Bundle) -> str:
    """Return the text of `bundle.json`."""
    return json.dumps({"format": FORMAT, **asdict(bundle)}, sort_keys=True) + "\n"


def read_bundle(text: str | bytes) -> Bundle:
    """Return the bundle of a `bundle.json`, all of whose names and sizes are within bounds.

    Raises:
        ValueError: it is not one, is of another version, or holds what none of ours does.
    """
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise ValueError("made by another version of gateprint")
        bundle = Bundle(_digest(found["run"]), tuple(_archive(each) for each in found["archives"]))
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a bundle of gateprint") from error
    _check(bundle)
    return bundle


def is_safe_path(path: str) -> bool:
    """Tell whether a path stays inside of where it is unpacked, on any system."""
    parts = path.split("/")
    is_plain = all(_NAME.fullmatch(each) and each.strip(". ") for each in parts)
    return is_plain and len(path) <= _LONGEST_PATH


def _check(bundle: Bundle) -> None:
    names = [each.name for each in bundle.archives]
    if names.count(RUN) != 1 or len(set(names)) < len(names):
        raise ValueError("its archives are not those of a run")
    if not {each.path for each in bundle.top.files} <= set(TOP):
        raise ValueError("it has files beside those of a run")
    files = [each for archive in bundle.archives for each in archive.files]
    if len(files) > MOST_FILES or sum(each.size_bytes for each in files) > LARGEST_BUNDLE_BYTES:
        raise ValueError("it is larger than a run can be")


def _archive(found: Mapping[str, Any]) -> Archive:
    name = _text(found["name"])
    files = tuple(_file(each) for each in found["files"])
    if not _STACK.fullmatch(name):
        raise ValueError(f"no stack has the name {name[:100]!r}")
    if len({each.path for each in files}) < len(files):
        raise ValueError(f"{name} has a file twice")
    size = _size(found["size_bytes"], LARGEST_ARCHIVE_BYTES)
    return Archive(name, size, _digest(found["sha256"]), files)


def _file(found: Mapping[str, Any]) -> File:
    path = _text(found["path"])
    if not is_safe_path(path):
        raise ValueError(f"no file of a run has the path {path[:100]!r}")
    return File(path, _size(found["size_bytes"], LARGEST_FILE_BYTES), _digest(found["sha256"]))


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise TypeError(found)
    return found


def _digest(found: Any) -> str:
    if not _SHA256.fullmatch(_text(found)):
        raise ValueError(f"no digest: {str(found)[:100]!r}")
    return _text(found)


def _size(found: Any, most: int) -> int:
    if type(found) is not int or not 0 <= found <= most:
        raise ValueError(f"no size of a file: {str(found)[:100]!r}")
    return found
