"""What the account holds that identity asks for: roles, users, their policies, SAML providers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gateprint.local.identity.sigv4 import Credentials


@dataclass(frozen=True, slots=True)
class Document:
    """A policy's name, or its ARN, and its JSON."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AccountRole:
    """A role as IAM's API shows it; `boundary` is the policy, not its ARN."""

    arn: str
    id: str
    trust: str
    policies: tuple[Document, ...] = ()
    boundary: Document | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    max_session_seconds: int = 3600


@dataclass(frozen=True, slots=True)
class AccountUser:
    """An IAM user with the policies that are its own or its groups'."""

    name: str
    policies: tuple[Document, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


class Account(Protocol):
    """An AWS account, as its own API shows it."""

    def role(self, role_id: str) -> AccountRole | None:
        """Return the role with this id: one that was made anew has another."""

    def role_by_arn(self, arn: str) -> AccountRole | None:
        """Return the role with this ARN, to the letter."""

    def user(self, user_id: str) -> AccountUser | None:
        """Return the user with this id."""

    def user_credentials(self, access_key: str) -> Credentials | None:
        """Return a user's credentials, unless the key is inactive."""

    def organization(self) -> str | None:
        """Return the id of the organization that the account is a member of."""

    def metadata(self, provider_arn: str) -> str | None:
        """Return a SAML provider's metadata."""
