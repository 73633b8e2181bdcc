"""What Terraform inherits from its surroundings: variables, CLI configuration, platform."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
_PROVIDER_INSTALLATION = re.compile(r'^\s*"?provider_installation\b', re.MULTILINE)
_SETTINGS_OF_ONE_DIRECTORY = ("TF_DATA_DIR", "TF_WORKSPACE")


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` as Terraform should see it when gateprint starts it.

    A `TF_CLI_CONFIG_FILE` that names a missing file is dropped, because Terraform would print a
    warning about it; calls home are switched off, and `TF_IN_AUTOMATION` is set if it is unset.
    """
    clean = dict(environ)
    if not _is_usable_configuration(clean.get("TF_CLI_CONFIG_FILE", "")):
        clean.pop("TF_CLI_CONFIG_FILE", None)
    clean["CHECKPOINT_DISABLE"] = "1"
    clean.setdefault("TF_IN_AUTOMATION", "1")
    return clean


def detached_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `clean_environment` without what a user set for one directory or one command.

    That is `TF_DATA_DIR`, `TF_WORKSPACE` and every `TF_CLI_ARGS…`; for commands that gateprint
    runs for itself in a directory of its own.
    """
    return {
        name: value
        for name, value in clean_environment(environ).items()
        if name not in _SETTINGS_OF_ONE_DIRECTORY and not name.startswith("TF_CLI_ARGS")
    }


def host_platform() -> str:
    """Return this machine as Terraform names it: `linux_amd64`, `darwin_arm64`."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{_MACHINES.get(machine, machine)}"


def has_provider_installation(environ: Mapping[str, str]) -> bool:
    """Tell whether the user's CLI configuration says where providers come from.

    Such a block replaces Terraform's implied mirror directories, `terraform.d/plugins` among them
    (developer.hashicorp.com/terraform/cli/config/config-file#provider-installation).
    """
    files = _configuration_files(clean_environment(environ))
    return any(_has_installation_block(path) for path in files)


def _is_usable_configuration(path: str) -> bool:
    return bool(path) and Path(path).exists()


def _configuration_files(environ: Mapping[str, str]) -> Iterator[Path]:
    override = environ.get("TF_CLI_CONFIG_FILE") or environ.get("TERRAFORM_CONFIG")
    home = environ.get("HOME")
    if override:
        yield Path(override)
    elif home:
        yield from _home_configuration(Path(home))


def _home_configuration(home: Path) -> Iterator[Path]:
    yield home / ".terraformrc"
    yield from sorted((home / ".terraform.d").glob("*.tfrc"))
    yield from sorted((home / ".terraform.d").glob("*.tfrc.json"))


def _has_installation_block(path: Path) -> bool:
    try:
        return bool(_PROVIDER_INSTALLATION.search(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        return False
