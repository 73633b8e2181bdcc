"""What a review wrote for people is read again only as it wrote it, and for the run it is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gateprint.errors import ToolFailed
from gateprint.terraform.bundles.stores import FolderStore
from gateprint.terraform.bundles.transfer import pull, push
from gateprint.terraform.runs.folder import RunFolder, make_run, write_private
from gateprint.terraform.runs.record import run_json
from gateprint.terraform.runs.review_reports import (
    LONG,
    SHORT,
    current_verdict,
    keep_reports,
    kept_report,
)
from gateprint.terraform.runs.verdict import Verdict, read_verdict, write_verdict
from tests.terraform.runs.made import made_run, planned


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run that was planned, and reviewed."""
    folder = make_run(tmp_path / "one")
    write_private(folder.run_json, run_json(made_run([planned("pets-prod")])))
    write_verdict(folder, Verdict("one", folder.digest(), "passed", "now", ("why",)))
    return folder


def _read(folder: RunFolder) -> str:
    return kept_report(folder, current_verdict(folder), SHORT)


def test_a_report_is_read_as_it_was_written_and_is_its_owners_alone(folder: RunFolder) -> None:
    keep_reports(folder, {SHORT: "## passed ü\n"})
    assert _read(folder) == "## passed ü\n"
    assert (folder.path / SHORT).stat().st_mode & 0o777 == 0o600


def test_the_verdict_stays_what_it_was(folder: RunFolder) -> None:
    keep_reports(folder, {SHORT: "## passed"})
    found = read_verdict(folder)
    assert found is not None
    assert (found.verdict, found.digest, found.reasons) == ("passed", folder.digest(), ("why",))


def _kept(folder: RunFolder) -> None:
    keep_reports(folder, {SHORT: "## passed"})


def _changed(folder: RunFolder) -> None:
    _kept(folder)
    write_private(folder.path / SHORT, "## passed, all is well")


def _gone(folder: RunFolder) -> None:
    _kept(folder)
    (folder.path / SHORT).unlink()


def _of_an_earlier_review(folder: RunFolder) -> None:
    _kept(folder)
    write_verdict(folder, Verdict("one", folder.digest(), "refused", "later", ("late",)))


def _planned_anew(folder: RunFolder) -> None:
    _kept(folder)
    write_private(folder.run_json, run_json(made_run([planned("orders-prod")])))


def _not_reviewed(folder: RunFolder) -> None:
    folder.review.unlink()


OTHER = "review.md is not what the review of this run wrote"
REFUSED: dict[str, tuple[Callable[[RunFolder], None], str]] = {
    "changed": (_changed, OTHER),
    "gone": (_gone, "review.md cannot be read"),
    "of an earlier review": (_of_an_earlier_review, OTHER),
    "of another plan": (_planned_anew, "is another than the one that was reviewed"),
    "not reviewed": (_not_reviewed, "nobody has reviewed the run in"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_any_other_report_is_refused_with_what_to_do(name: str, folder: RunFolder) -> None:
    act, problem = REFUSED[name]
    act(folder)
    with pytest.raises(ToolFailed, match=problem) as caught:
        _read(folder)
    assert f"gateprint review {folder.path}" in caught.value.remedy


def test_nothing_is_kept_of_a_review_that_was_not_recorded(folder: RunFolder) -> None:
    before = folder.review.read_bytes()
    write_private(folder.run_json, run_json(made_run([planned("orders-prod")])))
    with pytest.raises(ToolFailed, match="is another than the one that was reviewed"):
        keep_reports(folder, {SHORT: "## passed"})
    assert folder.review.read_bytes() == before
    assert not (folder.path / SHORT).exists()


def test_a_report_travels_with_its_run(folder: RunFolder, tmp_path: Path) -> None:
    write_private(folder.stack("pets-prod").saved_plan, "the plan of pets-prod")
    keep_reports(folder, {SHORT: "## passed", LONG: "## passed\n\nand more"})
    store = FolderStore(tmp_path / "store")
    pulled = pull(push(folder, store).digest, tmp_path / "there", store)
    verdict = current_verdict(pulled)
    found = [kept_report(pulled, verdict, name) for name in (SHORT, LONG)]
    assert found == ["## passed", "## passed\n\nand more"]
