"""What a review leaves in its run: the same report in two lengths, without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateprint.cli.review_formats.links import no_link
from gateprint.cli.review_reports import keep
from gateprint.review.review import Review
from gateprint.terraform.runs.folder import RunFolder
from gateprint.terraform.runs.review_reports import LONG, SHORT, current_verdict, kept_report
from gateprint.terraform.runs.verdict import Verdict, write_verdict
from gateprint.workflow.comments.comment import ROOM_FOR_LONG_REPORT, ROOM_FOR_REPORT
from tests.cli.test_report import a_folder
from tests.support.reviews import REVIEWS, SECRETS, crowd, finding, review, saying
from tests.terraform.runs.made import planned


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    found = a_folder(tmp_path / "run", [planned("pets-prod")], [])
    write_verdict(found, Verdict("run", found.digest(), "passed", "2026-11-22T18:30:00+00:00"))
    return found


def kept(folder: RunFolder, found: Review) -> tuple[str, str]:
    """Keep the reports; return them as `comment` reads them."""
    keep(folder, found, no_link)
    verdict = current_verdict(folder)
    return kept_report(folder, verdict, SHORT), kept_report(folder, verdict, LONG)


@pytest.mark.parametrize("name", REVIEWS)
def test_a_review_that_fits_is_the_same_in_both(name: str, folder: RunFolder) -> None:
    short, long = kept(folder, REVIEWS[name])
    assert short == long
    assert REVIEWS[name].verdict in short.split("\n", 1)[0]


def test_of_a_large_review_the_longer_one_says_more(folder: RunFolder) -> None:
    said = (f"terms of role {number:03}" for number in range(500))
    findings = [finding("trust-loosened", sentence=each) for each in said]
    short, long = kept(folder, review(*findings))
    assert len(short.encode()) <= ROOM_FOR_REPORT < len(long.encode()) <= ROOM_FOR_LONG_REPORT
    assert ("role 499" in long, "role 499" in short) == (True, False)


def test_a_crowd_of_stacks_fits(folder: RunFolder) -> None:
    short, long = kept(folder, crowd())
    assert len(short.encode()) <= ROOM_FOR_REPORT
    assert len(long.encode()) <= ROOM_FOR_LONG_REPORT


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_left_in_the_run(secret: str, folder: RunFolder) -> None:
    planted = SECRETS[secret]
    for each in kept(folder, saying(planted)):
        assert planted not in each
