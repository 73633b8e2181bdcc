"""A VPC endpoint whose policy the account's own stack keeps; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A route on a stage of a private API, and the roles' ARNs that may pass to it.

    `roles` is None where IAM checks nobody, so that everybody passes.
    """

    stage: str
    method: str
    path: str
    roles: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class VpcEndpoint:
    """An endpoint by its id, and what it lets through: its passages, or the whole account.

    Passages are those of all blueprints together, so they are known only where these are read.
    """

    id: str
    is_account_wide: bool = False
    passages: tuple[Passage, ...] = ()
