"""Packs files into a zip whose bytes follow from theirs, and unpacks only what was promised."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform.bundles.content import (
    LARGEST_ARCHIVE_BYTES,
    LARGEST_FILE_BYTES,
    Archive,
    File,
    is_safe_path,
)

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
# What `terraform init` makes on each machine: it links to this one's providers.
_MADE_ANEW = ".terraform"


def sha256(data: bytes) -> str:
    """Return a SHA-256 digest, in hex."""
    return hashlib.sha256(data).hexdigest()


def files_below(folder: Path) -> Mapping[str, bytes]:
    """Return a folder's files, without what Terraform makes anew.

    Raises:
        ToolFailed: there is a link, or a file that cannot travel.
    """
    return {path.relative_to(folder).as_posix(): _read(path) for path in _walk(folder)}


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name == _MADE_ANEW:
            continue
        if path.is_symlink():
            raise ToolFailed(f"{path} is a link, and a run has none", "plan again")
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def _read(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise ToolFailed(f"{path} is too large for a bundle", "keep such files out of lambdas/")
    return path.read_bytes()


def pack(name: str, files: Mapping[str, bytes]) -> tuple[Archive, bytes]:
    """Return an archive, and its bytes.

    Raises:
        ToolFailed: a path could not be unpacked elsewhere, or it is too large.
    """
    for path in files:
        if not is_safe_path(path):
            problem = f"{name}: {path[:100]!r} is a name that not every system can have"
            raise ToolFailed(problem, "rename the file in lambdas/, and plan again")
    data = _zip(files)
    if len(data) > LARGEST_ARCHIVE_BYTES:
        raise ToolFailed(f"{name} is too large for a bundle", "keep large files out of lambdas/")
    contents = tuple(File(path, len(each), sha256(each)) for path, each in sorted(files.items()))
    return Archive(name, len(data), sha256(data), contents), data


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(files.items()):
            info = zipfile.ZipInfo(path, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def unpack(archive: Archive, data: bytes, folder: Path) -> None:
    """Write the files that the archive says, and no others, each for its owner alone.

    Raises:
        ValueError: anything is not as the archive says.
    """
    if len(data) != archive.size_bytes or sha256(data) != archive.sha256:
        raise ValueError(f"{archive.name} is not what was pushed")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as found:
            _require_names(archive, found)
            for each in archive.files:
                _write(folder / each.path, _content(found, each))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError) as error:
        raise ValueError(f"{archive.name} cannot be unpacked: {error}") from error


def _require_names(archive: Archive, found: zipfile.ZipFile) -> None:
    names = sorted(each.filename for each in found.infolist())
    if names != sorted(each.path for each in archive.files):
        raise ValueError(f"{archive.name} holds other files than it says")


def _content(found: zipfile.ZipFile, file: File) -> bytes:
    with found.open(file.path) as opened:
        # One byte more than promised is enough to know.
        data = opened.read(file.size_bytes + 1)
    if len(data) != file.size_bytes or sha256(data) != file.sha256:
        raise ValueError(f"{file.path} is not what was pushed")
    return data


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
