"""Prepares the AWS provider once for a machine, and attaches it to synthesized stacks.

With a lock file in place the cdktf command line does not run `terraform providers lock`, which
always asks the registry. With `terraform.d/plugins` in place a plain `terraform init` takes the
provider from the mirror, because that folder is one of Terraform's implied mirror directories.
A `provider_installation` block in the user's own CLI configuration replaces those directories;
then Terraform decides, and the lock file is made from what it decided.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform.binary import TerraformBinary
from gateprint.terraform.command import command_line, run
from gateprint.terraform.environment import detached_environment, has_provider_installation
from gateprint.terraform.mirror import (
    PROVIDER,
    PROVIDER_SOURCE,
    VERSION_CONSTRAINTS,
    Mirror,
    holds_provider,
)

LOCK_FILE = ".terraform.lock.hcl"

CONFIGURATION = {
    "terraform": {
        "required_providers": {"aws": {"source": PROVIDER_SOURCE, "version": VERSION_CONSTRAINTS}}
    }
}
_LOCKED_VERSION = re.compile(
    rf'^provider "{re.escape(PROVIDER)}" \{{\s*^\s*version\s*=\s*"([^"]+)"', re.MULTILINE
)
_INIT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class PreparedProvider:
    """A version of the AWS provider with its lock file.

    `mirror` is None where the user's own CLI configuration says where providers come from.
    """

    version: str
    lock: Path
    mirror: Path | None


def prepare_provider(
    project: Path,
    binary: TerraformBinary,
    mirror: Mirror | None,
    environ: Mapping[str, str],
    progress: Callable[[str], None],
) -> PreparedProvider:
    """Make the canonical lock file `.gateprint/terraform/<version>.lock.hcl`, once.

    Terraform itself makes it, in a temporary directory that asks for hashicorp/aws. `mirror` is
    None, or ignored, where the user's CLI configuration has a `provider_installation`. The result
    is kept until the mirror or its version changes. Raises ToolFailed if `terraform init` fails.
    """
    if has_provider_installation(environ):
        mirror = None
    known = _read_record(project)
    if known and _is_from(known, mirror):
        return known
    progress(f"asking Terraform {binary.version} for the AWS provider's checksums")
    text = _locked_by_terraform(binary, mirror, environ)
    prepared = _keep(project, text, mirror)
    progress(f"AWS provider {prepared.version} is ready")
    return prepared


def find_prepared(project: Path, environ: Mapping[str, str]) -> PreparedProvider | None:
    """Return what `prepare_provider` made, if it still holds; no search, a few file reads.

    It no longer holds if the mirror is gone, if `GATEPRINT_PROVIDER_MIRROR` names another, or if
    the user's CLI configuration has taken over (or given up) the choice since.
    """
    known = _read_record(project)
    if known is None or has_provider_installation(environ) != (known.mirror is None):
        return None
    chosen = environ.get("GATEPRINT_PROVIDER_MIRROR")
    if known.mirror and chosen and Path(chosen).expanduser().absolute() != known.mirror:
        return None
    if known.mirror and not holds_provider(Mirror(known.mirror, known.version)):
        return None
    return known


def attach_provider(
    stack_directories: Iterable[Path], project: Path, environ: Mapping[str, str]
) -> PreparedProvider | None:
    """Give each stack directory the mirror and the lock file; return what was attached.

    To be called after each synth. Does nothing, and returns None, where nothing was prepared:
    then Terraform uses the registry. A lock file that already has the version, and a
    `terraform.d/plugins` that is not a link, are the user's and stay as they are.
    """
    prepared = find_prepared(project, environ)
    if prepared is None:
        return None
    text = prepared.lock.read_text(encoding="utf-8")
    for directory in stack_directories:
        if prepared.mirror:
            _link(directory / "terraform.d" / "plugins", prepared.mirror)
        _place_lock(directory / LOCK_FILE, text)
    return prepared


def _locked_by_terraform(
    binary: TerraformBinary, mirror: Mirror | None, environ: Mapping[str, str]
) -> str:
    """Run `terraform init` in a directory of its own and return the lock file's text."""
    with tempfile.TemporaryDirectory(prefix="gateprint-") as folder:
        directory = Path(folder)
        (directory / "main.tf.json").write_text(json.dumps(CONFIGURATION), encoding="utf-8")
        if mirror:
            _link(directory / "terraform.d" / "plugins", mirror.path)
        words = command_line(binary.path, "init", backend=False, input=False, no_color=True)
        environment = detached_environment(environ)
        outcome = run(words, directory, environment, timeout_seconds=_INIT_SECONDS)
        if outcome.code != 0:
            raise _init_failed(mirror, outcome.stderr or outcome.stdout)
        return (directory / LOCK_FILE).read_text(encoding="utf-8")


def _init_failed(mirror: Mirror | None, output: str) -> ToolFailed:
    source = f"the mirror {mirror.path}" if mirror else "the configured provider installation"
    return ToolFailed(
        f"Terraform cannot use the AWS provider from {source}",
        "set GATEPRINT_PROVIDER_MIRROR to a folder that holds an unpacked AWS provider"
        if mirror
        else "check provider_installation in Terraform's CLI configuration",
        output.strip(),
    )


def _keep(project: Path, text: str, mirror: Mirror | None) -> PreparedProvider:
    """Write the lock file, then the record that names it; each appears in one step."""
    version = locked_version(text)
    lock = _folder(project) / f"{version}.lock.hcl"
    record = {"mirror": str(mirror.path) if mirror else None, "version": version}
    write_whole(lock, text)
    write_whole(_record(project), json.dumps(record, indent=2) + "\n")
    return PreparedProvider(version, lock, mirror.path if mirror else None)


def _read_record(project: Path) -> PreparedProvider | None:
    try:
        record = json.loads(_record(project).read_text(encoding="utf-8"))
        version, mirror = str(record["version"]), record["mirror"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    lock = _folder(project) / f"{version}.lock.hcl"
    return PreparedProvider(version, lock, mirror and Path(mirror)) if lock.is_file() else None


def _is_from(known: PreparedProvider, mirror: Mirror | None) -> bool:
    if mirror is None:
        return known.mirror is None
    return (known.mirror, known.version) == (mirror.path, mirror.version)


def _folder(project: Path) -> Path:
    return project / ".gateprint" / "terraform"


def _record(project: Path) -> Path:
    return _folder(project) / "provider.json"


def locked_version(text: str) -> str:
    """Return the version of hashicorp/aws that a lock file selects, or nothing."""
    found = _LOCKED_VERSION.search(text)
    return found[1] if found else ""


def _place_lock(path: Path, text: str) -> None:
    present = path.read_text(encoding="utf-8") if path.is_file() else ""
    if locked_version(present) != locked_version(text):
        write_whole(path, text)


def _link(link: Path, target: Path) -> None:
    """Make or renew a link; leave a real folder alone."""
    if link.exists() and not link.is_symlink():
        return
    if link.is_symlink() and link.readlink() == target:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    fresh = link.with_name(f".{link.name}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(link)


def write_whole(path: Path, text: str) -> None:
    """Write a file that appears in one step; threads may do so side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
