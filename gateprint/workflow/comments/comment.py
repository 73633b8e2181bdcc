"""`comment`: writes or updates the one comment that a request has of gateprint."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from gateprint.errors import ToolFailed
from gateprint.model.secrets import masked
from gateprint.workflow.comments import body as text
from gateprint.workflow.comments.api import Patience, Unsure
from gateprint.workflow.comments.github import GitHub
from gateprint.workflow.comments.gitlab import GitLab
from gateprint.workflow.comments.service import Comment, Service
from gateprint.workflow.comments.since import Approval, approved_review, since_text
from gateprint.workflow.comments.state import Review, Shown, encode, remembered, shown_of
from gateprint.workflow.comments.target import Target, Wanted, find_target

ROOM_FOR_REPORT = 42_000
"""So many bytes of a report fit into a comment on GitHub, whatever else it has to say."""
ROOM_FOR_LONG_REPORT = 640_000
"""The same on GitLab."""

_ATTEMPTS = 3
_LONGEST_SUMMARY = 1 << 20  # docs.github.com, "Workflow commands", "Adding a job summary"


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be said: the key of the comment, the report, and the review it is about.

    `author` is the account that the token writes as, where it cannot say so itself. `longer` is the
    report for a service that has the room; empty if there is no other one.
    """

    key: str
    report: str
    review: Review
    has_approval: bool = True
    author: str = ""
    longer: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the comment: where it is, and what it says about an approval."""

    action: Literal["created", "updated", "unchanged"]
    url: str
    since: str


def comment(
    content: Content, wanted: Wanted, environ: Mapping[str, str], patience: Patience
) -> Written:
    """Write the comment of the request that the CI's variables name.

    Where that fails, the report goes to the job's summary, if there is one.

    Raises:
        ToolFailed: there is no such request, no right to write there, or no answer in time.
    """
    report, longer = (_safe(each, environ) for each in (content.report, content.longer))
    whole = replace(content, report=report, longer=longer)
    if not whole.report.strip():
        problem, remedy = "the report is empty", "see what the command that should write it said"
        raise ToolFailed(problem, f"{remedy}; in a pipe, with set -o pipefail")
    try:
        target = find_target(environ, wanted)
        service = GitHub(target, patience) if target.service == "github" else None
        return write(service or GitLab(target, patience), whole, target, patience.say)
    except ToolFailed as error:
        if _summarise(whole.longer or whole.report, environ):
            error.problem += "; the report is in the job's summary instead"
        raise


def _safe(report: str, environ: Mapping[str, str]) -> str:
    """Return a report without secrets: those of a known form, and the tokens themselves."""
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN", "CI_JOB_TOKEN"):
        token = environ.get(name, "").strip()
        report = report.replace(token, "***") if token else report
    return masked(report)


def write(
    service: Service, content: Content, target: Target, say: Callable[[str], None]
) -> Written:
    """Find the comment and update it, or write the first one.

    Where nobody knows whether the first one was written, it is looked for before it is written
    again. Two of them, of jobs at the same time, become one.
    """
    author = content.author or service.account()
    approval = _approval(service, say) if content.has_approval else None
    for attempt in range(1, _ATTEMPTS + 1):
        mine = _own(service, content.key, author, say)
        try:
            done = _write(service, content, target, mine[0] if mine else None, approval)
        except Unsure:
            if attempt == _ATTEMPTS:
                raise
            say("nobody knows whether the comment was written: it is looked for")
            continue
        for each in mine[1:]:
            service.remove(each)
        return done
    raise AssertionError


def _approval(service: Service, say: Callable[[str], None]) -> Approval | None:
    try:
        return service.approval()
    except ToolFailed as error:
        say(f"nothing is said about approvals: {error.problem}")
        return None


def _own(service: Service, key: str, author: str, say: Callable[[str], None]) -> list[Comment]:
    """Return the comments with the mark, oldest first. Those of others are left alone."""
    marked = [each for each in service.comments() if text.is_marked(each.body, key)]
    mine = [each for each in marked if each.author == author]
    if len(mine) < len(marked):
        say(f"a comment that begins like this one is somebody else's than {author}'s: it stays")
    return mine


def _write(
    service: Service,
    content: Content,
    target: Target,
    old: Comment | None,
    approval: Approval | None,
) -> Written:
    before = _before(old)
    report = service.harmless(_fitting(content, service.limit_bytes))
    now = shown_of(content.review, _verdict(content), target.commit)
    approved = approved_review(approval, before) if approval else None
    since = since_text(approval, approved, now) if approval else ""
    shown = remembered(now, before, approved)
    memory = encode(shown, service.limit_bytes // 4, approved)
    said = text.Said(since, shown[1:], target.job_url)
    whole = text.compose(content.key, report, memory, said, service.limit_bytes)
    if old is None:
        return Written("created", service.create(whole).url, since)
    if text.is_alike(old.body, whole):
        return Written("unchanged", old.url, since)
    return Written("updated", service.edit(old, whole).url, since)


def _fitting(content: Content, limit: int) -> str:
    """Return the longer report where a comment has the room for it."""
    return content.longer if content.longer and limit > ROOM_FOR_LONG_REPORT else content.report


def _verdict(content: Content) -> str:
    line, verdict = text.first_line(content.report), content.review.verdict
    return line if verdict.lower() in line.lower() else f"{verdict}: {line}"


def _before(old: Comment | None) -> tuple[Shown, ...]:
    """Return what the comment has shown; the newest was shown since the service says so."""
    found = text.memory_of(old.body) if old else ()
    if old is None or not found or found[0].at:
        return found
    return (replace(found[0], at=old.changed_at), *found[1:])


def _summarise(report: str, environ: Mapping[str, str]) -> bool:
    path = environ.get("GITHUB_STEP_SUMMARY", "")
    if not path:
        return False
    try:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            room = _LONGEST_SUMMARY - os.fstat(file.fileno()).st_size - 2
            file.write(f"\n{text.cut(report, room)}\n")
    except OSError:
        return False
    return True
