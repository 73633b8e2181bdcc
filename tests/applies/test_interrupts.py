"""Ctrl-C and SIGTERM in the middle of an apply: Terraform ends well, and a resume completes it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from gateprint.terraform.process import is_alive
from tests.support.estate import Applying, Estate, Resources, appending, waiting_for
from tests.support.held_terraform import wait_for

pytestmark = pytest.mark.terraform


def _stacks(name: str, home: Path) -> dict[str, Resources]:
    """A stack that waits in its second resource, and one that needs it."""
    wait = waiting_for(home / "go", home / "begun")
    second = appending(home / "lines", "second", wait)
    return {
        f"{name}-local": {
            "first": appending(home / "lines", "first"),
            "second": {**second, "depends_on": ["terraform_data.first"]},
        },
        f"{name}-after-local": {"third": appending(home / "lines", "third")},
    }


def _begun(estate: Estate, name: str, home: Path) -> Applying:
    needs = {f"{name}-after-local": (f"{name}-local",)}
    run = estate.planned(name, _stacks(name, home), needs)
    applying = estate.start(run)
    wait_for((home / "begun").exists, "the second resource")
    return applying


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_is_waited_for_and_leaves_no_lock(
    number: signal.Signals, estate: Estate, tmp_path: Path
) -> None:
    name = number.name.lower()
    applying = _begun(estate, name, tmp_path)
    applying.send(number)
    done = applying.finish()
    assert done.code == 130, done.output
    assert f"stopping: waiting for Terraform to end (applying {name}-local)" in done.output
    assert not estate.is_locked(f"{name}-local")
    begun = applying.events("applying")[-1]
    assert not is_alive(begun["pid"], begun["process"])
    outcomes = {each["stack"]: each["outcome"] for each in applying.events("applied")}
    assert outcomes == {f"{name}-local": "interrupted", f"{name}-after-local": "skipped"}
    _is_completed(applying, tmp_path)


def _is_completed(applying: Applying, home: Path) -> None:
    """See that a resume does the rest, and that what Terraform knew is not done again."""
    estate, run = applying.estate, applying.run
    (home / "go").touch()
    done = estate.apply(run, "--resume")
    assert done.code == 0, done.output
    assert (home / "lines").read_text().split() == ["first", "second", "third"]
    stacks = _stacks(run.path.name, home)
    assert estate.is_planned_empty(f"{run.path.name}-next", stacks)
    assert not any(estate.is_locked(each) for each in stacks)


def test_an_interrupt_before_anything_began_leaves_all_to_be_done(
    estate: Estate, tmp_path: Path
) -> None:
    run = estate.planned("early", {"early-local": {"a": appending(tmp_path / "lines", "a")}})
    estate.forget_init()
    estate.terraform.hold("init")
    applying = estate.start(run)
    estate.terraform.wait("init")
    applying.send(signal.SIGINT)
    estate.terraform.let_go("init")
    assert applying.finish().code == 130
    assert applying.events("applying") == []
    assert estate.apply(run).code == 0
    assert (tmp_path / "lines").read_text() == "a\n"
