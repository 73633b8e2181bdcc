"""Finds out which pull or merge request a comment belongs to; reads the event's file.

GitHub's variables: docs.github.com/en/actions/reference/workflows-and-actions/variables.
GitLab's: docs.gitlab.com/ci/variables/predefined_variables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from gateprint.errors import ToolFailed

Service = Literal["github", "gitlab"]

_GITHUB_API, _GITLAB_API = "https://api.github.com", "https://gitlab.com/api/v4"
_PULL_REF = re.compile(r"refs/pull/(\d+)/(?:merge|head)")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_TOKEN = re.compile(r"[!-~]+")
_LARGEST_EVENT = 25 << 20  # GitHub cuts webhooks off at 25 MB


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says about the place; empty where it says nothing."""

    service: Service | None = None
    api_url: str = ""
    project: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A pull or merge request, and how to reach it.

    `project` is `owner/name` on GitHub, an id or a path on GitLab. `commit` is the head that is
    reviewed, `job_url` the page of this job and `web_url` the project's, empty where unknown.
    """

    service: Service
    api_url: str
    project: str
    number: int
    token: str = field(repr=False)
    commit: str = ""
    job_url: str = ""
    web_url: str = ""


def find_target(environ: Mapping[str, str], wanted: Wanted) -> Target:
    """Return the request that the CI's variables and the command line name.

    Raises:
        ToolFailed: they name none, or there is no token that could write.
    """
    service = wanted.service or _service(environ)
    return _on_github(environ, wanted) if service == "github" else _on_gitlab(environ, wanted)


def _service(environ: Mapping[str, str]) -> Service:
    if environ.get("GITHUB_ACTIONS") == "true":
        return "github"
    if environ.get("GITLAB_CI") == "true":
        return "gitlab"
    raise ToolFailed(
        "nothing says where the comment goes: this runs in neither GitHub Actions nor GitLab CI",
        "give --on, --project and --number",
    )


def _on_github(environ: Mapping[str, str], wanted: Wanted) -> Target:
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    project = wanted.project or environ.get("GITHUB_REPOSITORY", "")
    if not _REPOSITORY.fullmatch(project):
        raise ToolFailed("the repository is not known", "give --project OWNER/NAME")
    number = wanted.number or _pull_number(event) or _number_of_ref(environ.get("GITHUB_REF", ""))
    if number is None:
        raise _no_request("pull", "run it on the event pull_request, or give --number")
    # As the gh command line orders them.
    token = environ.get("GH_TOKEN") or environ.get("GITHUB_TOKEN") or ""
    remedy = "set GITHUB_TOKEN, with the permission pull-requests: write"
    return Target(
        service="github",
        api_url=wanted.api_url or environ.get("GITHUB_API_URL") or _GITHUB_API,
        project=project,
        number=number,
        token=_checked_token(token, remedy),
        commit=_head(event),
        job_url=_github_job(environ),
    )


def _event(path: str) -> Mapping[str, Any]:
    try:
        if not path or Path(path).stat().st_size > _LARGEST_EVENT:
            return {}
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _pull_number(event: Mapping[str, Any]) -> int | None:
    """Return the number as pull_request, pull_request_review, issue_comment and workflow_run say.

    A workflow_run of a fork names no pull request.
    """
    issue = _mapping(event.get("issue"))
    runs = _mapping(event.get("workflow_run")).get("pull_requests")
    first = runs[0] if isinstance(runs, list) and len(runs) == 1 else None
    for each in (event.get("pull_request"), issue if "pull_request" in issue else None, first):
        number = _mapping(each).get("number")
        if isinstance(number, int):
            return number
    return None


def _head(event: Mapping[str, Any]) -> str:
    sha = _mapping(_mapping(event.get("pull_request")).get("head")).get("sha")
    return sha if isinstance(sha, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number_of_ref(ref: str) -> int | None:
    found = _PULL_REF.fullmatch(ref)
    return int(found[1]) if found else None


def _github_job(environ: Mapping[str, str]) -> str:
    server, repository, run = (
        environ.get(f"GITHUB_{each}", "") for each in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else ""


def _on_gitlab(environ: Mapping[str, str], wanted: Wanted) -> Target:
    # In a fork's own pipeline CI_PROJECT_ID is the fork, and the merge request is not there.
    known = environ.get("CI_MERGE_REQUEST_PROJECT_ID") or environ.get("CI_PROJECT_ID") or ""
    project = wanted.project or known
    if not project:
        raise ToolFailed("the project is not known", "give --project ID")
    number = wanted.number or _whole(environ.get("CI_MERGE_REQUEST_IID", ""))
    if number is None:
        remedy = "run it where CI_PIPELINE_SOURCE is merge_request_event, or give --number"
        raise _no_request("merge", remedy)
    source = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
    return Target(
        service="gitlab",
        api_url=wanted.api_url or environ.get("CI_API_V4_URL") or _GITLAB_API,
        project=project,
        number=number,
        token=_gitlab_token(environ),
        commit=source or environ.get("CI_COMMIT_SHA", ""),
        job_url=environ.get("CI_JOB_URL", ""),
        web_url="" if wanted.project else environ.get("CI_MERGE_REQUEST_PROJECT_URL", ""),
    )


def _gitlab_token(environ: Mapping[str, str]) -> str:
    """Return a token that may write notes, which a job token never may.

    docs.gitlab.com/ci/jobs/fine_grained_permissions lists what a job token reaches.
    """
    remedy = (
        "set GITLAB_TOKEN to a project access token with the scope api and the role Reporter, "
        "as a masked variable; a pipeline of a fork gets none"
    )
    if environ.get("GITLAB_TOKEN"):
        return _checked_token(environ["GITLAB_TOKEN"], remedy)
    if environ.get("CI_JOB_TOKEN"):
        raise ToolFailed("GitLab lets no CI_JOB_TOKEN write comments", remedy)
    return _checked_token("", remedy)


def _checked_token(token: str, remedy: str) -> str:
    """Return a token without the white space around it.

    One that no header can hold is refused here: the HTTP library would name it in its message.
    """
    token = token.strip()
    if not token:
        raise ToolFailed("there is no token", remedy)
    if not _TOKEN.fullmatch(token):
        raise ToolFailed("the token holds characters that no token has", remedy)
    return token


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _no_request(kind: str, remedy: str) -> ToolFailed:
    return ToolFailed(f"nothing says which {kind} request it is", remedy)
