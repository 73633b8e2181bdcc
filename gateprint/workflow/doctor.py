"""Looks at every tool that gateprint needs, without importing, changing or downloading any."""

from __future__ import annotations

import json
import platform
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from gateprint.errors import ToolFailed
from gateprint.terraform.binary import find_terraform, installed_terraforms
from gateprint.terraform.command import run
from gateprint.terraform.environment import has_provider_installation
from gateprint.terraform.mirror import find_mirror
from gateprint.terraform.provider import find_prepared

Status = Literal["ok", "missing", "outdated", "optional"]

CDKTF_CLI_VERSION = "0.21.0"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (20,)

_SETUP = "run make setup"
_VERSION_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of one tool: where, in which version, and what to do about it.

    `found` and `version` are empty if there is nothing to say; `remedy` is empty if nothing is
    to be done. `optional` is a remark: gateprint works without.
    """

    tool: str
    found: str
    version: str
    remedy: str
    status: Status


def examine(project: Path, environ: Mapping[str, str]) -> tuple[Check, ...]:
    """Return one check for each tool, in the order in which they are needed; never raises."""
    checks = (
        _python(),
        _program("Node", "node", OLDEST_NODE, "install Node 20 or 22", environ),
        _cdktf_cli(project),
        _package("CDKTF", "cdktf"),
        _package("AWS provider bindings", "cdktf-cdktf-provider-aws"),
        _package("python-terraform", "python-terraform"),
        _terraform(project, environ),
        _provider(project, environ),
        _program("git", "git", (2,), "install git", environ),
        _jsii_cache(environ),
        _cli_configuration(environ),
    )
    return tuple(check for check in checks if check)


def _python() -> Check:
    status: Status = "ok" if sys.version_info >= OLDEST_PYTHON else "outdated"
    remedy = "" if status == "ok" else "install Python 3.11 or newer, then run make setup"
    return Check("Python", sys.executable, platform.python_version(), remedy, status)


def _program(
    tool: str, name: str, oldest: tuple[int, ...], remedy: str, environ: Mapping[str, str]
) -> Check:
    """Look a program up on PATH and ask it for its version with `--version`."""
    path = shutil.which(name, path=environ.get("PATH", ""))
    if path is None:
        return Check(tool, "", "", remedy, "missing")
    version = _told_version(path, environ)
    if _numbers(version) < oldest:
        return Check(tool, path, version, remedy, "outdated")
    return Check(tool, path, version, "", "ok")


def _told_version(path: str, environ: Mapping[str, str]) -> str:
    try:
        outcome = run([path, "--version"], Path("/"), environ, timeout_seconds=_VERSION_SECONDS)
    except ToolFailed:
        return ""
    found = re.search(r"\d+(\.\d+)+", outcome.stdout)
    return found[0] if found else ""


def _cdktf_cli(project: Path) -> Check:
    folder = project / "node_modules" / "cdktf-cli"
    try:
        manifest = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        version = str(manifest["version"])
    except (OSError, ValueError, LookupError, TypeError):
        return Check("cdktf-cli", "", "", _SETUP, "missing")
    if version != CDKTF_CLI_VERSION:
        remedy = f"{CDKTF_CLI_VERSION} is needed; {_SETUP}"
        return Check("cdktf-cli", str(folder), version, remedy, "outdated")
    return Check("cdktf-cli", str(folder), version, "", "ok")


def _package(tool: str, distribution: str) -> Check:
    """Read an installed package's metadata; importing it would start Node, or take seconds."""
    try:
        found = metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        return Check(tool, "", "", _SETUP, "missing")
    return Check(tool, str(found.locate_file("")), found.version, "", "ok")


def _terraform(project: Path, environ: Mapping[str, str]) -> Check:
    try:
        binary = find_terraform(project, environ)
    except ToolFailed as error:
        old = installed_terraforms(project, environ)
        if old:
            return Check("Terraform", str(old[0].path), old[0].version, error.remedy, "outdated")
        return Check("Terraform", "", "", error.remedy, "missing")
    return Check("Terraform", str(binary.path), binary.version, "", "ok")


def _provider(project: Path, environ: Mapping[str, str]) -> Check:
    """Say where Terraform will take the AWS provider from."""
    tool = "AWS provider"
    prepared = find_prepared(project, environ)
    if prepared:
        source = str(prepared.mirror or "Terraform's CLI configuration")
        return Check(tool, source, prepared.version, "", "ok")
    try:
        mirror = find_mirror(environ)
    except ToolFailed as error:
        return Check(tool, environ["GATEPRINT_PROVIDER_MIRROR"], "", error.remedy, "missing")
    if has_provider_installation(environ):
        return Check(tool, "Terraform's CLI configuration", "", _SETUP, "optional")
    if mirror:
        return Check(tool, str(mirror.path), mirror.version, _SETUP, "optional")
    return Check(tool, "registry.terraform.io", "", "", "ok")


def _jsii_cache(environ: Mapping[str, str]) -> Check:
    """Say where jsii keeps unpacked packages; without them a first synth takes much longer."""
    folder = _jsii_cache_folder(environ)
    switched_off = environ.get("JSII_RUNTIME_PACKAGE_CACHE", "enabled") != "enabled"
    if switched_off:
        remedy = "unset JSII_RUNTIME_PACKAGE_CACHE; synth is much slower without the cache"
        return Check("jsii cache", "", "", remedy, "optional")
    if not folder.is_dir():
        return Check("jsii cache", "", "", "the first synth makes it", "optional")
    return Check("jsii cache", str(folder), "", "", "ok")


def _jsii_cache_folder(environ: Mapping[str, str]) -> Path:
    """Return jsii's default cache folder, or the one that the environment names."""
    root = environ.get("JSII_RUNTIME_PACKAGE_CACHE_ROOT")
    if root:
        return Path(root)
    home = Path(environ.get("HOME", "/"))
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "com.amazonaws.jsii"
    return home / ".cache" / "aws" / "jsii"


def _cli_configuration(environ: Mapping[str, str]) -> Check | None:
    """Remark a TF_CLI_CONFIG_FILE that names nothing: Terraform warns about it at each start."""
    path = environ.get("TF_CLI_CONFIG_FILE")
    if not path or Path(path).exists():
        return None
    remedy = f"unset TF_CLI_CONFIG_FILE, or create {path}"
    return Check("Terraform's CLI configuration", path, "", remedy, "optional")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))
