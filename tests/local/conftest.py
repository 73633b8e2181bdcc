"""One embedded cloud for all tests of a session, and the real Terraform."""

from __future__ import annotations

import functools
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from gateprint.local import cloud
from gateprint.local.client import client
from gateprint.local.cloud import CloudSettings
from gateprint.terraform.binary import find_terraform
from gateprint.terraform.environment import clean_environment
from gateprint.terraform.provider import attach_provider
from tests.local.one_of_each import ACCOUNT, BUCKET, REGION
from tests.local.rest_api import Api, create_api
from tests.support.project import ROOT, free_port
from tests.support.quick_terraform import quick_environment, standing_provider

Client = Callable[[str], Any]


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

    @contextmanager
    def with_standing_provider(self) -> Iterator[Terraform]:
        """Let one process of the provider serve all commands."""
        with standing_provider(self.folder, self.environment) as environment:
            yield replace(self, environment=environment)

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
def terraform(tmp_path: Path, running: CloudSettings) -> Terraform:
    """The real Terraform, with the AWS provider as a synthesized stack gets it."""
    kept = quick_environment(os.environ, running.endpoint)
    folder = tmp_path / "stack"
    folder.mkdir()
    attach_provider([folder], ROOT, kept)
    program = find_terraform(ROOT, kept).path
    return Terraform(str(program), folder, clean_environment(kept))
