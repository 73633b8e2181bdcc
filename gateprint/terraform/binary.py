"""Finds the Terraform to run: GATEPRINT_TERRAFORM, then PATH, then the project's own folder."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateprint.errors import ToolFailed
from gateprint.terraform.command import command_line, run
from gateprint.terraform.environment import detached_environment

MINIMUM_VERSION = "1.10.0"
"""The first Terraform whose S3 backend locks with a file (`use_lockfile`)."""

_VERSION_SECONDS = 60
_FIRST_BRACE = re.compile(r"^\{", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TerraformBinary:
    """A Terraform that runs: where it is and its version, such as `1.11.4`."""

    path: Path
    version: str


def find_terraform(project: Path, environ: Mapping[str, str]) -> TerraformBinary:
    """Return the first Terraform that runs and is new enough.

    The order is `GATEPRINT_TERRAFORM` (then nothing else is tried), `PATH`, and
    `.gateprint/bin/terraform` of the project. Raises ToolFailed if there is none; its `detail`
    says what is wrong with those that were found.
    """
    faults = []
    for path in _candidates(project, environ):
        try:
            binary = TerraformBinary(path, read_version(path, environ))
        except ToolFailed as error:
            faults.append(f"{error.problem}: {error.detail}")
            continue
        if is_new_enough(binary.version):
            return binary
        faults.append(f"{path} is {binary.version}")
    raise _no_terraform(environ, faults)


def installed_terraforms(project: Path, environ: Mapping[str, str]) -> tuple[TerraformBinary, ...]:
    """Return every Terraform that runs, in the order of preference, whatever its version."""
    binaries = []
    for path in _candidates(project, environ):
        with contextlib.suppress(ToolFailed):
            binaries.append(TerraformBinary(path, read_version(path, environ)))
    return tuple(binaries)


def read_version(path: Path, environ: Mapping[str, str]) -> str:
    """Return what `terraform version -json` says, whatever warnings stand before the JSON.

    Raises ToolFailed if it says nothing that can be read.
    """
    words = command_line(path, "version", json=True)
    outcome = run(
        words, path.parent, detached_environment(environ), timeout_seconds=_VERSION_SECONDS
    )
    version = _version_in(outcome.stdout)
    if outcome.code != 0 or not version:
        raise ToolFailed(
            f"{path} does not tell its version",
            "run make setup, or set GATEPRINT_TERRAFORM to a Terraform that runs",
            (outcome.stderr or outcome.stdout).strip(),
        )
    return version


def is_new_enough(version: str) -> bool:
    """Tell whether a Terraform of this version has what gateprint needs."""
    return _ordered(version) >= _ordered(MINIMUM_VERSION)


def own_terraform(project: Path) -> Path:
    """Return where the project keeps the Terraform that `make setup` downloads."""
    return (project / ".gateprint" / "bin" / "terraform").absolute()


def _candidates(project: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    chosen = environ.get("GATEPRINT_TERRAFORM")
    search_path = environ.get("PATH", "")
    names = (chosen,) if chosen else ("terraform", str(own_terraform(project)))
    for name in names:
        found = shutil.which(name, path=search_path)
        if found:
            yield Path(found).absolute()


def _version_in(output: str) -> str:
    for brace in _FIRST_BRACE.finditer(output):
        try:
            facts, _ = json.JSONDecoder().raw_decode(output, brace.start())
        except ValueError:
            continue
        return str(facts.get("terraform_version", ""))
    return ""


def _ordered(version: str) -> tuple[int, ...]:
    """Return the release's numbers; a pre-release counts as its release."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def _no_terraform(environ: Mapping[str, str], faults: list[str]) -> ToolFailed:
    needed = f"Terraform {MINIMUM_VERSION} or newer"
    chosen = environ.get("GATEPRINT_TERRAFORM")
    if chosen:
        problem = f"GATEPRINT_TERRAFORM names {chosen}, which is not {needed}"
        return ToolFailed(problem, f"set it to {needed}, or unset it", "\n".join(faults))
    return ToolFailed(f"{needed} was not found", "run make setup", "\n".join(faults))
