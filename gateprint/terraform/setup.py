"""Makes Terraform and the AWS provider ready for a project, with as little work as needed."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform import guard
from gateprint.terraform.binary import TerraformBinary, find_terraform
from gateprint.terraform.download import download_terraform
from gateprint.terraform.environment import has_provider_installation
from gateprint.terraform.mirror import find_mirror
from gateprint.terraform.provider import PreparedProvider, prepare_provider


@dataclass(frozen=True, slots=True)
class Tools:
    """What a project runs with; `provider` is None where Terraform asks the registry."""

    terraform: TerraformBinary
    provider: PreparedProvider | None


def set_up(
    project: Path,
    environ: Mapping[str, str],
    progress: Callable[[str], None],
    download: Callable[[Path, Callable[[str], None]], TerraformBinary] = download_terraform,
) -> Tools:
    """Find or download Terraform, find a provider mirror, and prepare its lock file.

    May be called as often as one likes; what is there stays. Raises ToolFailed.
    """
    terraform = _terraform(project, environ, progress, download)
    progress(f"Terraform {terraform.version} at {terraform.path}")
    return Tools(terraform, _provider(project, terraform, environ, progress))


def _terraform(
    project: Path,
    environ: Mapping[str, str],
    progress: Callable[[str], None],
    download: Callable[[Path, Callable[[str], None]], TerraformBinary],
) -> TerraformBinary:
    try:
        terraform = find_terraform(project, environ)
    except ToolFailed as error:
        if environ.get("GATEPRINT_TERRAFORM"):
            raise
        progress(error.problem)
        terraform = download(project, progress)
    _guard_for_npx(project, terraform)
    return terraform


def _guard_for_npx(project: Path, terraform: TerraformBinary) -> None:
    """Put the guard before Terraform into the folder that npx puts first on PATH."""
    folder = project.absolute() / "node_modules" / ".bin"
    if not folder.is_dir() or terraform.path.parent == folder:
        return
    words = [sys.executable, "-I", "-S", guard.__file__, str(terraform.path)]
    script = f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n'
    fresh = folder / f".terraform-{os.getpid()}"
    fresh.write_text(script, encoding="utf-8")
    fresh.chmod(0o755)
    fresh.replace(folder / "terraform")


def _provider(
    project: Path,
    terraform: TerraformBinary,
    environ: Mapping[str, str],
    progress: Callable[[str], None],
) -> PreparedProvider | None:
    mirror = find_mirror(environ)
    if mirror is None and not has_provider_installation(environ):
        progress("no mirror of the AWS provider found; Terraform will ask its registry")
        return None
    prepared = prepare_provider(project, terraform, mirror, environ, progress)
    source = prepared.mirror or "the configured provider installation"
    progress(f"AWS provider {prepared.version} from {source}")
    return prepared
