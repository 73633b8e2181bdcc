"""What a service that keeps pull or merge requests can do for a comment; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from gateprint.workflow.comments.since import Approval


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as the service has it; `changed_at` is its own time of the last edit."""

    number: int
    body: str
    author: str
    changed_at: str
    url: str


class Service(Protocol):
    """GitHub or GitLab, one request of theirs, and the account of one token."""

    limit_bytes: int

    def account(self) -> str:
        """Return who comments are written as."""

    def comments(self) -> Iterator[Comment]:
        """Yield all comments of the request, oldest first."""

    def create(self, body: str) -> Comment:
        """Write a new comment; raises Unsure where that may or may not have happened."""

    def edit(self, comment: Comment, body: str) -> Comment:
        """Replace the text of a comment."""

    def remove(self, comment: Comment) -> None:
        """Delete a comment."""

    def approval(self) -> Approval | None:
        """Return the newest approval that is still in force."""

    def harmless(self, report: str) -> str:
        """Return a report in which the service finds no orders."""
