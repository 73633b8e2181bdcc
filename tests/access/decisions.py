"""Short ways to write policies and requests, for the tests of the evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateprint.access.evaluate import Decision, Policies, evaluate, evaluate_trust
from gateprint.access.iam.request import Principal, Request, session
from gateprint.access.iam.statement import Policy, read_policy

ACCOUNT = "123456789012"
OTHER = "999999999999"
ARN = f"arn:aws:execute-api:us-east-2:{ACCOUNT}:a1b2"
PETS = f"{ARN}/dev/GET/pets"
ELSEWHERE = f"arn:aws:execute-api:us-east-2:{OTHER}:a1b2"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/reader"
CALLER = session(ROLE, "anna")
VERSION = "2012-10-17"

Statement = dict[str, Any]
Context = Mapping[str, tuple[str, ...]]


def document(*statements: Statement, version: str | None = VERSION) -> dict[str, Any]:
    """Return a policy document."""
    return {**({"Version": version} if version else {}), "Statement": list(statements)}


def allow(resource: str | list[str] | None = "*", **more: Any) -> Statement:
    """Return a statement that allows to call; an element that is None is left out."""
    return _statement("Allow", resource, more)


def deny(resource: str | list[str] | None = "*", **more: Any) -> Statement:
    """Return a statement that denies to call."""
    return _statement("Deny", resource, more)


def _statement(effect: str, resource: str | list[str] | None, more: dict[str, Any]) -> Statement:
    whole = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource, **more}
    return {key: each for key, each in whole.items() if each is not None}


def identity(*statements: Statement, version: str | None = VERSION) -> Policies:
    """Return one identity policy alone."""
    return Policies((read_policy("reader", document(*statements, version=version), "identity"),))


def resource_policy(*statements: Statement) -> Policy:
    """Return a resource policy."""
    return read_policy("pets", document(*statements), "resource")


def to(arn: str = PETS, caller: Principal = CALLER, /, **context: str) -> Request:
    """Return a request to call."""
    values = {key: (each,) for key, each in context.items()}
    return Request("execute-api:Invoke", arn, caller, values)


def outcome(policies: Policies, request: Request) -> str:
    """Return what is decided."""
    return evaluate(policies, request).outcome


def is_allowed(pattern: str, path: str) -> bool:
    """Tell whether a policy for one resource pattern below the API allows one request."""
    return outcome(identity(allow(f"{ARN}/{pattern}")), to(f"{ARN}/{path}")) == "allow"


def trusting(trust: Mapping[str, Any], request: Request) -> Decision:
    """Return what a trust policy decides."""
    return evaluate_trust(read_policy("trust", trust, "trust"), request)
