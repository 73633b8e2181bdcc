"""Many stacks for real: in order, side by side, and what a failure stops."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.journal import read_journal
from tests.support.estate import Estate, Resources, appending
from tests.support.project import Finished

pytestmark = pytest.mark.terraform

ACCOUNT = "account-local"
# Each needs the account's stack as well.
NEEDS = {
    "ants-local": (),
    "bees-local": (),
    "cats-local": (),
    "dogs-local": (),
    "eels-local": (),
    "fish-local": ("ants-local",),
    "gnus-local": ("ants-local", "bees-local"),
    "hens-local": ("broken-local",),
    "imps-local": ("hens-local",),
    "jays-local": (),
    "kiwi-local": ("jays-local",),
    "broken-local": (),
}
STOPPED = ["broken-local", "hens-local", "imps-local"]


@dataclass(frozen=True, slots=True)
class Applied:
    """A run of 13 stacks, applied once with a stack that fails, and once more after mending."""

    run: RunFolder
    first: Finished
    lines_then: list[str]
    second: Finished
    lines: list[str]
    commands_then: int


@pytest.fixture(scope="module")
def applied(estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Applied:
    home = tmp_path_factory.mktemp("lines")
    run = estate.planned("many", _stacks(home), _needs())
    first = estate.apply(run)
    then, commands = _lines(home), len(estate.terraform.commands)
    (home / "mended").touch()
    second = estate.apply(run, "--resume")
    return Applied(run, first, then, second, _lines(home), commands)


def _stacks(home: Path) -> dict[str, Resources]:
    lines = home / "lines"
    found: dict[str, Resources] = {
        name: {"thing": appending(lines, name)} for name in (ACCOUNT, *NEEDS)
    }
    broken = appending(lines, "broken-local", f"test -e {home}/mended", "[ $? = 0 ] || exit 7")
    found["broken-local"] = {
        "before": appending(lines, "before-broken"),
        "thing": {**broken, "depends_on": ["terraform_data.before"]},
    }
    return found


def _needs() -> dict[str, tuple[str, ...]]:
    return {name: (ACCOUNT, *needs) for name, needs in NEEDS.items()}


def _lines(home: Path) -> list[str]:
    return (home / "lines").read_text().split()


def test_a_stack_comes_after_all_that_it_needs(applied: Applied) -> None:
    assert applied.first.code == 4, applied.first.output
    assert applied.lines_then[0] == ACCOUNT
    for name, needs in NEEDS.items():
        if name not in STOPPED:
            place = applied.lines_then.index(name)
            assert all(applied.lines_then.index(each) < place for each in needs), name


def test_stacks_are_applied_side_by_side(applied: Applied) -> None:
    at_work, most = set[str](), 0
    for event in read_journal(applied.run.journal):
        if event["event"] == "applying":
            at_work.add(event["stack"])
        elif event["event"] == "applied":
            at_work.discard(event["stack"])
        most = max(most, len(at_work))
    assert most >= 2


def test_a_failure_stops_its_dependants_and_nobody_else(applied: Applied) -> None:
    assert sorted(applied.lines_then) == sorted({ACCOUNT, "before-broken", *NEEDS} - {*STOPPED})
    output = applied.first.output
    assert "10 applied, 1 failed, 2 skipped" in output
    assert "hens-local: it needs broken-local, which did not end well" in output
    assert "imps-local: it needs broken-local, which did not end well" in output
    assert "gateprint apply --resume" in output


def test_a_failure_says_what_terraform_said(applied: Applied) -> None:
    assert "terraform_data.thing" in applied.first.output
    assert "exit status 7" in applied.first.output


def test_a_resume_does_only_what_is_left(applied: Applied, estate: Estate) -> None:
    assert applied.second.code == 0, applied.second.output
    assert "3 applied" in applied.second.output
    assert sorted(applied.lines) == sorted({ACCOUNT, "before-broken", *NEEDS})
    assert applied.lines[-3:] == STOPPED
    later = estate.terraform.commands[applied.commands_then :]
    assert {each.folder.split(".")[0] for each in later} == {*STOPPED}


def test_what_failed_is_planned_again_and_is_a_part_of_what_was_approved(applied: Applied) -> None:
    events = read_journal(applied.run.journal)
    (planned,) = [each for each in events if each["event"] == "replanned"]
    assert (planned["stack"], planned["beyond"]) == ("broken-local", [])


def test_nothing_is_left_afterwards(applied: Applied, estate: Estate) -> None:
    assert not any(estate.is_locked(each) for each in (ACCOUNT, *NEEDS))
    assert not (estate.root / ".gateprint" / "work").exists() or not [
        *(estate.root / ".gateprint" / "work").iterdir()
    ]


def test_a_second_resume_has_nothing_to_do(applied: Applied, estate: Estate) -> None:
    before = len(estate.terraform.commands)
    done = estate.apply(applied.run, "--resume")
    assert (done.code, done.output.strip().splitlines()[-1]) == (0, "nothing was left to do")
    assert len(estate.terraform.commands) == before
