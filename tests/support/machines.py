"""Machines that share a commit, a state bucket and nothing else; real Terraform, no AWS provider.

gateprint's own verbs do everything. Only what is synthesized is replaced, in the folder in which
Terraform works: each resource of AWS becomes a `terraform_data`, and a command takes 0.3 seconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateprint.terraform.binary import find_terraform
from tests.support.estate import BUCKET, Estate, standing_estate
from tests.support.held_terraform import HeldTerraform
from tests.support.project import ROOT, Finished

_SECONDS = 120
# What a checkout has, and what a machine is set up with; the cloud's record is where it runs.
_SHARED = ("blueprints", "config", "lambdas", "main.py", "cdktf.json")
_SET_UP = ("terraform", "local", "cache")
_REPLACE = """\
import json

with open("cdk.tf.json") as file:
    found = json.load(file)
if "provider" not in found:
    raise SystemExit  # It was replaced before.
data = {
    f"{kind}-{name}": {"input": f"{kind}.{name}"}
    for kind, each in found.get("resource", {}).items()
    for name in each
}
backend = {"backend": found["terraform"]["backend"]}
with open("cdk.tf.json", "w") as file:
    json.dump({"terraform": backend, "resource": {"terraform_data": data}}, file)
"""
_SCRIPT = """\
#!/bin/sh
if [ -f cdk.tf.json ]; then "@python@" -I -S "@replace@" || exit 1; fi
exec "@terraform@" "$@"
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A folder with a checkout, in which gateprint runs."""

    root: Path
    environ: Mapping[str, str]

    def run(self, name: str) -> Path:
        """Return the folder of a run."""
        return self.root / name

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a verb."""
        return subprocess.Popen(
            [sys.executable, "-m", "gateprint", *words],
            cwd=self.root,
            env={**self.environ},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def tell(self, *words: str, code: int = 0) -> str:
        """Run a verb that must end so; return its result."""
        return result(self.start(*words), code)


def result(process: subprocess.Popen[str], code: int = 0) -> str:
    """Wait for a verb that must end so; return what it wrote to stdout."""
    output, errors = process.communicate(timeout=_SECONDS)
    assert process.returncode == code, Finished(process.returncode, output + errors)
    return output


@dataclass(frozen=True, slots=True)
class Machines:
    """One embedded cloud, and as many machines as are asked for."""

    estate: Estate
    terraform: HeldTerraform

    def new(self, name: str) -> Machine:
        """Return a machine that has done nothing yet."""
        root, own = self.estate.root.parent / name, self.estate.root
        (root / ".gateprint").mkdir(parents=True)
        for each in _SHARED:
            (root / each).symlink_to(own / each)
        for each in _SET_UP:
            (own / ".gateprint" / each).mkdir(exist_ok=True)
            (root / ".gateprint" / each).symlink_to(own / ".gateprint" / each)
        more = {"GATEPRINT_TERRAFORM": str(self.terraform.path)}
        return Machine(root, {**self.estate.environ, **more})

    def forget_everything(self) -> None:
        """Empty the state bucket."""
        s3 = self.estate.project.client("s3")
        for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
            s3.delete_object(Bucket=BUCKET, Key=each["Key"])


@contextmanager
def standing_machines(root: Path, blueprints: Mapping[str, str]) -> Iterator[Machines]:
    """Yield machines whose checkout has these blueprints, by name."""
    with standing_estate(root / "first") as estate:
        folder = estate.root / "blueprints"
        for each in folder.iterdir():
            each.unlink()
        for name, text in blueprints.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        yield Machines(estate, HeldTerraform.of(root / "held", _without_provider(root)))


def _without_provider(root: Path) -> Path:
    """Write the Terraform that replaces what needs the provider."""
    replace, script = root / "replace.py", root / "replacing-terraform"
    replace.write_text(_REPLACE, encoding="utf-8")
    real = str(find_terraform(ROOT, os.environ).path)
    text = _SCRIPT.replace("@python@", sys.executable).replace("@replace@", str(replace))
    script.write_text(text.replace("@terraform@", real), encoding="utf-8")
    script.chmod(0o755)
    return script
