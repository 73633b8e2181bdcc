"""`report` and `bundle`: what they print, write and end with; a sharded run as several machines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from defusedxml.ElementTree import fromstring

from gateprint.cli.bundle import bundle
from gateprint.cli.report import duration, rendered, report
from gateprint.cli.shards import FORMATS, ShardChoice, rendered_manifest
from gateprint.errors import ToolFailed
from gateprint.terraform.runs.folder import RunFolder, make_run, write_private
from gateprint.terraform.runs.record import PlannedStack, ShardOf, run_json
from gateprint.terraform.runs.report import Report, report_of, timeless
from gateprint.terraform.runs.report_json import read_report
from gateprint.terraform.shards.manifest import Manifest, ShardStack, make_manifest, manifest_json
from gateprint.terraform.shards.outputs import Target
from gateprint.workflow.run_reports import write_reports
from tests.support.golden import assert_golden
from tests.support.project import ROOT
from tests.terraform.runs.made import (
    PLANNED,
    applied,
    applying,
    begun,
    ended,
    events,
    made_run,
    planned,
)

GOLDEN = ROOT / "tests" / "golden"


def ran(verb: click.Command, *words: object) -> tuple[int, str]:
    """Run a verb; its exit code is what it returns."""
    outcome = CliRunner().invoke(verb, [str(each) for each in words], standalone_mode=False)
    if outcome.exception is not None:
        raise outcome.exception
    return outcome.return_value or 0, outcome.stdout


def a_folder(
    path: Path, stacks: list[PlannedStack], said: list[Any], shard: ShardOf | None = None
) -> RunFolder:
    folder = make_run(path)
    for each in stacks:
        write_private(folder.stack(each.stack).saved_plan, f"the plan of {each.stack}")
    journal = "".join(json.dumps(each) + "\n" for each in events(*PLANNED, *said))
    write_private(folder.journal, journal)
    write_private(folder.run_json, run_json(made_run(stacks, shard, name=path.name)))
    return folder


def all_applied(*names: str) -> list[Any]:
    each = [line for name in names for line in (applying(name), applied(name))]
    return [begun(), *each, ended()]


def everything() -> Report:
    """A report with something of each kind."""
    stacks = [
        planned("books-prod"),
        planned("orders-prod", drifted=1, seconds=95.4),
        planned("pets-prod", changes={"aws_iam_role": {"create": 2, "delete": 1}}),
        planned("quiet-prod", "unchanged", seconds=0.0),
        planned("shop-prod"),
    ]
    said = [
        begun(),
        *(applying("books-prod"), applied("books-prod")),
        *(applying("orders-prod"), applied("orders-prod", "failed", problem="429 | <too many>")),
        applied("pets-prod", "skipped", 0.0),
        applying("shop-prod"),
    ]
    report = report_of(made_run(stacks, ShardOf("a" * 64, 1, 2)), events(*PLANNED, *said))
    return replace(report, environment="prod")


# --- report


@pytest.mark.parametrize(
    ("form", "ending"), [("text", "txt"), ("markdown", "md"), ("junit", "xml")]
)
def test_golden_report(form: str, ending: str) -> None:
    text = rendered(everything(), form, is_all=form == "text")
    assert_golden(GOLDEN / f"report.{ending}", text if text.endswith("\n") else text + "\n")


def test_a_run_is_reported_from_its_folder(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "run", [planned("pets-prod")], all_applied("pets-prod"))
    code, printed = ran(report, folder.path)
    assert (code, "1 stack, 1 applied" in printed) == (0, True)


def test_the_report_ends_as_the_run_did(tmp_path: Path) -> None:
    failed = [begun(), applied("pets-prod", "failed"), ended(4)]
    cut = [begun(), applying("pets-prod")]
    codes = [
        ran(report, a_folder(tmp_path / str(index), [planned("pets-prod")], said).path)[0]
        for index, said in enumerate((failed, cut, []))
    ]
    assert codes == [4, 4, 0]


def test_a_report_can_be_written_instead_of_printed(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "run", [planned("pets-prod")], [])
    out = tmp_path / "report.json"
    assert ran(report, folder.path, "--format", "json", "--out", out) == (0, "")
    assert read_report(out.read_text(encoding="utf-8")).outcomes == {"planned": 1}


def test_the_files_of_a_run_are_written(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "run", [planned("pets-prod")], [])
    found = write_reports(folder)
    assert read_report(folder.report.read_text(encoding="utf-8")) == found
    assert fromstring(folder.junit.read_text(encoding="utf-8")).attrib["tests"] == "2"


def test_a_report_that_another_machine_sent_is_read(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "run", [planned("pets-prod")], [])
    write_reports(folder)
    folder.run_json.unlink()
    assert ran(report, folder.path) == ran(report, folder.report)


@pytest.mark.parametrize("text", [None, "", "{}", '{"format": 9}'])
def test_what_has_no_report_is_said(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "report.json").write_text(text, encoding="utf-8")
    with pytest.raises(ToolFailed, match="has no report"):
        ran(report, tmp_path)


def test_two_reports_as_json_have_to_be_merged(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "run", [planned("pets-prod")], [])
    with pytest.raises(click.UsageError, match="add --merge"):
        ran(report, folder.path, folder.path, "--format", "json")


def test_two_reports_as_text_follow_one_another(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "run", [planned("pets-prod")], [])
    assert ran(report, folder.path, folder.path)[1].count("1 stack, 1 planned") == 2


def test_what_a_terminal_would_obey_is_shown() -> None:
    run = made_run([planned("pets-prod", "failed", problem="\x1b[2Jgone")])
    for form in ("text", "markdown", "junit"):
        assert "\x1b" not in rendered(report_of(run, ()), form)


def test_a_summary_page_has_room_for_a_thousand_failures() -> None:
    stacks = [
        planned(f"s{number:04}-prod", "failed", problem="x" * 5_000) for number in range(1_000)
    ]
    text = rendered(report_of(made_run(stacks), ()), "markdown")
    assert "and 800 more stacks" in text
    assert text.count("| failed |") == 200


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (59.4, "59.4 s"),
        (59.6, "1 min 0 s"),
        (61, "1 min 1 s"),
        (7_260, "2 h 1 min"),
    ],
)
def test_times_are_written_as_people_do(seconds: float, text: str) -> None:
    assert duration(seconds) == text


# --- shards and bundles


def test_a_sharded_run_on_several_machines_gives_the_report_of_one(tmp_path: Path) -> None:
    names = [f"{each}-prod" for each in ("books", "orders", "pets")]
    manifest = make_manifest([ShardStack(name, "1", "us-east-2") for name in names], 2)
    file = tmp_path / "shards.json"
    file.write_text(manifest_json(manifest), encoding="utf-8")
    for each in manifest.shards:
        shard = ShardOf(manifest.digest, each.index, manifest.number)
        stacks = [planned(name) for name in each.stacks]
        path = tmp_path / f"machine-{each.index}" / "run"
        folder = a_folder(path, stacks, all_applied(*each.stacks), shard)
        ran(bundle, "push", folder.path, "--store", tmp_path / "store")
    code, printed = ran(
        bundle, "pull", "--manifest", file, "--store", tmp_path / "store", "--out", tmp_path / "all"
    )
    assert (code, printed.split()) == (0, [str(tmp_path / "all" / each) for each in "12"])
    merged = ran(report, "--merge", *printed.split(), "--format", "json")
    whole = a_folder(tmp_path / "whole", [planned(name) for name in names], all_applied(*names))
    alone = ran(report, whole.path, "--format", "json")
    assert (merged[0], alone[0]) == (0, 0)
    assert timeless(read_report(merged[1])) == timeless(read_report(alone[1]))


def sharded(tmp_path: Path) -> Path:
    """A store with the run of the first of two shards; return the manifest's file."""
    manifest = make_manifest([ShardStack(f"{each}-prod", "1", "r") for each in "ab"], 2)
    (tmp_path / "shards.json").write_text(manifest_json(manifest), encoding="utf-8")
    stacks = [planned(name) for name in manifest.shard(1).stacks]
    folder = a_folder(tmp_path / "run", stacks, [], ShardOf(manifest.digest, 1, 2))
    ran(bundle, "push", folder.path, "--store", tmp_path / "store")
    return tmp_path / "shards.json"


def test_a_shard_that_pushed_nothing_is_said_and_the_others_come(tmp_path: Path) -> None:
    words = ("--manifest", sharded(tmp_path), "--store", tmp_path / "store")
    assert ran(bundle, "pull", *words, "--out", tmp_path / "all") == (4, f"{tmp_path}/all/1\n")
    with pytest.raises(ToolFailed, match="no run of shard 2 of 2"):
        ran(bundle, "pull", *words, "--shard", "2/2", "--out", tmp_path / "two")
    assert ran(bundle, "pull", *words, "--shard", "1/2", "--out", tmp_path / "one")[0] == 0


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((), "DIGEST or --manifest"),
        (("0" * 64, "--shard", "1/2"), "goes with --manifest"),
        (("--manifest", "shards.json", "--content", "0"), "goes with DIGEST"),
        (("--manifest", "shards.json", "--shard", "0/2"), "counted from 1/2"),
    ],
)
def test_a_wrong_command_line_is_refused(
    words: tuple[str, ...], problem: str, tmp_path: Path
) -> None:
    with pytest.raises(click.UsageError, match=problem):
        ran(bundle, "pull", *words, "--store", tmp_path, "--out", tmp_path / "out")


def test_without_an_environment_there_is_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GATEPRINT_ENVIRONMENT", raising=False)
    with pytest.raises(ToolFailed, match="no environment is chosen"):
        ran(bundle, "pull", "0" * 64, "--out", tmp_path / "out")


def a_manifest() -> Manifest:
    stacks = [ShardStack(f"{each}-prod", "1", "us-east-2") for each in "ab"]
    account = ShardStack("account-prod", "1", "us-east-2", is_account=True)
    return make_manifest([*stacks, account], 4)


@pytest.mark.parametrize("form", FORMATS)
def test_a_manifest_is_written_in_every_format(form: str) -> None:
    assert rendered_manifest(a_manifest(), form, Target()).endswith("\n")


def test_a_manifest_for_people_says_which_shards_are_idle_and_which_is_first() -> None:
    text = rendered_manifest(a_manifest(), "text", Target())
    assert "nothing to do in shard 4" in text
    assert "apply shard 1 before the others: it has account-prod" in text


def test_a_shard_is_an_option() -> None:
    assert ShardChoice()("3/8") == "3/8"
    with pytest.raises(click.BadParameter, match="as in 3/8"):
        ShardChoice()("three")
