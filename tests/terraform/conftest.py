"""A made-up machine: its Terraform programs, its mirrors and its home folder, all in tmp_path."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PLATFORM = "linux_amd64"
LOCK = """\
provider "registry.terraform.io/hashicorp/aws" {
  version     = "%s"
  constraints = ">= 5.100.0, < 7.0.0"
  hashes = [
    "h1:made-up",
  ]
}
"""
INIT = """\
if [ "$1" = init ]; then
  echo "$@" >> "$0.log"
  readlink terraform.d/plugins >> "$0.log"
  cat > .terraform.lock.hcl <<'LOCK'
{lock}LOCK
  exit 0
fi
"""


@dataclass
class Machine:
    """Builds what a real machine would hold; `environ` is what gateprint is given."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def project(self) -> Path:
        return self.root / "project"

    @property
    def shared(self) -> Path:
        return self.root / "opt"

    def add_terraform(
        self, path: Path, version: str = "1.11.4", warning: str = "", provider: str = "5.100.0"
    ) -> Path:
        """Write a program that knows `version -json` and `init`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        json = f'{{"terraform_version": "{version}"}}'
        path.write_text(
            "#!/bin/sh\n"
            + INIT.replace("{lock}", LOCK % provider)
            + f"printf '%s' '{warning}'\necho '{json}'\n"
            + 'echo "$TF_CLI_CONFIG_FILE/$CHECKPOINT_DISABLE/$TF_CLI_ARGS_version" > "$0.env"\n'
        )
        path.chmod(0o755)
        return path

    def add_broken_terraform(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\necho no version is chosen >&2\nexit 126\n")
        path.chmod(0o755)
        return path

    def add_mirror(self, path: Path, version: str = "5.100.0", platform: str = PLATFORM) -> Path:
        folder = path / "registry.terraform.io/hashicorp/aws" / version / platform
        folder.mkdir(parents=True)
        (folder / f"terraform-provider-aws_v{version}_x5").touch()
        return path

    def add_cli_configuration(self, text: str) -> Path:
        path = Path(self.environ["HOME"]) / ".terraformrc"
        path.write_text(text)
        return path


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with a home folder and a project, and nothing installed."""
    machine = Machine(tmp_path)
    for folder in (machine.project, machine.shared, tmp_path / "home", tmp_path / "bin"):
        folder.mkdir()
    machine.environ = {
        "HOME": str(tmp_path / "home"),
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
        "XDG_DATA_DIRS": str(tmp_path / "data"),
    }
    return machine


@pytest.fixture
def lines() -> list[str]:
    """Collects progress: pass `lines.append`."""
    return []


@dataclass(frozen=True)
class Archive:
    """A release archive and its SHA-256."""

    content: bytes
    sha256: str


@pytest.fixture
def archive() -> Archive:
    """A release as HashiCorp packs it: a licence beside the program."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as members:
        members.writestr("LICENSE.txt", "made up")
        members.writestr("terraform", "#!/bin/sh\necho made up\n")
    content = packed.getvalue()
    return Archive(content, hashlib.sha256(content).hexdigest())
