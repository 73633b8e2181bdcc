"""Which locks are known to be of this machine, from the journals of its runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from gateprint.terraform.state.ledger import Taken, read_ledger

SELF: dict[str, Any] = {"pid": os.getpid(), "process": psutil.Process().create_time()}


def journal(runs: Path, *events: dict[str, Any], run: str = "one", torn: str = "") -> None:
    folder = runs / run
    folder.mkdir()
    lines = "".join(json.dumps(each) + "\n" for each in events)
    (folder / "journal.jsonl").write_text(lines + torn)


def applying(stack: str = "pets-prod", /, **process: Any) -> dict[str, Any]:
    return {"event": "applying", "stack": stack, **process}


def lock(stack: str = "pets-prod", lock_id: Any = "our-lock") -> dict[str, Any]:
    return {"event": "lock", "stack": stack, "id": lock_id}


def test_a_lock_is_known_with_its_run_and_whether_terraform_still_runs(tmp_path: Path) -> None:
    journal(tmp_path, applying(**SELF), lock())
    assert read_ledger(tmp_path) == {"our-lock": Taken("our-lock", "one", is_alive=True)}


def test_a_process_that_has_ended_is_dead(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-Sc", "input()"], stdin=subprocess.PIPE) as child:
        process = {"pid": child.pid, "process": psutil.Process(child.pid).create_time()}
        journal(tmp_path, applying(**process), lock())
        assert read_ledger(tmp_path)["our-lock"].is_alive is True
        child.kill()
        psutil.wait_procs([psutil.Process(child.pid)])
    assert read_ledger(tmp_path)["our-lock"].is_alive is False


def test_a_later_process_of_the_same_number_is_not_taken_for_it(tmp_path: Path) -> None:
    journal(tmp_path, applying(**{**SELF, "process": SELF["process"] - 60}), lock())
    assert read_ledger(tmp_path)["our-lock"].is_alive is False


@pytest.mark.parametrize(
    "process",
    [
        {},
        {"pid": os.getpid()},
        {"pid": "1", "process": 1.0},
        {"pid": 0, "process": 1.0},
        {"pid": -1, "process": 1.0},
        {"pid": True, "process": 1.0},
    ],
)
def test_what_does_not_name_a_process_leaves_it_open(
    tmp_path: Path, process: dict[str, Any]
) -> None:
    journal(tmp_path, applying(**process), lock())
    assert read_ledger(tmp_path)["our-lock"].is_alive is None


def test_the_process_is_that_of_the_same_stack(tmp_path: Path) -> None:
    journal(tmp_path, applying(pid=1, process=1.0), applying("cats-prod", **SELF), lock())
    assert read_ledger(tmp_path)["our-lock"].is_alive is False


def test_what_cannot_be_read_is_nobodys_lock(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "nowhere") == {}
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    journal(tmp_path, lock(lock_id=5), lock(lock_id=None), torn='{"event": "lock", "id": "to')
    assert read_ledger(tmp_path) == {}
