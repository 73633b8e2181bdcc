"""Plans for real: side by side, again after a kill, and stopped by an interrupt."""

from __future__ import annotations

import os
import signal
import stat
import threading
from pathlib import Path

import pytest

from gateprint.terraform.runs.journal import read_journal
from tests.support.estate import Estate, appending
from tests.support.held_terraform import wait_for

pytestmark = pytest.mark.terraform


def test_a_plan_takes_no_lock_and_makes_no_state(estate: Estate, tmp_path: Path) -> None:
    estate.lock("free-local", "11111111-2222-3333-4444-555555555555", "ci@builder")
    run = estate.plan("free", {"free-local": {"a": appending(tmp_path / "lines", "a")}})
    assert [each.decision for each in run.read().stacks] == ["planned"]
    assert estate.state("free-local") == {}


def test_a_plan_that_the_system_killed_is_made_again(estate: Estate, tmp_path: Path) -> None:
    estate.terraform.hold("plan")

    def kill() -> None:
        pid = estate.terraform.wait("plan")
        estate.terraform.let_go("plan")
        os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    run = estate.plan("again", {"again-local": {"a": appending(tmp_path / "lines", "a")}})
    killer.join()
    assert [each.decision for each in run.read().stacks] == ["planned"]
    words = [each.word for each in estate.terraform.commands if each.folder == "again-local"]
    assert words == ["init", "plan", "plan", "show"]


def test_one_that_cannot_be_planned_leaves_the_others_alone(estate: Estate, tmp_path: Path) -> None:
    broken = {"a": {"input": '${file("/nowhere/at/all")}'}}
    stacks = {"bad-local": broken, "good-local": {"a": appending(tmp_path / "lines", "a")}}
    run = estate.plan("partly", stacks)
    found = {each.stack: each for each in run.read().stacks}
    assert {name: each.decision for name, each in found.items()} == {
        "bad-local": "failed",
        "good-local": "planned",
    }
    assert "/nowhere/at/all" in found["bad-local"].problem
    log = run.stack("bad-local").log
    assert "Invalid function argument" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_every_step_is_in_the_journal(estate: Estate) -> None:
    events = read_journal(estate.root / "runs" / "free" / "journal.jsonl")
    assert [each["event"] for each in events] == [
        "plan-started",
        "planning",
        "planned",
        "plan-ended",
    ]


def test_no_work_folder_is_left(estate: Estate) -> None:
    work = estate.root / ".gateprint" / "work"
    wait_for(lambda: not work.exists() or not list(work.iterdir()), "the end of the plans", 5)
