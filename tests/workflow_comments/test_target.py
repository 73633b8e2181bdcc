"""Which request it is, from the variables of the CI and the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateprint.errors import ToolFailed
from gateprint.workflow.comments.target import Target, Wanted, find_target

GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "octo/pets", "GITHUB_TOKEN": "word"}
GITLAB = {"GITLAB_CI": "true", "CI_PROJECT_ID": "42", "GITLAB_TOKEN": "word"}


def test_github_com_is_the_default() -> None:
    environ = {**GITHUB, "GITHUB_REF": "refs/pull/7/merge"}
    expected = Target("github", "https://api.github.com", "octo/pets", 7, "word")
    assert find_target(environ, Wanted()) == expected


@pytest.mark.parametrize(
    "event",
    [
        {"pull_request": {"number": 7}},
        {"issue": {"number": 7, "pull_request": {"url": "…"}}},
        {"workflow_run": {"pull_requests": [{"number": 7}]}},
    ],
    ids=["pull_request", "issue_comment", "workflow_run"],
)
def test_the_event_names_the_pull_request(event: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    environ = {**GITHUB, "GITHUB_EVENT_PATH": str(path), "GITHUB_REF": "refs/heads/main"}
    assert find_target(environ, Wanted()).number == 7


@pytest.mark.parametrize(
    "event",
    [
        '{"issue": {"number": 7}}',
        '{"workflow_run": {"pull_requests": [{"number": 7}, {"number": 8}]}}',
        '{"workflow_run": {"pull_requests": []}}',
        '{"pull_request": []}',
        "[]",
        "no JSON",
    ],
)
def test_an_event_that_names_none_is_told(event: str, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(event, encoding="utf-8")
    environ = {**GITHUB, "GITHUB_EVENT_PATH": str(path), "GITHUB_REF": "refs/heads/7"}
    with pytest.raises(ToolFailed, match="which pull request it is"):
        find_target(environ, Wanted())


def test_head_and_job_are_known(tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    event = {"pull_request": {"number": 7, "head": {"sha": "a" * 40}}}
    path.write_text(json.dumps(event), encoding="utf-8")
    job = {"GITHUB_SERVER_URL": "https://github.invalid", "GITHUB_RUN_ID": "9"}
    found = find_target({**GITHUB, **job, "GITHUB_EVENT_PATH": str(path)}, Wanted())
    assert found.commit == "a" * 40
    assert found.job_url == "https://github.invalid/octo/pets/actions/runs/9"


def test_the_command_line_comes_first() -> None:
    wanted = Wanted("gitlab", "https://gitlab.invalid/api/v4", "octo/shoes", 9)
    found = find_target({**GITHUB, **GITLAB, "CI_MERGE_REQUEST_IID": "7"}, wanted)
    expected = ("https://gitlab.invalid/api/v4", "octo/shoes", 9, "")
    assert (found.api_url, found.project, found.number, found.web_url) == expected


def test_a_pipeline_of_a_fork_writes_to_the_project_of_the_merge_request() -> None:
    known = {"CI_MERGE_REQUEST_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "7"}
    found = find_target({**GITLAB, **known}, Wanted())
    assert (found.project, found.api_url) == ("1", "https://gitlab.com/api/v4")


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        ({}, "where the comment goes"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": "word"}, "repository is not known"),
        ({**GITHUB, "GITHUB_REPOSITORY": "octo/pets/../shoes"}, "repository is not known"),
        ({"GITLAB_CI": "true", "GITLAB_TOKEN": "word"}, "project is not known"),
        ({**GITLAB, "CI_MERGE_REQUEST_IID": "x"}, "which merge request"),
        ({**GITHUB, "GITHUB_REF": "refs/pull/7/merge", "GITHUB_TOKEN": ""}, "there is no token"),
    ],
)
def test_what_is_missing_is_told(environ: dict[str, str], problem: str) -> None:
    with pytest.raises(ToolFailed, match=problem):
        find_target(environ, Wanted())


def test_a_token_that_no_header_holds_is_refused_unseen() -> None:
    environ = {**GITHUB, "GITHUB_TOKEN": "wo\nrd", "GITHUB_REF": "refs/pull/7/merge"}
    with pytest.raises(ToolFailed) as found:
        find_target(environ, Wanted())
    assert "wo" not in found.value.problem.split()
    assert "rd" not in f"{found.value.problem} {found.value.remedy}".split()


def test_white_space_around_a_token_is_none_of_it() -> None:
    environ = {**GITHUB, "GITHUB_TOKEN": " word\n", "GITHUB_REF": "refs/pull/7/merge"}
    assert find_target(environ, Wanted()).token == "word"


def test_a_target_does_not_show_its_token() -> None:
    assert "word" not in repr(Target("github", "https://x", "o/p", 1, "word"))
