"""What the client does about limits, failures and redirects, against a GitHub on loopback."""

from __future__ import annotations

import email.utils
import socket
from typing import Any

import pytest

from gateprint.errors import ToolFailed
from gateprint.workflow.comments.api import Api, Patience
from gateprint.workflow.comments.target import Wanted
from tests.support.fake_forge import FakeGitHub
from tests.support.fake_time import FakeTime
from tests.workflow_comments.conftest import Job
from tests.workflow_comments.test_github import COMMENT, COMMENTS

LIST, POST, PATCH = f"GET {COMMENTS}", f"POST {COMMENTS}", f"PATCH {COMMENT}/100"
NOW = FakeTime().now


@pytest.mark.parametrize("line", [LIST, POST])
@pytest.mark.parametrize(
    ("status", "headers", "data", "seconds"),
    [
        (429, {"Retry-After": "7"}, {}, 7),
        (403, {"Retry-After": "30"}, {"message": "You have exceeded a secondary rate limit"}, 30),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": f"{NOW + 90:.0f}"}, {}, 91),
        (403, {}, {"message": "You have exceeded a secondary rate limit."}, 60),
        (429, {"X-RateLimit-Remaining": "9", "X-RateLimit-Reset": f"{NOW + 9:.0f}"}, {}, 60),
        (429, {"RateLimit-Reset": f"{NOW + 12:.0f}"}, {}, 13),
        (429, {"Retry-After": "soon"}, {}, 60),
        (429, {"X-RateLimit-Reset": f"{NOW - 50:.0f}"}, {}, 1),
    ],
    ids=["429", "secondary", "primary", "unsaid", "other limit", "GitLab", "odd", "over already"],
)
def test_a_limit_is_waited_for(
    github: Job, line: str, status: int, headers: dict[str, str], data: Any, seconds: float
) -> None:
    github.forge.will(line, status, headers=headers, data=data)
    assert github.says("## passed").action == "created"
    assert github.time.slept == [seconds]
    assert len(github.forge.notes) == 1


def test_a_secondary_limit_is_waited_for_longer_each_time(github: Job) -> None:
    for _ in range(2):
        github.forge.will(LIST, 403, data={"message": "secondary rate limit"})
    github.says("## passed")
    assert github.time.slept == [60, 120]


def test_a_limit_may_end_at_a_date(github: Job) -> None:
    day = email.utils.formatdate(0, usegmt=True)
    github.forge.will(LIST, 429, headers={"Retry-After": day})
    github.says("## passed")
    assert github.time.slept == [1]


def test_no_more_is_waited_than_allowed(github: Job) -> None:
    github.seconds = 20
    github.forge.will(LIST, 429, headers={"Retry-After": "3600"})
    error = github.fails()
    assert error.problem == "GitHub asks to wait 3,600 s, and 20 s are left for that"
    assert not github.time.slept


def test_the_time_to_wait_is_for_all_requests_together(github: Job) -> None:
    github.seconds = 100
    for line in (LIST, POST):
        github.forge.will(line, 429, headers={"Retry-After": "60"})
    assert "40 s are left" in github.fails().problem


@pytest.mark.parametrize("status", [500, 502, 503, 504, 0])
@pytest.mark.parametrize("line", [LIST, PATCH, "POST /api/graphql"])
def test_a_passing_failure_is_tried_again(github: Job, line: str, status: int) -> None:
    github.says("## passed")
    for _ in range(2):
        github.forge.will(line, status, data="<html>")
    assert github.says("## refused").action == "updated"
    assert github.time.slept == [1, 2]


def test_a_failure_that_stays_is_told(github: Job) -> None:
    for _ in range(20):
        github.forge.will(LIST, 502)
    assert github.fails().problem == "GitHub refuses with 502"
    assert github.forge.lines.count(LIST) == 7


@pytest.mark.parametrize("status", [500, 503, 0])
@pytest.mark.parametrize("works", [True, False], ids=["written", "not written"])
def test_a_new_comment_that_nobody_knows_of_is_looked_for_first(
    github: Job, status: int, *, works: bool
) -> None:
    github.forge.will(POST, status, works=works)
    github.says("## passed")
    assert len(github.forge.notes) == 1
    assert github.forge.lines.count(POST) == (1 if works else 2)


def test_a_new_comment_that_stays_unknown_is_told(github: Job) -> None:
    for _ in range(3):
        github.forge.will(POST, 500)
    assert github.fails().problem == "GitHub failed with 500"
    assert github.forge.lines.count(POST) == 3


# --- redirects


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_with_method_and_body(
    github: Job, status: int
) -> None:
    github.forge.will("POST .*/moved", 201, data=github.forge.note(5, "", "x"))
    github.forge.will(POST, status, headers={"Location": "/api/v3/repositories/1/moved"})
    assert github.says("## passed").action == "created"
    assert github.forge.seen[-1].line == "POST /api/v3/repositories/1/moved"
    assert "## passed" in github.forge.seen[-1].data["body"]


def test_a_redirect_to_another_host_gets_no_token(github: Job) -> None:
    with FakeGitHub().serving() as other:
        github.forge.will(LIST, 307, headers={"Location": f"{other.url}/steal"})
        assert "redirect to another place" in github.fails().problem
        assert not other.seen


def test_a_redirect_in_a_circle_ends(github: Job) -> None:
    for _ in range(9):
        github.forge.will(LIST, 302, headers={"Location": COMMENTS})
    assert "circle" in github.fails().problem
    assert github.forge.lines.count(LIST) == 4


# --- addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://github.example/api/v3",
        "http://127.0.0.1.example/api/v3",
        "ftp://127.0.0.1/",
        "https://user:word@github.example",
        "https://",
        "https://github.example:port",
        "https://github.example/?a=b",
        "github.example",
    ],
)
def test_a_token_goes_nowhere_else(github: Job, url: str) -> None:
    github.wanted = Wanted(api_url=url)
    assert "not one that a token may be sent to" in github.fails().problem


@pytest.mark.parametrize("text", ["<html>", '"text"', '{"a": 1}', "[1]"])
def test_what_is_no_api_is_told(github: Job, text: str) -> None:
    github.forge.will(LIST, 200, data=text)
    assert "--api-url" in github.fails().remedy


@pytest.mark.parametrize(
    ("text", "problem"),
    [("<html>", "no JSON"), ("[1]", "something unknown"), ('{"id": 1}', "something unknown")],
)
def test_an_odd_answer_to_a_new_comment_is_told(github: Job, text: str, problem: str) -> None:
    github.forge.will(POST, 201, data=text)
    assert problem in github.fails().problem


def test_a_server_that_is_not_there_is_told(github: Job) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        github.environ["GITHUB_API_URL"] = f"http://127.0.0.1:{unused.getsockname()[1]}"
        error = github.fails()
    assert error.problem == "GitHub gives no answer: ConnectionRefusedError"


def test_a_list_without_an_end_is_left() -> None:
    time = FakeTime()
    with FakeGitHub(page=1).serving() as forge:
        assert isinstance(forge, FakeGitHub)
        for number in range(150):
            forge.said(str(number))
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {forge.token}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        patience = Patience(time.clock, time.sleep, 0, print)
        api = Api("GitHub", forge.url, headers, forge.token, patience)
        with pytest.raises(ToolFailed, match="too many pages"):
            list(api.pages("/repos/octo/pets/issues/7/comments"))
