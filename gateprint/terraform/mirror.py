"""Finds an unpacked mirror of the AWS provider on this machine; reads folder names only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform.environment import host_platform

PROVIDER = "registry.terraform.io/hashicorp/aws"
# A lock file serves a stack only if both say the same, so both take it from here.
PROVIDER_SOURCE = "hashicorp/aws"
VERSION_CONSTRAINTS = ">= 5.100.0, < 7.0.0"
"""What every stack asks for; the lock file repeats it in exactly these words."""

SHARED_FOLDERS = ("/opt", "/usr/local/share", "/usr/local/lib", "/usr/share", "/usr/lib")
"""Where systems keep applications that all users share (Filesystem Hierarchy Standard 3.0)."""

_OLDEST, _BELOW = (5, 100, 0), (7, 0, 0)
_CROWDED = ("/usr/share", "/usr/lib")
_TELLING_NAME = re.compile(r"terraform|provider|plugin|mirror|tf", re.IGNORECASE)
_FOLDERS_PER_FOLDER, _FOLDERS_IN_ALL = 256, 1024
_RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Mirror:
    """A folder in Terraform's unpacked layout that has a version for this machine.

    The layout is `HOST/NAMESPACE/TYPE/VERSION/OS_ARCH/` below `path`
    (developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror).
    """

    path: Path
    version: str


def find_mirror(
    environ: Mapping[str, str],
    platform: str | None = None,
    shared_folders: tuple[str, ...] = SHARED_FOLDERS,
) -> Mirror | None:
    """Return the mirror with the newest acceptable version; of equals, the first found.

    `GATEPRINT_PROVIDER_MIRROR` decides alone if it is set. Otherwise Terraform's plugin folders
    are searched, then folders at most two levels below `shared_folders`. Raises ToolFailed if
    the variable names a folder without an acceptable version.
    """
    platform = platform or host_platform()
    chosen = environ.get("GATEPRINT_PROVIDER_MIRROR")
    if chosen:
        return _chosen_mirror(Path(chosen).expanduser().absolute(), platform)
    places = [
        *_plugin_folders(environ, platform),
        *islice(_shared_places(shared_folders), _FOLDERS_IN_ALL),
    ]
    mirrors = [mirror for place in places for mirror in _mirrors_at(place, platform)]
    return max(mirrors, key=lambda mirror: _numbers(mirror.version), default=None)


def holds_provider(mirror: Mirror, platform: str | None = None) -> bool:
    """Tell whether the mirror's version is still there for this machine."""
    folder = mirror.path / PROVIDER / mirror.version / (platform or host_platform())
    return any(folder.glob("terraform-provider-aws_v*"))


def _chosen_mirror(path: Path, platform: str) -> Mirror:
    mirrors = list(_mirrors_at(path, platform))
    if not mirrors:
        raise ToolFailed(
            f"GATEPRINT_PROVIDER_MIRROR names {path}, which has no AWS provider "
            f"{VERSION_CONSTRAINTS} for {platform}",
            f"name the folder that holds {PROVIDER}/VERSION/{platform}, or unset the variable",
        )
    return max(mirrors, key=lambda mirror: _numbers(mirror.version))


def _mirrors_at(path: Path, platform: str) -> Iterator[Mirror]:
    """Yield one mirror for each acceptable version below this folder."""
    for folder in _folders_in(path / PROVIDER):
        mirror = Mirror(path, folder.name)
        if _is_acceptable(folder.name) and holds_provider(mirror, platform):
            yield mirror


def _plugin_folders(environ: Mapping[str, str], platform: str) -> Iterator[Path]:
    """Yield the folders that Terraform itself searches, and those of other users' habits."""
    home = Path(environ["HOME"]) if environ.get("HOME") else None
    if home:
        yield home / ".terraform.d" / "plugins"
    if platform.startswith("darwin_"):
        for base in (home, Path("/")):
            if base:
                yield base / "Library/Application Support/io.terraform/plugins"
    for directory in _data_directories(environ, home):
        yield Path(directory) / "terraform" / "plugins"


def _data_directories(environ: Mapping[str, str], home: Path | None) -> Iterator[str]:
    """Yield the XDG data directories, with the defaults of the XDG specification."""
    if environ.get("XDG_DATA_HOME"):
        yield environ["XDG_DATA_HOME"]
    elif home:
        yield str(home / ".local" / "share")
    listed = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    yield from filter(None, listed.split(":"))


def _shared_places(bases: tuple[str, ...]) -> Iterator[Path]:
    """Yield folders one and two levels down; in crowded folders only those with telling names."""
    upper = [
        folder for base in bases for folder in _folders_in(Path(base), telling=base in _CROWDED)
    ]
    yield from upper
    for folder in upper:
        yield from _folders_in(folder)


def _folders_in(path: Path, *, telling: bool = False) -> list[Path]:
    """Return the folders in a folder by name, a bounded number of them; none if unreadable."""
    try:
        with os.scandir(path) as entries:
            wanted = (e for e in entries if not telling or _TELLING_NAME.search(e.name))
            return [path / name for name in islice(_sorted_folders(wanted), _FOLDERS_PER_FOLDER)]
    except OSError:
        return []


def _sorted_folders(entries: Iterator[os.DirEntry[str]]) -> Iterator[str]:
    yield from sorted(entry.name for entry in entries if entry.is_dir())


def _is_acceptable(version: str) -> bool:
    return bool(_RELEASE.fullmatch(version)) and _OLDEST <= _numbers(version) < _BELOW


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
