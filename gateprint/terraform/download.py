"""Downloads the pinned Terraform release into the project's own folder; uses the network."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import IO

from gateprint.errors import ToolFailed
from gateprint.terraform.binary import TerraformBinary, own_terraform
from gateprint.terraform.environment import host_platform

VERSION = "1.11.4"
RELEASES = "https://releases.hashicorp.com"
SHA256 = {
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
}
"""SHA-256 of each platform's archive, as `terraform_1.11.4_SHA256SUMS` lists them."""

_REMEDY = "install Terraform yourself and put it on PATH, or set GATEPRINT_TERRAFORM to it"
_BLOCK_BYTES = 1 << 20
_SILENCE_SECONDS = 60
_MEBIBYTE = 1 << 20


def download_terraform(
    project: Path,
    progress: Callable[[str], None],
    base_url: str = RELEASES,
    platform: str | None = None,
    sums: dict[str, str] | None = None,
) -> TerraformBinary:
    """Put the pinned Terraform at `.gateprint/bin/terraform` of the project and return it.

    The archive is checked against its pinned SHA-256 before anything is taken from it, and the
    binary appears in one step. `platform` and `sums` stand in for this machine and the pinned
    sums. Raises ToolFailed, and leaves nothing behind, if the platform is unknown, the download
    fails or the sum differs.
    """
    platform = platform or host_platform()
    expected = (SHA256 if sums is None else sums).get(platform)
    if expected is None:
        raise ToolFailed(f"no Terraform {VERSION} is known for {platform}", _REMEDY)
    target = own_terraform(project)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=project / ".gateprint", prefix="download-") as folder:
        archive = Path(folder) / "terraform.zip"
        url = f"{base_url}/terraform/{VERSION}/terraform_{VERSION}_{platform}.zip"
        _check_sum(url, _fetch(url, archive, progress), expected)
        _unpack(archive).replace(target)
    progress(f"Terraform {VERSION} is verified and installed")
    return TerraformBinary(target, VERSION)


def _fetch(url: str, archive: Path, progress: Callable[[str], None]) -> str:
    """Stream the archive to disk and return its SHA-256."""
    progress(f"downloading Terraform {VERSION} from {url}")
    digest = hashlib.sha256()
    try:
        with (
            urllib.request.urlopen(url, timeout=_SILENCE_SECONDS) as answer,  # noqa: S310
            archive.open("wb") as file,
        ):
            for block in _blocks(answer, int(answer.headers.get("Content-Length", 0)), progress):
                digest.update(block)
                file.write(block)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", "") or error
        raise ToolFailed(f"{url} could not be downloaded: {reason}", _REMEDY) from error
    return digest.hexdigest()


def _blocks(answer: IO[bytes], total: int, progress: Callable[[str], None]) -> Iterator[bytes]:
    """Yield the body, with a line of progress for each quarter of it."""
    received, told = 0, 0
    while block := answer.read(_BLOCK_BYTES):
        received += len(block)
        yield block
        quarter = received * 4 // total if total else 0
        if quarter > told:
            told = quarter
            progress(f"  {received / _MEBIBYTE:.0f} of {total / _MEBIBYTE:.0f} MiB")


def _check_sum(url: str, found: str, expected: str) -> None:
    if found != expected:
        raise ToolFailed(
            f"{url} is not the release that gateprint knows",
            f"find out what stands between you and the release host, or {_REMEDY}",
            f"its SHA-256 is {found}, and {expected} was expected",
        )


def _unpack(archive: Path) -> Path:
    """Take the one member that is needed out of the archive, beside it, executable."""
    program = archive.with_name("terraform")
    with (
        zipfile.ZipFile(archive) as members,
        members.open("terraform") as source,
        program.open("wb") as file,
    ):
        shutil.copyfileobj(source, file)
    program.chmod(0o755)
    return program
