"""A function's zip file: whether Lambda would take it, and unpacking it; writes one folder."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 250 MB unzipped
MAX_UNZIPPED_BYTES = 250 * 1024 * 1024
UNREADABLE = "Could not unzip uploaded file. Please check your file, then try to upload again."
TOO_LARGE = f"Unzipped size must be smaller than {MAX_UNZIPPED_BYTES} bytes"


class PackageRefused(Exception):
    """The file is none that a function can run from; the text is AWS's."""


def check(content: bytes) -> None:
    """Read the list of a zip file, and nothing else. Raises PackageRefused."""
    for _ in _entries(content):
        pass


def unpack(content: bytes, folder: Path) -> None:
    """Unpack a zip file into a new folder, for its owner alone. Raises PackageRefused."""
    folder.mkdir(mode=0o700, parents=True)
    left = MAX_UNZIPPED_BYTES
    for archive, entry in _entries(content):
        target = folder.joinpath(*PurePosixPath(entry.filename).parts)
        if entry.is_dir():
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
        else:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            left -= _write(archive, entry, target, left)


def _entries(content: bytes) -> Iterator[tuple[zipfile.ZipFile, zipfile.ZipInfo]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
            if sum(entry.file_size for entry in found) > MAX_UNZIPPED_BYTES:
                raise PackageRefused(TOO_LARGE)
            for entry in found:
                _require_inside(entry)
                yield archive, entry
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise PackageRefused(UNREADABLE) from error


def _require_inside(entry: zipfile.ZipInfo) -> None:
    """Refuse what would be written elsewhere (`../x`, `/x`), and links, which could lead there."""
    path = PurePosixPath(entry.filename)
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or is_link:
        raise PackageRefused(UNREADABLE)


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Write one file, of at most `left` bytes whatever the list says; return its size."""
    with archive.open(entry) as source:
        data = source.read(left + 1)
    if len(data) > left:
        raise PackageRefused(TOO_LARGE)
    target.write_bytes(data)
    target.chmod(0o700 if entry.external_attr >> 16 & stat.S_IXUSR else 0o600)
    return len(data)
