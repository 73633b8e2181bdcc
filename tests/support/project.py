"""A copy of this project with a cloud of its own, for tests that run everything for real."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import yaml

from gateprint.terraform.binary import find_terraform
from gateprint.terraform.environment import clean_environment
from tests.support.quick_terraform import drop_endpoints, quick_environment, standing_provider

ROOT = Path(__file__).parents[2]
_COPIED = ("blueprints", "config", "lambdas", "cdktf.json", "main.py")
_LINKED = (".venv", "node_modules")
_SECONDS = 300


def free_port() -> int:
    """Return a port that nothing listens on, nor on the next one, as far as one can know.

    It is even, and below those that the system gives by itself: two tests hardly meet.
    """
    while True:
        port = random.randrange(10_000, 32_000, 2)  # noqa: S311  # no secret
        if _is_free(port) and _is_free(port + 1):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _plain(words: tuple[str, ...]) -> list[str]:
    # `terraform state …` knows no colours, and so no flag against them.
    return [] if words[0] == "state" else ["-no-color"]


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended, and all that it printed."""

    code: int
    output: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project folder; `endpoint` is the address of its embedded cloud.

    Terraform gets the environment variables `quick`, where there are any, and works as
    tests/support/quick_terraform.py says.
    """

    root: Path
    endpoint: str
    quick: Mapping[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        environ = {**os.environ, "GATEPRINT_ENVIRONMENT": "local", "CI": "true"}
        for name in ("CDKTF_OUTDIR", "GATEPRINT_BLUEPRINTS", "GATEPRINT_CONFIG"):
            environ.pop(name, None)
        return environ

    def run(self, *words: str, seconds: float = _SECONDS) -> Finished:
        """Run a command in the project, whatever its outcome."""
        done = subprocess.run(
            words,
            cwd=self.root,
            env=self.environ,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
        )
        return Finished(done.returncode, done.stdout)

    def succeed(self, *words: str, seconds: float = _SECONDS) -> str:
        """Run a command that must end with 0; return what it printed."""
        done = self.run(*words, seconds=seconds)
        assert done.code == 0, f"{' '.join(words)} ended with {done.code}:\n{done.output}"
        return done.output

    def gateprint(self, *words: str) -> str:
        """Run a verb that must succeed."""
        return self.succeed(sys.executable, "-m", "gateprint", *words)

    def synth(self) -> None:
        """Write the stacks' configurations."""
        self.gateprint("synth")
        for each in self.stack("").glob("*/cdk.tf.json") if self.quick else ():
            drop_endpoints(each)

    @contextmanager
    def made_quick(self, stack: str) -> Iterator[Project]:
        """Yield the project for one initialized stack, whose commands Terraform runs quickly."""
        quick = quick_environment(clean_environment(os.environ), self.endpoint)
        project = replace(self, quick=quick)
        project.synth()
        project.init(stack)
        with standing_provider(project.stack(stack), quick) as environ:
            yield replace(project, quick=environ)

    def stack(self, name: str) -> Path:
        """Return the folder of a synthesized stack."""
        return self.root / "cdktf.out" / "stacks" / name

    def terraform(self, stack: str, *words: str) -> Finished:
        """Run Terraform in a stack's folder, as the cdktf command line does."""
        binary = find_terraform(ROOT, os.environ)
        done = subprocess.run(
            [str(binary.path), *words, *_plain(words)],
            cwd=self.stack(stack),
            env={**(self.quick or clean_environment(os.environ))},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
        return Finished(done.returncode, done.stdout)

    def apply(self, stack: str) -> str:
        """Synthesize and apply a stack; return Terraform's output."""
        self.synth()
        if not (self.stack(stack) / ".terraform").is_dir():
            self.init(stack)
        return self.apply_again(stack)

    def init(self, stack: str) -> None:
        """Let Terraform find the provider and the state of a synthesized stack."""
        done = self.terraform(stack, "init", "-input=false")
        assert done.code == 0, done.output

    def apply_again(self, stack: str) -> str:
        """Apply a stack as it was synthesized before; return Terraform's output."""
        done = self.terraform(stack, "apply", "-auto-approve", "-input=false")
        assert done.code == 0, done.output
        return done.output

    def assert_unchanged(self, stack: str) -> None:
        """See that the next plan has nothing to do."""
        done = self.terraform(stack, "plan", "-detailed-exitcode", "-input=false", "-lock=false")
        assert done.code == 0, done.output

    def read(self, name: str = "pets") -> dict[str, Any]:
        """Return a blueprint as plain data."""
        path = self.root / "blueprints" / f"{name}.yaml"
        data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return data

    def write(self, blueprint: dict[str, Any], name: str = "pets") -> None:
        """Write a blueprint."""
        path = self.root / "blueprints" / f"{name}.yaml"
        path.write_text(yaml.safe_dump(blueprint, sort_keys=False), encoding="utf-8")

    def client(self, service: str) -> Any:
        """Return a boto3 client of the embedded cloud."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-2",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


def make_project(root: Path) -> Project:
    """Copy the project's own files to `root`, with an endpoint on a free port."""
    root.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "examples")
            shutil.copytree(source, root / name, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy(source, root / name)
    for name in _LINKED:
        (root / name).symlink_to(ROOT / name)
    (root / ".gateprint").mkdir()
    for name in ("bin", "terraform"):
        if (ROOT / ".gateprint" / name).is_dir():
            (root / ".gateprint" / name).symlink_to(ROOT / ".gateprint" / name)
    endpoint = f"http://127.0.0.1:{free_port()}"
    path = root / "config" / "local.yaml"
    text = path.read_text(encoding="utf-8")
    written = next(line for line in text.splitlines() if line.startswith("endpoint:"))
    path.write_text(text.replace(written, f"endpoint: {endpoint}"), encoding="utf-8")
    return Project(root, endpoint)
