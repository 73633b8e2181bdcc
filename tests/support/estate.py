"""Many small stacks of Terraform's own `terraform_data`, planned and applied for real, quickly.

Everything is what gateprint does but for the synthesis: the run's folder, the saved plans, the
verdict, the state in the embedded cloud. Without the AWS provider a command takes 0.3 seconds.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateprint.terraform.binary import find_terraform
from gateprint.terraform.capacity import Capacity
from gateprint.terraform.configuration import configuration_digest
from gateprint.terraform.planning import Bound, Planner
from gateprint.terraform.process import Interruption
from gateprint.terraform.provider import find_prepared
from gateprint.terraform.runs.folder import RunFolder, make_run, write_private
from gateprint.terraform.runs.journal import Event, Journal, read_journal
from gateprint.terraform.runs.record import PlannedStack, Run, run_json, text_digest
from gateprint.terraform.runs.verdict import Verdict, write_verdict
from gateprint.workflow.apply import Done, Wanted, apply
from gateprint.workflow.places import Places
from gateprint.workflow.plan import tools_digested, tools_of, versions_of
from gateprint.workflow.plans_at_once import plan_at_once
from gateprint.workflow.progress import Progress, Silent
from tests.support.gates import GatedCloud
from tests.support.held_terraform import HeldTerraform, wait_for
from tests.support.project import ROOT, Finished, Project, make_project

BUCKET = "gateprint-local-state"
_SECONDS = 120
_PLAINLY, _SILENT = Wanted(), Silent()
# Terraform reads the schemas of every provider that it has to have, and this needs none; but a
# prepared provider there is, and its version is looked for in the lock file.
_LOCK = """\
/*
provider "registry.terraform.io/hashicorp/aws" {
  version = "@version@"
}
*/
"""

Resources = Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class Applying:
    """A `gateprint apply` that runs."""

    process: subprocess.Popen[str]
    estate: Estate
    run: RunFolder

    def events(self, kind: str, stack: str = "") -> list[Event]:
        """Return what the journal says of a kind by now."""
        found = read_journal(self.run.journal)
        own = (each for each in found if each["event"] == kind)
        return [each for each in own if not stack or each.get("stack") == stack]

    def wait_for_event(self, kind: str, number: int = 1) -> Event:
        """Wait until the journal has so many of them; return the last one."""
        wait_for(lambda: len(self.events(kind)) >= number, kind)
        return self.events(kind)[-1]

    def send(self, number: signal.Signals) -> None:
        """Send gateprint a signal, and nobody else."""
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End gateprint at once, and nothing else."""
        self.process.kill()
        self.process.wait(_SECONDS)

    def finish(self) -> Finished:
        """Wait until it ends."""
        output, _ = self.process.communicate(timeout=_SECONDS)
        return Finished(self.process.returncode, output)


@dataclass(frozen=True, slots=True)
class Estate:
    """A project whose stacks are written by hand; gateprint gets `more` variables."""

    project: Project
    cloud: GatedCloud
    terraform: HeldTerraform
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.project.root

    @property
    def environ(self) -> dict[str, str]:
        """What gateprint gets."""
        own = {"GATEPRINT_TERRAFORM": str(self.terraform.path)}
        return {**self.project.environ, **own, **self.more}

    def forget_init(self) -> None:
        """Let the next command on each stack prepare its folder itself, as on a new machine."""
        shutil.rmtree(self.root / ".gateprint" / "cache" / "init", ignore_errors=True)

    def plan(
        self, name: str, stacks: Mapping[str, Resources], needs: Mapping[str, Sequence[str]] = {}
    ) -> RunFolder:
        """Plan stacks into the run `name`; a stack is `pets-local`, and so on."""
        documents = {stack: self._configuration(stack, each) for stack, each in stacks.items()}
        return self.plan_documents(name, documents, needs)

    def plan_documents(
        self,
        name: str,
        documents: Mapping[str, Mapping[str, Any]],
        needs: Mapping[str, Sequence[str]] = {},
    ) -> RunFolder:
        """Plan stacks of which the whole Terraform is given."""
        folder = make_run(self.root / "runs" / name)
        found = []
        for stack, document in documents.items():
            place = folder.stack(stack).configuration
            place.mkdir(parents=True)
            text = json.dumps(document, indent=2)
            (place / "cdk.tf.json").write_text(text, encoding="utf-8")
            found.append(_to_plan(stack, configuration_digest(place), tuple(needs.get(stack, ()))))
        self._plan(folder, found)
        return folder

    def planned(
        self, name: str, stacks: Mapping[str, Resources], needs: Mapping[str, Sequence[str]] = {}
    ) -> RunFolder:
        """Plan stacks, and let a review pass."""
        return reviewed(self.plan(name, stacks, needs))

    def apply(self, run: RunFolder, *words: str) -> Finished:
        """Run `gateprint apply` to its end."""
        return self.start(run, *words).finish()

    def start(self, run: RunFolder, *words: str) -> Applying:
        """Start `gateprint apply`."""
        return Applying(self._start("apply", str(run.path), *words), self, run)

    def gateprint(self, *words: str) -> Finished:
        """Run a verb to its end."""
        process = self._start(*words)
        output, _ = process.communicate(timeout=_SECONDS)
        return Finished(process.returncode, output)

    def apply_here(
        self, run: RunFolder, wanted: Wanted = _PLAINLY, progress: Progress = _SILENT
    ) -> Done:
        """Apply in this process; what it refuses is raised."""
        places = Places(project=self.root, config=self.root / "config")
        return apply(places, run, wanted, self.environ, Interruption(progress.say), progress)

    def copy(self, run: RunFolder, name: str) -> RunFolder:
        """Return a copy of a run, to be spoilt."""
        shutil.copytree(run.path, run.path.with_name(name))
        return RunFolder(run.path.with_name(name))

    def is_planned_empty(self, name: str, stacks: Mapping[str, Resources]) -> bool:
        """Tell whether a new plan of the same stacks finds nothing to do."""
        run = self.plan(name, stacks).read()
        return {each.decision for each in run.stacks} == {"empty"}

    def state(self, stack: str) -> dict[str, Any]:
        """Return a stack's state; empty if there is none."""
        s3 = self.project.client("s3")
        if f"gateprint/{stack}.tfstate" not in self.keys(stack):
            return {}
        found = s3.get_object(Bucket=BUCKET, Key=f"gateprint/{stack}.tfstate")
        state: dict[str, Any] = json.loads(found["Body"].read())
        return state

    def keys(self, stack: str) -> list[str]:
        """Return the keys of a stack's state and lock."""
        s3 = self.project.client("s3")
        found = s3.list_objects_v2(Bucket=BUCKET, Prefix=f"gateprint/{stack}.")
        return [each["Key"] for each in found.get("Contents", ())]

    def is_locked(self, stack: str) -> bool:
        """Tell whether somebody holds the stack's lock."""
        return f"gateprint/{stack}.tfstate.tflock" in self.keys(stack)

    def lock(self, stack: str, lock_id: str, who: str) -> None:
        """Take the stack's lock in somebody's name, as Terraform does."""
        info = {
            "ID": lock_id,
            "Operation": "OperationTypeApply",
            "Info": "",
            "Who": who,
            "Version": "1.11.4",
            "Created": "2026-11-22T18:35:41.123456789Z",
            "Path": f"{BUCKET}/gateprint/{stack}.tfstate",
        }
        key = f"gateprint/{stack}.tfstate.tflock"
        self.project.client("s3").put_object(Bucket=BUCKET, Key=key, Body=json.dumps(info))

    def unlock(self, stack: str) -> None:
        """Take the lock away."""
        key = f"gateprint/{stack}.tfstate.tflock"
        self.project.client("s3").delete_object(Bucket=BUCKET, Key=key)

    def _start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "gateprint", *words],
            cwd=self.root,
            env=self.environ,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def _plan(self, folder: RunFolder, stacks: Sequence[PlannedStack]) -> None:
        tools = tools_of(Places(project=self.root), self.environ, Silent())
        versions = versions_of(tools)
        planner = Planner(tools, folder, Bound(tools_digested(versions), ""), Interruption(print))
        journal = Journal(folder.journal)
        journal.add("plan-started", stacks=[each.stack for each in stacks])
        results = plan_at_once(stacks, planner, Capacity(), journal, Silent())
        run = Run(
            name=folder.path.name,
            created="2026-11-22T18:30:00+00:00",
            kind="apply",
            environment="local",
            revision="",
            is_dirty=False,
            lock=text_digest(tools.store.lock.read_bytes()),
            versions=versions,
            stacks=tuple(results[each.stack] for each in stacks),
        )
        write_private(folder.run_json, run_json(run))
        journal.add("plan-ended", code=0)
        journal.close()

    def _configuration(self, stack: str, resources: Resources) -> dict[str, Any]:
        endpoints = dict.fromkeys(("s3", "iam", "sts"), self.cloud.endpoint)
        backend = {
            "bucket": BUCKET,
            "key": f"gateprint/{stack}.tfstate",
            "region": "us-east-2",
            "encrypt": True,
            "use_lockfile": True,
            "endpoints": endpoints,
            "use_path_style": True,
            "skip_metadata_api_check": True,
            "access_key": "embedded-cloud",
            "secret_key": "embedded-cloud",
        }
        plain = {name: each for name, each in resources.items() if not name.startswith("$")}
        more = {name[1:]: each for name, each in resources.items() if name.startswith("$")}
        return {
            "terraform": {"backend": {"s3": backend}},
            "resource": {"terraform_data": plain},
            **more,
        }


def reviewed(run: RunFolder) -> RunFolder:
    """Let a review have passed."""
    planned = run.read()
    assert not [each.problem for each in planned.stacks if each.decision == "failed"]
    write_verdict(run, Verdict(planned.name, run.digest(), "passed", planned.created))
    return run


@contextmanager
def standing_estate(root: Path, blueprints: Mapping[str, str] | None = None) -> Iterator[Estate]:
    """Yield an estate whose cloud runs, behind gates; it ends with the block.

    With blueprints, by name, it is an ordinary project that has these, and the AWS provider.
    """
    project = make_project(root)
    if blueprints is None:
        _without_provider(project)
    else:
        _write(project, blueprints)
    project.gateprint("local", "start")
    cloud = GatedCloud(project.endpoint)
    config = root / "config" / "local.yaml"
    text = config.read_text(encoding="utf-8")
    try:
        config.write_text(text.replace(project.endpoint, cloud.endpoint), encoding="utf-8")
        real = find_terraform(ROOT, os.environ).path
        yield Estate(project, cloud, HeldTerraform.of(root / "terraform-of-the-test", real))
    finally:
        config.write_text(text, encoding="utf-8")
        project.gateprint("local", "stop")
        cloud.stop()


def appending(file: Path, line: str, *before: str, **more: Any) -> dict[str, Any]:
    """Return a resource that adds a line to a file as it is made, after other commands."""
    commands = [*before, f"echo {line} >> {file}"]
    provisioner = {"local-exec": {"command": "\n".join(commands)}}
    return {"input": line, "provisioner": [provisioner], **more}


def waiting_for(file: Path, mark: Path) -> str:
    """Return a command that leaves a mark, and waits until a file is there; a minute at most."""
    return f"touch {mark}; for n in $(seq 600); do [ -e {file} ] && break; sleep 0.1; done"


def _write(project: Project, blueprints: Mapping[str, str]) -> None:
    folder = project.root / "blueprints"
    for each in folder.iterdir():
        each.unlink()
    for name, text in blueprints.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def _without_provider(project: Project) -> None:
    prepared = find_prepared(ROOT, os.environ)
    assert prepared is not None, "run make setup"
    own = project.root / ".gateprint" / "terraform"
    own.unlink()
    own.mkdir()
    text = _LOCK.replace("@version@", prepared.version)
    (own / f"{prepared.version}.lock.hcl").write_text(text, encoding="utf-8")
    record = {"mirror": prepared.mirror and str(prepared.mirror), "version": prepared.version}
    (own / "provider.json").write_text(json.dumps(record), encoding="utf-8")


def _to_plan(stack: str, digest: str, needs: tuple[str, ...]) -> PlannedStack:
    return PlannedStack(
        stack=stack,
        environment="local",
        account="000000000000",
        region="us-east-2",
        configuration=digest,
        decision="planned",
        needs=needs,
    )
