"""A synthesized stack folder: its digest, and its files; reads and writes files."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gateprint.terraform.provider import LOCK_FILE

# What Terraform, or gateprint for Terraform, puts into such a folder afterwards.
_NOT_CONFIGURATION = {".terraform", "terraform.d", LOCK_FILE}


def configuration_digest(folder: Path) -> str:
    """Return the SHA-256 digest of a stack's files, names and contents, in hex."""
    return _digest((name, path.read_bytes()) for name, path in configuration_files(folder))


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """Return what `configuration_digest` says of a folder with these files, by relative name."""
    return _digest((name, files[name]) for name in sorted(files, key=Path))


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a stack's files into a folder, which is made."""
    for relative, content in files.items():
        place = folder / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for relative, content in files:
        digest.update(f"{len(relative.encode())}:{relative}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def configuration_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a stack, by name: its Terraform and what that refers to."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and relative.parts[0] not in _NOT_CONFIGURATION:
            yield relative.as_posix(), path


def copy_configuration(source: Path, target: Path) -> None:
    """Copy a stack's files into a folder, which is made."""
    target.mkdir(parents=True, exist_ok=True)
    for relative, path in configuration_files(source):
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
