"""`comment` on the command line: what it reads, prints and ends with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from gateprint.cli.comment import comment
from gateprint.errors import ToolFailed
from gateprint.terraform.runs.folder import RunFolder, write_private
from gateprint.terraform.runs.review_reports import LONG, SHORT, keep_reports
from gateprint.terraform.runs.verdict import Verdict, write_verdict
from gateprint.workflow.comments.body import memory_of
from tests.cli.test_report import a_folder
from tests.support.fake_forge import FakeGitHub, FakeGitLab
from tests.terraform.runs.made import planned


@pytest.fixture
def forge() -> Iterator[FakeGitLab]:
    with FakeGitLab().serving() as found:
        assert isinstance(found, FakeGitLab)
        yield found


def ran(forge: FakeGitLab, *words: object, text: str | bytes = "") -> str:
    """Run the verb, as a job of GitLab CI does; return what it prints on stdout."""
    environ: dict[str, str | None] = {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": forge.url,
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_PROJECT_URL": "https://gitlab.invalid/octo/pets",
        "GITLAB_TOKEN": forge.token,
        "GITHUB_ACTIONS": None,
        "GITHUB_STEP_SUMMARY": None,
        "GATEPRINT_ENVIRONMENT": None,
    }
    arguments = [str(each) for each in words]
    done = CliRunner().invoke(comment, arguments, text, environ, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.stdout


def test_the_address_of_the_comment_is_printed(forge: FakeGitLab) -> None:
    page = "https://gitlab.invalid/octo/pets/-/merge_requests/7#note_100"
    assert ran(forge, "-", text="## passed") == f"created {page}\n"
    assert ran(forge, "-", text="## passed") == f"unchanged {page}\n"
    assert json.loads(ran(forge, "-", "--format", "json", text="## refused")) == {
        "action": "updated",
        "since": "",
        "url": page,
    }


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ((), "<!-- gateprint -->"),
        (("--environment", "prod"), "<!-- gateprint:prod -->"),
        (("--environment", "prod", "--key", "team:pets"), "<!-- team:pets -->"),
    ],
)
def test_the_key_is_the_environments(forge: FakeGitLab, words: tuple[str, ...], mark: str) -> None:
    ran(forge, "-", *words, text="## passed")
    assert forge.bodies[0].startswith(f"{mark}\n")


def test_the_data_of_the_review_says_which_stacks_changed(
    forge: FakeGitLab, tmp_path: Path
) -> None:
    def says(digest: str) -> str:
        data = {"run": "r", "digest": digest, "verdict": "passed", "stacks": {"pets-prod": digest}}
        path = tmp_path / "review.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        (tmp_path / "report.md").write_text(f"## review {digest}", encoding="utf-8")
        return ran(forge, tmp_path / "report.md", "--review", path, "--format", "json")

    says("1")
    approved: dict[str, Any] = {"user": {"username": "lead"}, "approved_at": "2026-11-20T09:30:00Z"}
    forge.approved_by.append(approved)
    assert "this stack differs: `pets-prod` (changed)" in json.loads(says("2"))["since"]


def test_without_approvals_they_are_not_asked_for(forge: FakeGitLab) -> None:
    ran(forge, "-", "--no-approved", text="## passed")
    assert not any("approvals" in each for each in forge.lines)


@pytest.fixture
def reviewed(tmp_path: Path) -> RunFolder:
    """A run whose review said one thing for GitHub, and more for GitLab."""
    folder = a_folder(tmp_path / "run", [planned("pets-prod")], [])
    write_verdict(folder, Verdict("run", folder.digest(), "passed", "2026-11-22T18:30:00+00:00"))
    keep_reports(folder, {SHORT: "## passed: run", LONG: "## passed: run\n\nand all details"})
    return folder


def test_a_run_is_commented_on_with_what_its_review_said(
    forge: FakeGitLab, reviewed: RunFolder
) -> None:
    ran(forge, reviewed.path)
    (body,) = forge.bodies
    assert "## passed: run\n\nand all details" in body
    (shown,) = memory_of(body)
    assert (shown.line, list(shown.stacks or {})) == ("passed: run", ["pets-prod"])


def test_github_gets_the_report_that_fits(reviewed: RunFolder) -> None:
    with FakeGitHub().serving() as forge:
        assert isinstance(forge, FakeGitHub)
        place = ("--on", "github", "--project", "octo/pets", "--number", 7, "--api-url", forge.url)
        environ = {"GITHUB_TOKEN": forge.token, "GITHUB_STEP_SUMMARY": None, "GH_TOKEN": None}
        words = [str(each) for each in (reviewed.path, *place)]
        CliRunner().invoke(comment, words, env=environ, standalone_mode=False)
        (body,) = forge.bodies
    assert "## passed: run" in body
    assert "details" not in body


def test_a_review_that_was_changed_is_not_posted(forge: FakeGitLab, reviewed: RunFolder) -> None:
    write_private(reviewed.path / LONG, "## passed: all is well")
    with pytest.raises(ToolFailed, match="is not what the review of this run wrote"):
        ran(forge, reviewed.path)
    assert not forge.seen


def test_a_run_that_nobody_reviewed_is_not_commented_on(forge: FakeGitLab, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "run", [planned("pets-prod")], [])
    with pytest.raises(ToolFailed, match="nobody has reviewed the run"):
        ran(forge, folder.path)
    assert not forge.seen


def test_data_of_another_review_is_refused_beside_a_run(
    forge: FakeGitLab, reviewed: RunFolder
) -> None:
    with pytest.raises(click.UsageError, match="a RUN has its review itself"):
        ran(forge, reviewed.path, "--review", reviewed.review)


@pytest.mark.parametrize("key", ["a--b", "", "-->"])
def test_a_key_that_ends_the_mark_is_refused(forge: FakeGitLab, key: str) -> None:
    with pytest.raises(click.BadParameter):
        ran(forge, "-", "--key", key, text="## passed")


def test_an_odd_environment_is_refused(forge: FakeGitLab) -> None:
    with pytest.raises(click.BadParameter, match="no environment"):
        ran(forge, "-", "--environment", "a-->b", text="## passed")


@pytest.mark.parametrize(
    ("text", "problem"), [(" \n", "the report is empty"), (b"\xff", "cannot be read")]
)
def test_what_is_no_report_is_told(forge: FakeGitLab, text: str | bytes, problem: str) -> None:
    with pytest.raises(ToolFailed, match=problem):
        ran(forge, "-", text=text)
    assert not forge.seen
