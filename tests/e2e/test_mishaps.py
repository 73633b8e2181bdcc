"""What goes wrong while somebody deploys: Ctrl-C, a cloud that is dead, no Node."""

from __future__ import annotations

import contextlib
import os
import pty
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.e2e.conftest import state_keys
from tests.support.project import Project, make_project

pytestmark = pytest.mark.terraform


def interrupted_deployment(project: Project) -> str:
    """Press Ctrl-C in a terminal while Terraform creates things; return what was shown."""
    words = ["npx", "--no-install", "cdktf", "deploy", "account-local", "pets-local"]
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(project.root)
        os.execvpe(words[0], [*words, "--auto-approve"], project.environ)  # noqa: S606
    shown, has_pressed = "", False
    with contextlib.suppress(OSError):  # the terminal is gone
        while chunk := os.read(terminal, 65536):
            shown += chunk.decode(errors="replace")
            if not has_pressed and "aws_api_gateway_resource.pets_pets: Creating" in shown:
                os.write(terminal, b"\x03")
                has_pressed = True
    os.waitpid(process, 0)
    assert has_pressed, shown
    return shown


def terraforms_below(folder: Path) -> list[int]:
    """Return the processes of Terraform that work below a folder."""
    found = []
    for each in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if "terraform" in each.name() and Path(each.cwd()).is_relative_to(folder):
                found.append(each.pid)
    return found


def test_ctrl_c_leaves_no_process_no_lock_and_a_readable_state(tmp_path):
    project = make_project(tmp_path / "project")
    project.gateprint("local", "start")
    try:
        interrupted_deployment(project)
        end = time.monotonic() + 30
        while terraforms_below(project.root) and time.monotonic() < end:
            time.sleep(0.1)
        assert terraforms_below(project.root) == []
        assert not [key for key in state_keys(project) if key.endswith(".tflock")]
        listed = project.terraform("pets-local", "state", "list")
        assert "aws_api_gateway_rest_api.pets" in listed.output.splitlines()
    finally:
        project.gateprint("local", "stop")


def test_a_dead_cloud_is_one_clear_message(tmp_path):
    project = make_project(tmp_path / "project")
    done = project.run(sys.executable, "-m", "gateprint", "show")
    assert done.code == 4
    assert "the embedded cloud of local does not run" in done.output
    assert "Traceback" not in done.output


def test_a_missing_node_is_one_clear_message(tmp_path):
    project = make_project(tmp_path / "project")
    done = project.run("env", "PATH=/nowhere", sys.executable, "-m", "gateprint", "synth")
    assert done.code == 4
    assert "there is no node on PATH" in done.output
    assert "Traceback" not in done.output
    assert not (project.root / "cdktf.out").exists()
