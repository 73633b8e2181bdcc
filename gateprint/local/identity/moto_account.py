"""Reads the account of the embedded cloud out of moto: what IAM's API would answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends

from gateprint.local.identity.account import AccountRole, AccountUser, Document
from gateprint.local.identity.sigv4 import Credentials
from gateprint.local.web import Caller

_DEFAULT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class MotoAccount:
    """The account with this number, in this partition; the port `Account`."""

    number: str
    partition: str

    @property
    def _iam(self) -> Any:
        return iam_backends[self.number][self.partition]

    def role(self, role_id: str) -> AccountRole | None:
        """Return the role with this id."""
        found = self._iam.get_role_by_id(role_id)
        return None if found is None else self._role(found)

    def role_by_arn(self, arn: str) -> AccountRole | None:
        """Return the role with this ARN."""
        for each in list(self._iam.roles.values()):
            if each.arn == arn:
                return self._role(each)
        return None

    def user(self, user_id: str) -> AccountUser | None:
        """Return the user with this id."""
        for each in list(self._iam.users.values()):
            if each.id == user_id:
                holders = [each, *self._iam.get_groups_for_user(each.name)]
                policies = tuple(doc for one in holders for doc in _documents(one))
                return AccountUser(each.name, policies, _tags(each.tags))
        return None

    def user_credentials(self, access_key: str) -> Credentials | None:
        """Return the credentials of a user's active key."""
        key = self._iam.access_keys.get(access_key)
        if key is None or key.user_name is None or key.status != "Active":
            return None
        user = self._iam.users.get(key.user_name)
        if user is None or not user.has_access_key(access_key):
            return None
        caller = Caller(access_key, user.arn, "", user.id, self.number)
        return Credentials(caller, key.secret_access_key)

    def organization(self) -> str | None:
        """Return the organization whose management account this is."""
        found = organizations_backends[self.number][self.partition].org
        return str(found.id) if found is not None else None

    def metadata(self, provider_arn: str) -> str | None:
        """Return a SAML provider's metadata."""
        for each in list(self._iam.list_saml_providers()):
            if each.arn == provider_arn:
                return str(each.saml_metadata_document)
        return None

    def _role(self, role: Any) -> AccountRole:
        return AccountRole(
            arn=role.arn,
            id=role.id,
            trust=role.assume_role_policy_document,
            policies=tuple(_documents(role)),
            boundary=self._boundary(role.permissions_boundary_arn),
            tags=_tags(role.tags),
            max_session_seconds=int(role.max_session_duration or _DEFAULT_SECONDS),
        )

    def _boundary(self, arn: str | None) -> Document | None:
        """Return the boundary; one that is gone has no text, so that nothing can be decided."""
        if not arn:
            return None
        policy = self._iam.managed_policies.get(arn)
        return Document(arn, "") if policy is None else Document(arn, _text(policy))


def _documents(holder: Any) -> Iterator[Document]:
    for name, text in list(holder.policies.items()):
        yield Document(name, text)
    for arn, policy in list(holder.managed_policies.items()):
        yield Document(arn, _text(policy))


def _text(policy: Any) -> str:
    wanted = policy.default_version_id
    return str(next(each.document for each in policy.versions if each.version_id == wanted))


def _tags(tags: Any) -> dict[str, str]:
    listed = tags.values() if isinstance(tags, dict) else tags or ()
    return {each["Key"]: each["Value"] for each in listed}
