"""The verdict of a review holds for exactly one run.json."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gateprint.terraform.runs.folder import RunFolder, make_run, write_private
from gateprint.terraform.runs.record import run_json
from gateprint.terraform.runs.verdict import Verdict, objection, read_verdict, write_verdict
from tests.terraform.runs.made import made_run, planned


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = make_run(tmp_path / "one")
    write_private(folder.run_json, run_json(made_run([planned("pets-prod")])))
    return folder


def _passed(folder: RunFolder) -> Verdict:
    return Verdict("one", folder.digest(), "passed", "2026-11-22T18:30:00+00:00")


def test_a_verdict_is_read_as_it_was_written(folder: RunFolder) -> None:
    verdict = Verdict("one", folder.digest(), "refused", "now", ("a", "b"))
    write_verdict(folder, verdict)
    assert read_verdict(folder) == verdict


def test_the_last_verdict_counts(folder: RunFolder) -> None:
    write_verdict(folder, Verdict("one", folder.digest(), "refused", "now", ("too late",)))
    write_verdict(folder, _passed(folder))
    assert objection(folder) == ""


def _nothing(_folder: RunFolder) -> None:
    """There is no review."""


def _refused(folder: RunFolder) -> None:
    write_verdict(folder, Verdict("one", folder.digest(), "refused", "now", ("a", "b")))


def _without_reason(folder: RunFolder) -> None:
    write_verdict(folder, Verdict("one", folder.digest(), "refused", "now"))


def _other_run(folder: RunFolder) -> None:
    write_verdict(folder, _passed(folder))
    write_private(folder.run_json, run_json(made_run([planned("orders-prod")])))


def _text(content: str | bytes) -> Callable[[RunFolder], None]:
    return lambda folder: write_private(folder.review, content)


NOBODY = "nobody has reviewed this run"
OBJECTIONS: dict[str, tuple[Callable[[RunFolder], None], str]] = {
    "no review": (_nothing, NOBODY),
    "refused": (_refused, "the review refused this run: a; b"),
    "refused without a reason": (_without_reason, "the review refused this run: without a reason"),
    "another run": (_other_run, "the review is of another plan than the one in this run"),
    "cut": (_text('{"format": 1, "verd'), NOBODY),
    "a list": (_text("[]"), NOBODY),
    "no text": (_text(b"\xff"), NOBODY),
    "another format": (_text('{"format": 2}'), NOBODY),
    "a field too many": (_text('{"format": 1, "reasons": [], "more": 1}'), NOBODY),
}


@pytest.mark.parametrize("name", OBJECTIONS)
def test_a_run_without_a_verdict_that_passed_is_objected_to(name: str, folder: RunFolder) -> None:
    act, expected = OBJECTIONS[name]
    act(folder)
    assert objection(folder) == expected
