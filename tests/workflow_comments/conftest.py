"""A pull request and a merge request on loopback, and the job that comments on them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from gateprint.errors import ToolFailed
from gateprint.workflow.comments.api import Patience
from gateprint.workflow.comments.comment import Content, Written, comment
from gateprint.workflow.comments.state import Review
from gateprint.workflow.comments.target import Wanted
from tests.support.fake_forge import FakeForge, FakeGitHub, FakeGitLab
from tests.support.fake_time import FakeTime


@dataclass
class Job:
    """A job of the CI: its variables, and what it says while it comments."""

    forge: FakeForge
    environ: dict[str, str]
    time: FakeTime = field(default_factory=FakeTime)
    said: list[str] = field(default_factory=list)
    wanted: Wanted = field(default_factory=Wanted)
    seconds: float = 300

    def says(self, report: str, commit: str = "", **stacks: str) -> Written:
        """Comment on a review with these digests of stacks."""
        found = {name.replace("_", "-"): digest for name, digest in stacks.items()}
        review = Review("r", json.dumps(found), "passed", found)
        return self.writes(Content("gateprint:prod", report, review), commit)

    def writes(self, content: Content, commit: str = "") -> Written:
        """Comment; a commit is that of the pull request's event."""
        if commit:
            event = {"pull_request": {"number": 7, "head": {"sha": commit}}}
            Path(self.environ["GITHUB_EVENT_PATH"]).write_text(json.dumps(event), encoding="utf-8")
        patience = Patience(self.time.clock, self.time.sleep, self.seconds, self.said.append)
        return comment(content, self.wanted, self.environ, patience)

    def fails(self, report: str = "## passed", **more: str) -> ToolFailed:
        """Comment in vain; return the failure, in which there is no token."""
        with pytest.raises(ToolFailed) as found:
            self.says(report, **more)
        error = found.value
        told = " ".join([error.problem, error.remedy, error.detail, *self.said])
        assert self.forge.token not in told
        return error

    def without(self, *names: str) -> Job:
        """Return the job without some variables."""
        kept = {k: v for k, v in self.environ.items() if k not in names}
        return replace(self, environ=kept)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[Job]:
    """A job of GitHub Actions on the event pull_request."""
    with FakeGitHub(account="github-actions[bot]").serving() as forge:
        event = tmp_path / "event.json"
        event.write_text('{"pull_request": {"number": 7}}', encoding="utf-8")
        yield Job(
            forge,
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_API_URL": forge.url,
                "GITHUB_REPOSITORY": "octo/pets",
                "GITHUB_EVENT_PATH": str(event),
                "GITHUB_TOKEN": forge.token,
            },
        )


@pytest.fixture
def gitlab() -> Iterator[Job]:
    """A job of GitLab CI in a merge request pipeline."""
    with FakeGitLab(account="project_42_bot").serving() as forge:
        yield Job(
            forge,
            {
                "GITLAB_CI": "true",
                "CI_API_V4_URL": forge.url,
                "CI_PROJECT_ID": "42",
                "CI_MERGE_REQUEST_IID": "7",
                "CI_MERGE_REQUEST_PROJECT_URL": "https://gitlab.invalid/octo/pets",
                "GITLAB_TOKEN": forge.token,
            },
        )
