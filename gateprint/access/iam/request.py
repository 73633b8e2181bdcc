"""A request to decide about: who asks to do what, and what AWS knows while it is asked; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gateprint.access.iam.keys import key_of
from gateprint.errors import NotModelled

_ACCOUNT_FIELD = 4


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. Make one with the functions below.

    `name` is an ARN (of an IAM user, an account's root, or a role's session), a service as
    `apigateway.amazonaws.com`, or the ARN of a SAML provider; empty for nobody in particular.
    `role_arn` is the role behind a session. `has_boundary` is for `access.evaluate` to say.
    """

    kind: Literal["aws", "service", "federated", "anonymous"]
    name: str = ""
    role_arn: str = ""
    has_boundary: bool = False

    @property
    def account(self) -> str:
        """The account of an ARN; empty where there is none."""
        return account_of(self.name)


ANONYMOUS = Principal("anonymous")


def session(role_arn: str, session_name: str = "session") -> Principal:
    """Return the session of somebody who has assumed a role."""
    partition, account, role = (role_arn.split(":")[each] for each in (1, _ACCOUNT_FIELD, 5))
    name = role.rpartition("/")[2]
    arn = f"arn:{partition}:sts::{account}:assumed-role/{name}/{session_name}"
    return Principal("aws", arn, role_arn)


def user(arn: str) -> Principal:
    """Return an IAM user."""
    return Principal("aws", arn)


def service(name: str) -> Principal:
    """Return an AWS service, as `apigateway.amazonaws.com`."""
    return Principal("service", name)


def federated(provider_arn: str) -> Principal:
    """Return somebody whom a SAML provider has signed in, and who has no role yet."""
    return Principal("federated", provider_arn)


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    `resource` is the whole ARN; for execute-api with the concrete path, and where the API has no
    id yet, with any other text in its place. `context` has the values of the condition keys, whose
    names are compared without case. What is not in it is absent; of a key that AWS always sends
    the absence has to be stated, by an empty tuple: otherwise it is unknown, and so is a decision
    that depends on it.
    """

    action: str
    resource: str
    principal: Principal
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """The account that owns the resource."""
        return account_of(self.resource)


def account_of(arn: str) -> str:
    """Return the account within an ARN; empty where there is none."""
    fields = arn.split(":")
    return fields[_ACCOUNT_FIELD] if len(fields) > _ACCOUNT_FIELD else ""


@dataclass(frozen=True, slots=True)
class Context:
    """The values of the condition keys of one request."""

    values: Mapping[str, tuple[str, ...]]
    is_anonymous: bool = False

    def values_of(self, name: str) -> tuple[str, ...]:
        """Return a key's values, none where it is absent; the name is in lower case.

        Raises:
            NotModelled: the key is not known, or the request leaves open what AWS always sends.
        """
        key = key_of(name)
        if name in self.values:
            return self.values[name]
        if key.is_always_there and not self._is_exempt(name):
            raise NotModelled(f"the request does not say what {name} is")
        return ()

    def value_of(self, name: str) -> str | None:
        """Return the value of a key that has at most one, for a policy variable."""
        if key_of(name).is_list:
            raise NotModelled(f"${{{name}}} may have several values, so it is no policy variable")
        values = self.values_of(name)
        return values[0] if values else None

    def _is_exempt(self, name: str) -> bool:
        """A VPC endpoint hides the address, and who signs nothing has no ARN."""
        if name == "aws:sourceip":
            return bool(self.values.get("aws:sourcevpce"))
        return self.is_anonymous and name == "aws:principalarn"


def context_of(request: Request) -> Context:
    """Return the request's context, its keys in lower case.

    Raises:
        NotModelled: a key is given twice, or a key of one value has several.
    """
    values = {name.lower(): tuple(found) for name, found in request.context.items()}
    if len(values) != len(request.context):
        raise NotModelled("the request gives a condition key twice; case does not tell them apart")
    for name, found in values.items():
        if len(found) > 1 and not key_of(name).is_list:
            raise NotModelled(f"the request gives {name} several values")
    return Context(values, request.principal.kind == "anonymous")
