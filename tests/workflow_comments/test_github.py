"""Comments of a pull request, against a GitHub on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateprint.workflow.comments.comment import Content
from gateprint.workflow.comments.state import Review
from tests.support.fake_forge import FakeGitHub
from tests.workflow_comments.conftest import Job

COMMENTS = "/api/v3/repos/octo/pets/issues/7/comments"
COMMENT = "/api/v3/repos/octo/pets/issues/comments"
MARK = "<!-- gateprint:prod -->\n"


def forge_of(job: Job) -> FakeGitHub:
    assert isinstance(job.forge, FakeGitHub)
    return job.forge


def test_the_first_review_becomes_a_comment(github: Job) -> None:
    done = github.says("## passed: 1 stack", pets_prod="1")
    assert (done.action, done.url) == (
        "created",
        "https://github.invalid/octo/pets/pull/7#issuecomment-100",
    )
    assert github.forge.lines == [
        "POST /api/graphql",
        "GET /api/v3/repos/octo/pets/pulls/7/reviews",
        f"GET {COMMENTS}",
        f"POST {COMMENTS}",
    ]
    (body,) = github.forge.bodies
    assert body.startswith(f"{MARK}<!-- gateprint-memory: ")
    assert body.endswith("-->\n\n## passed: 1 stack\n")


def test_the_next_review_replaces_it_and_folds_its_verdict(github: Job) -> None:
    github.says("## passed: *1* stack", pets_prod="1")
    done = github.says("## passed: 2 stacks", pets_prod="2")
    assert (done.action, github.forge.writes) == (
        "updated",
        [f"POST {COMMENTS}", f"PATCH {COMMENT}/100"],
    )
    (body,) = github.forge.bodies
    assert body.partition("-->\n\n")[2] == (
        "## passed: 2 stacks\n\n<details>\n<summary>Earlier verdicts (1)</summary>\n\n"
        "- 2026-11-20 09:00 UTC: passed: 1 stack\n\n</details>"
    )


def test_the_same_review_again_writes_nothing(github: Job) -> None:
    github.says("## passed", pets_prod="1")
    assert github.says("## passed", pets_prod="1").action == "unchanged"
    assert len(github.forge.writes) == 1


def test_another_plan_with_the_same_report_is_remembered(github: Job) -> None:
    github.says("## passed", pets_prod="1")
    forge_of(github).reviewed("lead", "APPROVED")
    github.says("## passed", pets_prod="2")
    assert (
        "this stack differs: `pets-prod` (changed)" in github.says("## passed", pets_prod="2").since
    )


def test_the_comment_is_found_on_the_third_page(github: Job) -> None:
    for number in range(5):
        github.forge.said(f"a remark, number {number}", author="somebody")
    github.says("## passed")
    github.forge.page = 2
    assert github.says("## refused").action == "updated"
    assert github.forge.lines.count(f"GET {COMMENTS}") == 1 + 3


@pytest.mark.parametrize("author", ["mallory", "github-actions", "GITHUB-ACTIONS[bot]"])
def test_a_comment_of_somebody_else_with_the_mark_stays(github: Job, author: str) -> None:
    forged = f"{MARK}I am the review"
    github.forge.said(forged, author=author)
    assert github.says("## passed").action == "created"
    assert github.forge.bodies[0] == forged
    assert any("somebody else's" in each for each in github.said)


def test_a_mark_further_down_is_none(github: Job) -> None:
    quoted = f"> look:\n{MARK}"
    github.forge.said(quoted)
    assert github.says("## passed").action == "created"
    assert github.forge.bodies[0] == quoted


def test_comments_of_other_keys_stay(github: Job) -> None:
    github.says("## passed")
    content = Content("gateprint:test", "## refused", Review("r", "d", "refused"))
    assert github.writes(content).action == "created"
    assert len(github.forge.notes) == 2


def test_two_comments_of_jobs_at_the_same_time_become_one(github: Job) -> None:
    github.says("## passed")
    github.forge.said(github.forge.bodies[0])
    github.says("## refused")
    assert len(github.forge.notes) == 1
    assert github.forge.writes[1:] == [f"PATCH {COMMENT}/100", f"DELETE {COMMENT}/101"]


def test_an_account_that_is_gone_wrote_a_comment(github: Job) -> None:
    github.forge.said("hello", user=None)
    assert github.says("## passed").action == "created"


def test_a_token_that_says_nobody_needs_an_author(github: Job) -> None:
    github.forge.will("POST /api/graphql", 200, data={"errors": [{"message": "no viewer"}]})
    assert "--author" in github.fails().remedy
    content = Content("k", "## passed", Review("r", "d", "passed"), author=github.forge.account)
    assert github.writes(content).action == "created"
    assert github.writes(content).action == "unchanged"


# --- approvals


def test_what_changed_since_the_approved_review_is_said(github: Job) -> None:
    github.says("## one", pets_prod="1", orders_prod="1", books_prod="1")
    forge_of(github).reviewed("lead", "APPROVED", commit_id="abcdef1234567890")
    done = github.says("## two", pets_prod="2", orders_prod="1", shoes_prod="1")
    assert done.since == (
        "**Approved** by lead on 2026-11-20 09:30 UTC, commit `abcdef123456`. Since then these "
        "3 stacks differ: `books-prod` (gone), `pets-prod` (changed), `shoes-prod` (new)."
    )
    assert done.since in github.forge.bodies[0]


def test_the_approved_review_is_remembered_over_many_pushes(github: Job) -> None:
    github.says("## 0", pets_prod="0")
    forge_of(github).reviewed("lead", "APPROVED")
    for number in range(1, 30):
        done = github.says(f"## {number}", pets_prod=str(number))
        assert "this stack differs: `pets-prod` (changed)" in done.since
    assert github.forge.bodies[0].count("\n- ") == 10


def test_back_at_what_was_approved_nothing_has_changed(github: Job) -> None:
    github.says("## one", pets_prod="1")
    forge_of(github).reviewed("lead", "APPROVED")
    github.says("## two", pets_prod="2")
    assert github.says("## one again", pets_prod="1").since.endswith("Nothing has changed since.")


def test_a_new_approval_moves_the_mark(github: Job) -> None:
    github.says("## one", pets_prod="1", books_prod="1")
    forge_of(github).reviewed("lead", "APPROVED")
    github.says("## two", pets_prod="2", books_prod="1")
    forge_of(github).reviewed("lead", "APPROVED")
    assert (
        "this stack differs: `books-prod`"
        in github.says("## 3", pets_prod="2", books_prod="2").since
    )


@pytest.mark.parametrize(
    "opinions",
    [
        [("lead", "COMMENTED", {})],
        [("lead", "APPROVED", {"author_association": "NONE"})],
        [("lead", "APPROVED", {}), ("lead", "CHANGES_REQUESTED", {})],
        [("lead", "DISMISSED", {})],
        [("lead", "APPROVED", {"submitted_at": None})],
    ],
    ids=["comment", "outsider", "changed their mind", "dismissed", "no time"],
)
def test_what_is_no_approval(github: Job, opinions: list[tuple[str, str, dict[str, None]]]) -> None:
    github.says("## one", pets_prod="1")
    for login, state, more in opinions:
        forge_of(github).reviewed(login, state, **more)
    assert not github.says("## two", pets_prod="2").since


def test_the_newest_of_several_approvals_counts(github: Job) -> None:
    github.says("## one", pets_prod="1")
    forge_of(github).reviewed("second", "APPROVED", submitted_at="2026-11-20T09:50:00Z")
    forge_of(github).reviewed("first", "APPROVED")
    assert "by second on 2026-11-20 09:50 UTC" in github.says("## two", pets_prod="2").since


def test_a_remark_after_an_approval_leaves_it(github: Job) -> None:
    github.says("## one", pets_prod="1")
    forge_of(github).reviewed("lead", "APPROVED")
    forge_of(github).reviewed("lead", "COMMENTED")
    assert "Approved" in github.says("## two", pets_prod="2").since


def test_an_approval_before_the_first_review_approved_none(github: Job) -> None:
    forge_of(github).reviewed("lead", "APPROVED")
    assert "is not known" in github.says("## one", pets_prod="1").since


def test_an_approval_of_another_commit_than_the_one_shown_approved_none(github: Job) -> None:
    github.says("## one", commit="a" * 40, pets_prod="1")
    forge_of(github).reviewed("lead", "APPROVED", commit_id="b" * 40)
    assert "is not known" in github.says("## two", commit="c" * 40, pets_prod="2").since
    assert "commit `aaaaaaaaaaaa`: passed: one" in github.forge.bodies[0]


def test_without_the_right_to_read_approvals_the_comment_is_written(github: Job) -> None:
    forge_of(github).will("GET .*/reviews", 403, data={"message": "Resource not accessible"})
    assert github.says("## one").action == "created"
    assert "nothing is said about approvals: GitHub refuses with 403" in github.said


def test_odd_reviews_keep_no_comment_from_being_written(github: Job) -> None:
    github.forge.will("GET .*/reviews", 200, data=[1])
    assert github.says("## one").action == "created"


# --- rights


def test_a_fork_gets_a_clear_message_and_its_report_in_the_summary(
    github: Job, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    github.environ["GITHUB_STEP_SUMMARY"] = str(summary)
    github.forge.may_write = False
    error = github.fails("## passed: 1 stack")
    assert error.problem == "GitHub refuses with 403; the report is in the job's summary instead"
    assert "pull-requests: write" in error.remedy
    assert error.detail == "Resource not accessible by integration"
    assert error.exit_code == 4
    assert summary.read_text(encoding="utf-8") == "before\n\n## passed: 1 stack\n"


def test_a_summary_that_is_full_is_not_overfilled(github: Job, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("x" * ((1 << 20) - 100), encoding="utf-8")
    github.environ["GITHUB_STEP_SUMMARY"] = str(summary)
    github.forge.may_write = False
    github.fails("## passed\n\n" + "row\n" * 100)
    assert summary.stat().st_size <= 1 << 20


@pytest.mark.parametrize(
    ("status", "said", "remedy"),
    [
        (401, "Bad credentials", "expired"),
        (404, "Not Found", "the number are right"),
        (410, "Issues are disabled for this repo", "switched off"),
        (422, "Validation Failed", "too long"),
    ],
)
def test_refusals_are_explained(github: Job, status: int, said: str, remedy: str) -> None:
    github.forge.will(f"POST {COMMENTS}", status, data={"message": said})
    error = github.fails()
    assert (error.problem, error.detail) == (f"GitHub refuses with {status}", said)
    assert remedy in error.remedy


def test_a_token_in_a_refusal_is_not_repeated(github: Job) -> None:
    said = f"the token {github.forge.token} is not right\x1b[2J"
    github.forge.will(f"GET {COMMENTS}", 403, data={"message": said})
    assert github.fails().detail == "the token *** is not right\\u001b[2J"


def test_a_token_in_the_report_is_not_published(github: Job) -> None:
    key = "AKIA" + "Q" * 16
    github.says(f"## passed\n\n{github.forge.token} and {key}")
    (body,) = github.forge.bodies
    assert github.forge.token not in body
    assert key not in body
    assert "*** and ***" in body
