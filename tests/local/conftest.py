"""One embedded cloud for all tests of a session, and the real Terraform."""

from __future__ import annotations

import functools
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateprint.local import cloud
from gateprint.local.client import client
from gateprint.local.cloud import CloudSettings
from tests.local.one_of_each import ACCOUNT, BUCKET, REGION
from tests.local.rest_api import Api, create_api

PROVIDER = "registry.terraform.io/hashicorp/aws"
USUAL_MIRRORS = (
    "~/.terraform.d/plugins",
    "/usr/share/terraform/plugins",
    "/usr/local/share/terraform/plugins",
)

Client = Callable[[str], Any]


def free_port() -> int:
    """A port that nothing listens on, as far as one can know."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_in(home: Path) -> CloudSettings:
    """Settings for a cloud of its own, on a free port."""
    return CloudSettings(f"http://127.0.0.1:{free_port()}", ACCOUNT, REGION, BUCKET, home)


def say_nothing(_message: str) -> None:
    """A progress that nobody watches."""


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudSettings]:
    """The settings of a running cloud."""
    settings = settings_in(tmp_path_factory.mktemp("cloud") / "home")
    cloud.start(settings, say_nothing)
    yield settings
    cloud.stop(settings, say_nothing)


@pytest.fixture(scope="session")
def aws(running: CloudSettings) -> Client:
    """Clients of the running cloud, by service."""
    return functools.cache(lambda service: client(service, running.endpoint, running.region))


@pytest.fixture
def api(aws: Client) -> Iterator[Api]:
    """A REST API of the test's own."""
    api = create_api(aws("apigateway"))
    yield api
    api.gateway.delete_rest_api(restApiId=api.api_id)


def provider_mirror() -> Path:
    """The folder with an unpacked AWS provider; fails the test where there is none."""
    named = os.environ.get("GATEPRINT_PROVIDER_MIRROR")
    folders = [Path(named)] if named else [Path(folder).expanduser() for folder in USUAL_MIRRORS]
    if not named:
        folders += [found.parents[2] for found in Path("/opt").glob(f"*/{PROVIDER}")]
    for folder in folders:
        if (folder / PROVIDER).is_dir():
            return folder
    pytest.fail(f"no {PROVIDER} in {folders}; set GATEPRINT_PROVIDER_MIRROR")


@dataclass(frozen=True, slots=True)
class Terraform:
    """The real Terraform in a folder; every verb fails the test unless it exits as expected."""

    program: str
    folder: Path
    environment: dict[str, str]

    def write(self, document: dict[str, Any]) -> None:
        """Make `document` the configuration."""
        (self.folder / "main.tf.json").write_text(json.dumps(document, indent=2))

    def init(self) -> None:
        """Set up the provider and the backend."""
        self._run("init")

    def apply(self) -> str:
        """Change the cloud; returns what Terraform says."""
        return self._run("apply", "-auto-approve")

    def has_changes(self) -> str:
        """What a new plan would change; empty where nothing."""
        return self._run("plan", "-detailed-exitcode", codes=(0, 2), quiet=0)

    def destroy(self) -> str:
        """Remove everything."""
        return self._run("destroy", "-auto-approve")

    def _run(self, *arguments: str, codes: tuple[int, ...] = (0,), quiet: int | None = None) -> str:
        done = subprocess.run(
            [self.program, *arguments, "-no-color", "-input=false"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode in codes, done.stdout + done.stderr
        return "" if done.returncode == quiet else done.stdout


@pytest.fixture
def terraform(tmp_path: Path) -> Terraform:
    """Terraform, which must be there, with the provider of a mirror on this machine."""
    program = shutil.which("terraform")
    assert program, "terraform is not on PATH"
    configuration = tmp_path / "terraform.rc"
    mirror = json.dumps(str(provider_mirror()))
    configuration.write_text(
        f"provider_installation {{\n  filesystem_mirror {{\n    path = {mirror}\n  }}\n}}\n"
    )
    kept = {key: text for key, text in os.environ.items() if not key.startswith(("AWS_", "TF_"))}
    folder = tmp_path / "stack"
    folder.mkdir()
    return Terraform(program, folder, {**kept, "TF_CLI_CONFIG_FILE": str(configuration)})
