"""The one unpacked AWS provider and lock file that all of gateprint's own commands use.

It is where a mirror is, or was downloaded once. Commands are told so by a CLI configuration of
their own, so that no stack copies, downloads or caches a provider, whatever the user's says.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform.binary import TerraformBinary
from gateprint.terraform.command import command_line, run
from gateprint.terraform.environment import detached_environment, has_provider_installation
from gateprint.terraform.mirror import PROVIDER, Mirror, find_mirror, holds_provider
from gateprint.terraform.provider import (
    CONFIGURATION,
    LOCK_FILE,
    find_prepared,
    locked_version,
    prepare_provider,
    write_whole,
)

_FOLDER = Path(".gateprint") / "providers"
_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class ProviderStore:
    """An unpacked provider: its folder in Terraform's layout, its version, its lock file."""

    folder: Path
    version: str
    lock: Path


def prepare_store(
    project: Path,
    binary: TerraformBinary,
    environ: Mapping[str, str],
    progress: Callable[[str], None],
) -> ProviderStore:
    """Return the store; find or download it if there is none yet.

    Raises:
        ToolFailed: there is no mirror, and Terraform cannot get the provider either.
    """
    known = find_store(project, environ)
    if known is not None:
        return known
    mirror = None if has_provider_installation(environ) else find_mirror(environ)
    if mirror is not None:
        prepared = prepare_provider(project, binary, mirror, environ, progress)
        return ProviderStore(mirror.path, prepared.version, prepared.lock)
    return _fetched(project.absolute(), binary, environ, progress)


def find_store(project: Path, environ: Mapping[str, str]) -> ProviderStore | None:
    """Return the store, if it was prepared and still holds; a few file reads."""
    prepared = find_prepared(project, environ)
    if prepared is not None and prepared.mirror is not None:
        return ProviderStore(prepared.mirror, prepared.version, prepared.lock)
    return _read_record(project.absolute())


def command_settings(store: ProviderStore, project: Path) -> dict[str, str]:
    """Return the variables that make Terraform take the provider from the store, and only there."""
    path = project.absolute() / _FOLDER / "terraform.tfrc"
    text = f"""\
disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path = {json.dumps(str(store.folder))}
  }}
}}
"""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_whole(path, text)
    return {"TF_CLI_CONFIG_FILE": str(path)}


def _fetched(
    project: Path,
    binary: TerraformBinary,
    environ: Mapping[str, str],
    progress: Callable[[str], None],
) -> ProviderStore:
    """Let Terraform get the provider, in its own way, and keep it."""
    progress("getting the AWS provider, once for this project; it has several hundred megabytes")
    with tempfile.TemporaryDirectory(prefix="provider-", dir=_made(project)) as folder:
        directory = Path(folder)
        (directory / "main.tf.json").write_text(json.dumps(CONFIGURATION), encoding="utf-8")
        words = command_line(binary.path, "init", backend=False, input=False, no_color=True)
        environment = detached_environment(environ)
        outcome = run(words, directory, environment, timeout_seconds=_SECONDS)
        if outcome.code != 0:
            raise ToolFailed(
                "Terraform cannot get the AWS provider",
                "let it reach registry.terraform.io once, or set GATEPRINT_PROVIDER_MIRROR to a "
                "folder that holds an unpacked AWS provider",
                outcome.stderr.strip() or outcome.stdout.strip(),
            )
        store = _kept(project, directory)
    progress(f"AWS provider {store.version} is in {store.folder}")
    return store


def _kept(project: Path, directory: Path) -> ProviderStore:
    text = (directory / LOCK_FILE).read_text(encoding="utf-8")
    version, base = locked_version(text), project / _FOLDER
    (place,) = (directory / ".terraform" / "providers" / PROVIDER / version).iterdir()
    # A link leads into somebody's mirror: HOST/NAMESPACE/TYPE/VERSION/OS_ARCH below its folder.
    folder = place.resolve().parents[4] if place.is_symlink() else base
    if not place.is_symlink():
        target = base / PROVIDER / version
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        place.parent.rename(target)
    lock = base / f"{version}.lock.hcl"
    write_whole(lock, text)
    record = {"folder": str(folder), "version": version}
    write_whole(base / "store.json", json.dumps(record, indent=2) + "\n")
    return ProviderStore(folder, version, lock)


def _read_record(project: Path) -> ProviderStore | None:
    base = project / _FOLDER
    try:
        record = json.loads((base / "store.json").read_text(encoding="utf-8"))
        folder, version = Path(record["folder"]), str(record["version"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
    lock = base / f"{version}.lock.hcl"
    is_there = lock.is_file() and holds_provider(Mirror(folder, version))
    return ProviderStore(folder, version, lock) if is_there else None


def _made(project: Path) -> Path:
    folder = project / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder
