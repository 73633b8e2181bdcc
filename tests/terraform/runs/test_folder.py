"""The folder of a run: open to its owner alone, and never one that is there already."""

from __future__ import annotations

import datetime as dt
import re
import stat
from pathlib import Path

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.runs.folder import (
    RunFolder,
    make_run,
    new_run_name,
    runs_in,
    write_private,
)
from gateprint.terraform.runs.record import run_json, text_digest
from tests.terraform.runs.made import made_run, planned


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_run_is_open_to_its_owner_alone(tmp_path: Path) -> None:
    assert _mode(make_run(tmp_path / "runs" / "one").path) == 0o700


def test_an_empty_folder_becomes_a_run_of_its_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir(mode=0o755)
    assert _mode(make_run(tmp_path / "one").path) == 0o700


@pytest.mark.parametrize("what", ["file", "full", "link"])
def test_what_is_there_already_is_refused_and_left_alone(what: str, tmp_path: Path) -> None:
    path = tmp_path / "one"
    if what == "file":
        path.write_text("mine")
    elif what == "full":
        path.mkdir()
        (path / "mine").touch()
    else:
        path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(ToolFailed, match=r"one is there already") as failure:
        make_run(path)
    assert failure.value.remedy == "name a folder that is not there yet"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ToolFailed, match="cannot be made"):
        make_run(tmp_path / "file" / "one")


def test_names_of_runs_sort_by_time() -> None:
    name = new_run_name(dt.datetime(2026, 11, 22, 18, 30, tzinfo=dt.UTC))
    assert re.fullmatch(r"20261122-183000-[0-9a-f]{4}", name)


def test_a_private_file_appears_whole_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "plan.tfplan"
    write_private(path, "one")
    write_private(path, b"two")
    assert (path.read_bytes(), _mode(path)) == (b"two", 0o600)
    assert [each.name for each in path.parent.iterdir()] == ["plan.tfplan"]


def test_runs_are_the_folders_that_have_a_journal(tmp_path: Path) -> None:
    for name in ("b", "a"):
        make_run(tmp_path / name).journal.touch()
    make_run(tmp_path / "no-journal")
    (tmp_path / "file").touch()
    assert [each.path.name for each in runs_in(tmp_path)] == ["a", "b"]
    assert list(runs_in(tmp_path / "nothing")) == []


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = made_run([planned("pets-prod", needs=("account-prod",)), planned("old", "unchanged")])
    folder = make_run(tmp_path / "one")
    write_private(folder.run_json, run_json(run))
    assert folder.read() == run
    assert folder.digest() == text_digest(run_json(run))


NO_RUNS: dict[str, tuple[str | bytes, str]] = {
    "not json": ("{", "Expecting"),
    "a list": ("[]", "not a run of gateprint"),
    "empty": ("{}", "not a run of gateprint"),
    "another format": ('{"format": 99}', "made by another version of gateprint"),
    "more fields": ('{"format": 1, "stacks": [], "orphans": [], "versions": {}}', "not a run"),
    "not text": (b"\xff\xfe", "utf-8"),
}


@pytest.mark.parametrize("name", NO_RUNS)
def test_what_is_no_run_is_said_with_its_reason(name: str, tmp_path: Path) -> None:
    content, reason = NO_RUNS[name]
    folder = RunFolder(tmp_path / "one")
    write_private(folder.run_json, content)
    with pytest.raises(ToolFailed, match="holds no finished plan") as failure:
        folder.read()
    assert reason in failure.value.problem


def test_a_run_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match=r"it has no run\.json") as failure:
        RunFolder(tmp_path / "one").read()
    assert failure.value.remedy.startswith("plan again: gateprint plan --out ")


def test_a_file_that_cannot_be_put_in_its_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "report.json" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match=r"report\.json"):
        write_private(tmp_path / "report.json", "{}")
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]
