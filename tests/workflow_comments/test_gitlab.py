"""Comments of a merge request, against a GitLab on loopback."""

from __future__ import annotations

import pytest

from tests.support.fake_forge import FakeGitLab
from tests.workflow_comments.conftest import Job

NOTES = "/api/v4/projects/42/merge_requests/7/notes"


def forge_of(job: Job) -> FakeGitLab:
    assert isinstance(job.forge, FakeGitLab)
    return job.forge


def test_the_first_review_becomes_a_note(gitlab: Job) -> None:
    done = gitlab.says("## passed")
    assert (done.action, done.url) == (
        "created",
        "https://gitlab.invalid/octo/pets/-/merge_requests/7#note_100",
    )
    assert gitlab.forge.lines == [
        "GET /api/v4/user",
        "GET /api/v4/projects/42/merge_requests/7/approvals",
        f"GET {NOTES}",
        f"POST {NOTES}",
    ]


def test_the_next_review_replaces_it(gitlab: Job) -> None:
    gitlab.says("## passed")
    for number in range(3):
        gitlab.forge.said(f"a remark, number {number}", author="somebody")
    gitlab.forge.page = 2
    assert gitlab.says("## refused").action == "updated"
    assert gitlab.forge.writes[1:] == [f"PUT {NOTES}/100"]
    assert "passed" in gitlab.forge.bodies[0].partition("Earlier verdicts (1)")[2]


def test_two_notes_become_one(gitlab: Job) -> None:
    gitlab.says("## passed")
    gitlab.forge.said(gitlab.forge.bodies[0])
    gitlab.says("## refused")
    assert gitlab.forge.writes[-1] == f"DELETE {NOTES}/101"


def test_a_note_of_somebody_else_stays(gitlab: Job) -> None:
    forged = "<!-- gateprint:prod -->\nI am the review"
    gitlab.forge.said(forged, author="mallory")
    assert gitlab.says("## passed").action == "created"
    assert gitlab.forge.bodies[0] == forged


def test_a_new_note_that_nobody_knows_of_is_looked_for_first(gitlab: Job) -> None:
    gitlab.forge.will(f"POST {NOTES}", 502, works=True)
    gitlab.says("## passed")
    assert gitlab.forge.writes == [f"POST {NOTES}"]


def test_a_project_may_be_a_path(gitlab: Job) -> None:
    gitlab.environ["CI_PROJECT_ID"] = "octo/pets"
    assert gitlab.fails().problem == "GitLab refuses with 404"
    assert "GET /api/v4/projects/octo%2Fpets/merge_requests/7/notes" in gitlab.forge.lines


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("/merge", "\\/merge"),
        ("  /approve now", "  \\/approve now"),
        ("fine\r/close", "fine\n\\/close"),
        ("GET /pets", "GET /pets"),
        ("// a remark", "// a remark"),
    ],
)
def test_a_report_gives_no_orders(gitlab: Job, line: str, written: str) -> None:
    gitlab.says(f"## passed\n{line}")
    assert gitlab.forge.bodies[0].endswith(f"## passed\n{written}\n")


def test_what_changed_since_the_approval_is_said(gitlab: Job) -> None:
    gitlab.says("## one", pets_prod="1")
    user = {"username": "lead"}
    forge_of(gitlab).approved_by.append({"user": user, "approved_at": "2026-11-20T10:30:00.123Z"})
    assert gitlab.says("## two", pets_prod="2").since == (
        "**Approved** by lead on 2026-11-20 10:30 UTC. "
        "Since then this stack differs: `pets-prod` (changed)."
    )


@pytest.mark.parametrize("data", [[], {"approved_by": [1]}, {}])
def test_odd_approvals_keep_no_comment_from_being_written(gitlab: Job, data: object) -> None:
    gitlab.forge.will("GET .*/approvals", 200, data=data)
    assert gitlab.says("## one").action == "created"


def test_a_user_without_a_name_is_told(gitlab: Job) -> None:
    gitlab.forge.will("GET /api/v4/user", 200, data={"id": 1})
    assert "something unknown" in gitlab.fails().problem


def test_an_old_gitlab_tells_the_time_of_an_approval_in_a_note(gitlab: Job) -> None:
    gitlab.says("## one", pets_prod="1")
    forge_of(gitlab).approved_by.append({"user": {"username": "lead"}})
    gitlab.forge.said("approved this merge request", author="lead", system=True)
    assert "by lead on 2026-11-20 10:00 UTC" in gitlab.says("## two", pets_prod="2").since


def test_a_person_cannot_write_the_note_of_an_approval(gitlab: Job) -> None:
    gitlab.says("## one", pets_prod="1")
    forge_of(gitlab).approved_by.append({"user": {"username": "lead"}})
    gitlab.forge.said("approved this merge request", author="lead")
    assert not gitlab.says("## two", pets_prod="2").since


def test_a_token_without_the_right_to_write_is_told(gitlab: Job) -> None:
    gitlab.forge.may_write = False
    error = gitlab.fails()
    assert (error.problem, error.detail) == ("GitLab refuses with 403", "403 Forbidden")


def test_a_job_token_alone_is_refused_before_anything_is_sent(gitlab: Job) -> None:
    job = gitlab.without("GITLAB_TOKEN")
    job.environ["CI_JOB_TOKEN"] = "job"
    assert "no CI_JOB_TOKEN" in job.fails().problem
    assert not gitlab.forge.seen
