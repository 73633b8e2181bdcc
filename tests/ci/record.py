"""Writes recorded_calls.json anew: `python -m tests.ci.record`, some minutes of real Terraform.

Plans, applies, changes, looks for drift and destroys the examples in an embedded cloud, and notes
what the credentials are used for. Terraform and gateprint both go through a proxy.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from gateprint.local import process
from gateprint.terraform.mirror import VERSION_CONSTRAINTS
from tests.ci.proxy import noting
from tests.ci.requests import Call, Sent, calls_of
from tests.support.project import Project, free_port, make_project

FILE = Path(__file__).with_name("recorded_calls.json")
ACCOUNT = "000000000000"
_ABOUT = (
    "What IAM would be asked while the examples are planned, applied, changed, looked at for drift "
    "and destroyed: each question once, ids replaced. Made by python -m tests.ci.record."
)


class Recorder:
    """Collects calls under the purpose of the moment."""

    def __init__(self) -> None:
        self.purpose = "none"
        self.found: dict[str, dict[str, Call]] = {}

    def note(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        for each in calls_of(Sent(method, target, headers, body, ACCOUNT)):
            self.found.setdefault(self.purpose, {})[each.key] = each

    def text(self) -> str:
        lines = []
        for purpose in ("plan", "apply", "drift"):
            calls = [each for _, each in sorted(self.found[purpose].items())]
            rows = (json.dumps([each.action, each.resource, each.context]) for each in calls)
            lines.append(f'    "{purpose}": [\n      ' + ",\n      ".join(rows) + "\n    ]")
        head = f'  "about": {json.dumps(_ABOUT)},\n  "provider": "{VERSION_CONSTRAINTS}",\n'
        return "{\n" + head + '  "calls": {\n' + ",\n".join(lines) + "\n  }\n}\n"


@contextmanager
def between(project: Project, recorder: Recorder) -> Iterator[Project]:
    """Put the recorder between the project and its running cloud."""
    port, behind = free_port(), int(project.endpoint.rpartition(":")[2])
    home = project.root / ".gateprint" / "local"
    record = process.read_record(home)
    assert record is not None, list((project.root / ".gateprint").iterdir())
    there = f"http://127.0.0.1:{port}"
    _use(project, there)
    process.write_record(home, replace(record, endpoint=there))
    with noting(port, behind, recorder.note):
        yield replace(project, endpoint=there)
    _use(replace(project, endpoint=there), project.endpoint)
    process.write_record(home, record)


def _use(project: Project, endpoint: str) -> None:
    path = project.root / "config" / "local.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(project.endpoint, endpoint), encoding="utf-8")


def _round(project: Project, recorder: Recorder, name: str, *more: str) -> None:
    """Plan and apply, with the run travelling in between as it does in CI."""
    recorder.purpose = "plan"
    project.gateprint("plan", "--all", "--out", f"{name}-planned")
    project.gateprint("review", f"{name}-planned")
    digest = project.gateprint("bundle", "push", f"{name}-planned").split()[-1]
    recorder.purpose = "apply"
    project.gateprint("bundle", "pull", digest, "--environment", "local", "--out", name)
    project.gateprint("review", name)
    project.gateprint("apply", name, *more)
    project.gateprint("bundle", "push", name)


def _change(project: Project) -> None:
    """Change what can be changed in place, and take something away."""
    pets = project.read()
    pets["owner"] = "team-animals"
    pets["functions"]["get_pet"]["memory_mib"] = 256
    pets["functions"]["get_pet"]["log_retention_days"] = 7
    pets["roles"]["auth0-api-role"]["max_session"] = "2h"
    pets["roles"]["auth0-api-role"]["description"] = "Calls the pets API."
    pets["roles"]["pets-auditor"]["when"] = {"edupersonaffiliation": ["auditor"]}
    pets["stages"]["dev"]["access_log"] = {}
    del pets["apis"]["pets"]["routes"]["POST /pets"]
    del pets["functions"]["update_pets"]
    pets["roles"]["auth0-api-role"]["allow"][0]["routes"] = ["GET /pets/{id}"]
    project.write(pets)


def _retire(project: Project) -> None:
    """Give up both blueprints; the account's own stack stays."""
    for name in ("orders", "pets"):
        blueprint = project.read(name)
        blueprint["retired"] = {"reason": "the recording is over", "by": "team-pets"}
        project.write(blueprint, name)


def _look_for_drift(project: Project) -> None:
    done = project.run(sys.executable, "-m", "gateprint", "drift", "--out", "drifted")
    assert done.code in {0, 3}, done.output


def record(root: Path) -> str:
    """Return the text of the file."""
    project, recorder = make_project(root), Recorder()
    project.gateprint("local", "start")
    try:
        with between(project, recorder) as noted:
            _round(noted, recorder, "first")
            _change(noted)
            _round(noted, recorder, "second", "--max-destroy", "all=50")
            recorder.purpose = "drift"
            _look_for_drift(noted)
            _retire(noted)
            _round(noted, recorder, "third", "--max-destroy", "all=500", "--max-destroy", "100")
    finally:
        project.gateprint("local", "stop")
    return recorder.text()


if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp(prefix="record-"))
    try:
        FILE.write_text(record(folder / "project"), encoding="utf-8")
    finally:
        shutil.rmtree(folder)
