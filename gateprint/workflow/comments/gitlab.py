"""Comments of a merge request, by GitLab's REST API, which calls them notes; uses the network.

docs.gitlab.com/api/notes ("Merge requests"), docs.gitlab.com/api/merge_request_approvals,
docs.gitlab.com/api/rest/authentication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from gateprint.workflow.comments.api import Api, Patience
from gateprint.workflow.comments.service import Comment
from gateprint.workflow.comments.since import Approval, latest
from gateprint.workflow.comments.target import Target
from gateprint.workflow.comments.wire import odd_answer

_ORDER = re.compile(r"^(\s*)/(?=[A-Za-z])", re.MULTILINE)
_APPROVED = "approved this merge request"


class GitLab:
    """One merge request."""

    limit_bytes = 1_000_000
    """docs.gitlab.com/administration/instance_limits, "Size of comments and descriptions"."""

    def __init__(self, target: Target, patience: Patience) -> None:
        headers = {"Accept": "application/json", "PRIVATE-TOKEN": target.token}
        self._api = Api("GitLab", target.api_url, headers, target.token, patience)
        project = quote(target.project, safe="")
        self._request = f"/projects/{project}/merge_requests/{target.number}"
        page = f"{target.web_url}/-/merge_requests/{target.number}"
        self._page = page if target.web_url else ""

    def account(self) -> str:
        """Return who comments are written as; a project's token has a user of its own."""
        try:
            return _username(self._api.get("/user"))
        except (LookupError, TypeError):
            raise odd_answer("GitLab") from None

    def comments(self) -> Iterator[Comment]:
        """Yield all notes of the merge request that people or tools wrote."""
        for each in self._notes():
            if not each.get("system"):
                yield self._comment(each)

    def create(self, body: str) -> Comment:
        """Write a new note."""
        path = f"{self._request}/notes"
        return self._comment(self._api.send("POST", path, {"body": body}, repeatable=False))

    def edit(self, comment: Comment, body: str) -> Comment:
        """Replace the text of a note."""
        path = f"{self._request}/notes/{comment.number}"
        return self._comment(self._api.send("PUT", path, {"body": body}))

    def remove(self, comment: Comment) -> None:
        """Delete a note."""
        self._api.send("DELETE", f"{self._request}/notes/{comment.number}")

    def approval(self) -> Approval | None:
        """Return the newest approval in force.

        Its time is `approved_at`, and in versions without it that of GitLab's own note about it.
        """
        found = self._api.get(f"{self._request}/approvals")
        try:
            given = found["approved_by"] or []
            times = {_username(each["user"]): str(each.get("approved_at") or "") for each in given}
        except (LookupError, TypeError, AttributeError):
            raise odd_answer("GitLab") from None
        if not all(times.values()):
            noted = self._noted()
            times = {name: at or noted.get(name, "") for name, at in times.items()}
        return latest(Approval(name, at) for name, at in times.items())

    def harmless(self, report: str) -> str:
        r"""Return a report without quick actions.

        A line such as `/merge` would be obeyed, with the rights of the token
        (docs.gitlab.com/user/project/quick_actions). Markdown shows `\/` as a slash.
        """
        return _ORDER.sub(r"\1\\/", report.replace("\r\n", "\n").replace("\r", "\n"))

    def _notes(self) -> Iterator[Mapping[str, Any]]:
        path = f"{self._request}/notes"
        yield from self._api.pages(path, sort="asc", order_by="created_at")

    def _noted(self) -> dict[str, str]:
        """Return when who approved last, as the notes that GitLab itself writes tell."""
        return {
            _username(each["author"]): str(each["created_at"])
            for each in self._notes()
            if each.get("system") and each.get("body") == _APPROVED
        }

    def _comment(self, found: Mapping[str, Any]) -> Comment:
        try:
            return Comment(
                number=int(found["id"]),
                body=found["body"] or "",
                author=_username(found["author"]),
                changed_at=str(found["updated_at"]),
                url=f"{self._page}#note_{int(found['id'])}" if self._page else "",
            )
        except (LookupError, TypeError, ValueError):
            raise odd_answer("GitLab") from None


def _username(user: Mapping[str, Any] | None) -> str:
    return str(user["username"]) if user else ""
