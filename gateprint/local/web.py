"""HTTP requests and responses as values, and what the data plane asks of its parts; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from gateprint.access.evaluate import Decision

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it came: path and query are still encoded, headers in their order."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    source_ip: str

    def header(self, name: str) -> str | None:
        """Return the first header of this name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer; the body is whole."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a request: an access key and the session behind it.

    `arn` is that of the session, `role_arn` that of its role, `user_id` as in `aws:userid`.
    """

    access_key: str
    arn: str
    role_arn: str
    user_id: str
    account: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What an authorizer answered about a token: whose it is, its policy, and what backends see."""

    principal_id: str
    policy: str
    context: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused before it reaches a backend.

    `kind` is API Gateway's gateway response type, such as INVALID_SIGNATURE; `message` is what AWS
    says, and `error` its error type where that is not the usual one of the kind.
    """

    kind: str
    message: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a function answered: a JSON text, and the error's type where it failed."""

    payload: str
    error: str | None = None


class Authentication(Protocol):
    """Says who signed a request."""

    def authenticate(self, request: HttpRequest, region: str) -> Caller | Refusal:
        """Return the caller, or why the signature is refused."""


class Authorization(Protocol):
    """Decides about a caller with the documents that the account holds."""

    def authorize(
        self,
        caller: Caller | None,
        method_arn: str,
        resource_policy: str | None,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        """Return IAM's decision on `execute-api:Invoke`; nobody signed where `caller` is None."""

    def authorize_token(
        self,
        policy: str,
        method_arn: str,
        resource_policy: str | None,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        """Return the decision where an authorizer has answered with a policy."""

    def authorize_passage(
        self,
        caller: Caller | None,
        method_arn: str,
        endpoint_policy: str,
        context: Mapping[str, tuple[str, ...]],
    ) -> Decision:
        """Return what a VPC endpoint's policy says, which is asked first and grants nothing."""


class Functions(Protocol):
    """Runs functions."""

    def invoke(self, function_arn: str, event_json: str) -> Invocation:
        """Return what the function answers to an event."""
