"""Asks iam-simulate, as a process of its own, what IAM would decide."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gateprint.access.evaluate import Policies, evaluate, evaluate_trust
from gateprint.access.iam.keys import key_of
from gateprint.access.iam.request import Principal, Request
from gateprint.access.iam.statement import Kind, Policy, read_policy
from gateprint.errors import NotModelled

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("driver.mjs")
OUTCOMES = {
    "Allowed": "allow",
    "ImplicitlyDenied": "implicit-deny",
    "ExplicitlyDenied": "explicit-deny",
}
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """Policies and a request, for both sides. With `trust`, the request is about that role.

    `is_checked` asks the simulator to check everything that it can, which is slow.
    """

    principal: Principal
    resource: str
    action: str = "execute-api:Invoke"
    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    resource_policy: Document | None = None
    trust: Document | None = None
    context: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_checked: bool = False

    @property
    def request(self) -> Request:
        return Request(self.action, self.resource, self.principal, self.context)

    def without(self, **changes: Any) -> Case:
        return replace(self, **changes)


def decided(case: Case) -> str:
    """Return what gateprint decides; what it refuses begins with `not modelled`."""
    try:
        if case.trust is not None:
            trust = read_policy("trust", case.trust, "trust")
            return evaluate_trust(trust, case.request).outcome
        return evaluate(policies_of(case), case.request).outcome
    except NotModelled as error:
        return f"not modelled: {error}"


def policies_of(case: Case) -> Policies:
    return Policies(
        tuple(
            read_policy(f"identity-{index}", each, "identity")
            for index, each in enumerate(case.identity)
        ),
        _read("boundary", case.boundary, "identity"),
        _read("resource", case.resource_policy, "resource"),
    )


def _read(name: str, document: Document | None, kind: Kind) -> Policy | None:
    return None if document is None else read_policy(name, document, kind)


_ASSUMING: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}],
}


def simulation_of(case: Case) -> Document:
    """Return the case as iam-simulate has it.

    Its checked run knows no ARN of a root path. Who assumes a role may do so: the question is what
    the trust policy says.
    """
    identity = case.identity
    if case.trust is not None and case.principal.kind == "aws":
        identity = (_ASSUMING,)
    found: Document = {
        "isChecked": case.is_checked and not case.resource.endswith("/"),
        "isTrust": case.trust is not None,
        "request": {
            "principal": _principal(case.principal),
            "action": case.action,
            "resource": {"resource": case.resource, "accountId": case.request.account},
            "contextVariables": {
                key: list(each) if key_of(key.lower()).is_list else each[0]
                for key, each in case.context.items()
                if each
            },
        },
        "identityPolicies": [_named(each, index) for index, each in enumerate(identity)],
        "serviceControlPolicies": [],
    }
    if case.boundary is not None:
        found["permissionBoundaryPolicies"] = [_named(case.boundary, 0)]
    resource_policy = case.trust or case.resource_policy
    if resource_policy is not None:
        found["resourcePolicy"] = resource_policy
    return found


def _principal(principal: Principal) -> object:
    return {"type": "Anonymous"} if principal.kind == "anonymous" else principal.name


def _named(document: Document, index: int) -> Document:
    return {"name": f"policy-{index}", "policy": document}


class Oracle:
    """A running simulator. A batch may be asked while another one is not yet answered."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout

    def ask(self, cases: Sequence[Case]) -> None:
        self._stdin.write(json.dumps([simulation_of(each) for each in cases]) + "\n")
        self._stdin.flush()

    def answer(self) -> list[str]:
        """Return the outcomes of the oldest batch without an answer, in gateprint's words."""
        line = self._stdout.readline()
        if not line:
            raise EOFError("the simulator has ended")
        return [OUTCOMES.get(each, each) for each in json.loads(line)]

    def decide(self, case: Case) -> str:
        self.ask([case])
        return self.answer()[0]


@contextmanager
def oracle() -> Iterator[Oracle]:
    """Run the simulator until the block is left."""
    command = ["node", str(DRIVER)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Oracle(process)
        finally:
            process.kill()
