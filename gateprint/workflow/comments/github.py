"""Comments of a pull request, by GitHub's REST API; uses the network.

docs.github.com/en/rest/issues/comments, docs.github.com/en/rest/pulls/reviews. GitHub's GraphQL
API says whose token it is, also where REST's /user does not: a workflow's own token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.errors import ToolFailed
from gateprint.workflow.comments.api import Api, Patience
from gateprint.workflow.comments.service import Comment
from gateprint.workflow.comments.since import Approval, latest
from gateprint.workflow.comments.target import Target
from gateprint.workflow.comments.wire import odd_answer

VERSION = "2022-11-28"
_VIEWER = {"query": "query { viewer { login } }"}
_OF_THE_PROJECT = {"OWNER", "MEMBER", "COLLABORATOR"}
_OPINIONS = {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}


class GitHub:
    """One pull request."""

    limit_bytes = 65_536
    """As GitHub's refusal says: "Body is too long (maximum is 65536 characters)"."""

    def __init__(self, target: Target, patience: Patience) -> None:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {target.token}",
            "X-GitHub-Api-Version": VERSION,
        }
        self._api = Api("GitHub", target.api_url, headers, target.token, patience)
        self._graphql = _graphql_url(target.api_url)
        self._repository = f"/repos/{target.project}"
        self._number = target.number

    def account(self) -> str:
        """Return who comments are written as: `octocat`, or `github-actions[bot]`."""
        found = self._api.send("POST", self._graphql, _VIEWER)
        try:
            return str(found["data"]["viewer"]["login"])
        except (LookupError, TypeError):
            problem = "GitHub does not say whose token it is"
            raise ToolFailed(problem, "give the account that it writes as: --author") from None

    def comments(self) -> Iterator[Comment]:
        """Yield all comments of the pull request; GitHub orders them by their ids."""
        path = f"{self._repository}/issues/{self._number}/comments"
        for each in self._api.pages(path):
            yield _comment(each)

    def create(self, body: str) -> Comment:
        """Write a new comment."""
        path = f"{self._repository}/issues/{self._number}/comments"
        return _comment(self._api.send("POST", path, {"body": body}, repeatable=False))

    def edit(self, comment: Comment, body: str) -> Comment:
        """Replace the text of a comment."""
        path = f"{self._repository}/issues/comments/{comment.number}"
        return _comment(self._api.send("PATCH", path, {"body": body}))

    def remove(self, comment: Comment) -> None:
        """Delete a comment."""
        self._api.send("DELETE", f"{self._repository}/issues/comments/{comment.number}")

    def approval(self) -> Approval | None:
        """Return the newest approval in force of somebody who belongs to the repository.

        GitHub lists reviews in the order of time; a later opinion replaces an earlier one.
        """
        opinions: dict[str, Mapping[str, Any]] = {}
        for each in self._api.pages(f"{self._repository}/pulls/{self._number}/reviews"):
            if each.get("state") in _OPINIONS and each.get("author_association") in _OF_THE_PROJECT:
                opinions[_login(each)] = each
        approved = [each for each in opinions.values() if each["state"] == "APPROVED"]
        return latest(_approval(each) for each in approved)

    def harmless(self, report: str) -> str:
        """Return the report: GitHub takes no orders from comments."""
        return report


def _graphql_url(api_url: str) -> str:
    """Return the address of the GraphQL API, which is of the same host.

    docs.github.com/en/enterprise-server/graphql/guides/forming-calls-with-graphql.
    """
    plain = api_url.rstrip("/")
    return f"{plain.removesuffix('/v3')}/graphql"


def _comment(found: Mapping[str, Any]) -> Comment:
    try:
        return Comment(
            number=int(found["id"]),
            body=found["body"] or "",
            author=_login(found),
            changed_at=str(found["updated_at"]),
            url=str(found["html_url"]),
        )
    except (LookupError, TypeError, ValueError):
        raise odd_answer("GitHub") from None


def _approval(found: Mapping[str, Any]) -> Approval:
    at, commit = found.get("submitted_at"), found.get("commit_id")
    return Approval(_login(found), str(at or ""), str(commit or ""))


def _login(found: Mapping[str, Any]) -> str:
    user = found.get("user")  # null where the account is gone
    return str(user["login"]) if user else ""
