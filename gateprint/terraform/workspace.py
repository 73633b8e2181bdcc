"""A folder in which Terraform works on one stack: its files, the lock file, the mirror; init."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateprint.terraform.binary import TerraformBinary
from gateprint.terraform.configuration import copy_configuration
from gateprint.terraform.environment import detached_environment
from gateprint.terraform.provider import LOCK_FILE
from gateprint.terraform.store import ProviderStore, command_settings

WORK = Path(".gateprint") / "work"
EVENTS = "events.jsonl"


@dataclass(frozen=True, slots=True)
class Tools:
    """What every command runs with: the project, Terraform, the provider, and what it inherits."""

    project: Path
    terraform: TerraformBinary
    store: ProviderStore
    environ: Mapping[str, str]

    @property
    def inherited(self) -> dict[str, str]:
        """What Terraform inherits: nothing that a user set for one folder.

        A plugin cache is left out as well: the mirror serves all, and the cache is not safe for
        commands that run side by side (developer.hashicorp.com/terraform/cli/config/config-file).
        """
        clean = detached_environment(self.environ)
        clean.pop("TF_PLUGIN_CACHE_DIR", None)
        return clean | command_settings(self.store, self.project)


@contextlib.contextmanager
def workspace(tools: Tools, run: str, stack: str, configuration: Path) -> Iterator[Path]:
    """Yield a new folder with a stack's files; it goes when the block ends well or by an error."""
    folder = make_workspace(tools, run, stack, configuration)
    try:
        yield folder
    finally:
        remove_workspace(folder)


def make_workspace(tools: Tools, run: str, stack: str, configuration: Path) -> Path:
    """Return a new folder with a stack's files, ready for init."""
    folder = (tools.project / WORK / run / stack).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    copy_configuration(configuration, folder)
    shutil.copyfile(tools.store.lock, folder / LOCK_FILE)
    return folder


def remove_workspace(folder: Path) -> None:
    """Remove a folder, and the run's if it was the last."""
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.parent.rmdir()
