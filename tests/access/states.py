"""States as Terraform has them after an apply, and what people then do outside of Terraform."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.access.proof.applied import Applied, Others, Resource, read_applied
from gateprint.model.resolved import ResolvedBlueprint
from tests.access.generated import terraform_of

_REFERENCE = re.compile(r"\$\{(\w+)\.([\w-]+)\.(\w+)\}")
_IAM = "arn:aws:iam::123456789012"


def short_id(address: str) -> str:
    """Return what stands for an id that AWS gives."""
    return hashlib.sha256(address.encode()).hexdigest()[:10]


@dataclass(slots=True)
class State:
    """The resources of a stack by address; `change` and `remove` are what somebody does by hand."""

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)

    def change(self, address: str, **values: Any) -> None:
        """Give a resource other values."""
        self.resources[address] = {**self.resources[address], **values}

    def remove(self, address: str) -> None:
        """Delete a resource."""
        del self.resources[address]

    def allow(self, address: str, *arns: str) -> None:
        """Add a statement to a policy."""
        document = json.loads(self.resources[address]["policy"])
        more = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": list(arns)}
        document["Statement"].append(more)
        self.change(address, policy=json.dumps(document))

    def copy(self) -> State:
        """Return the same for somebody to change."""
        return State(dict(self.resources))

    def read(self, others: Others | None = None, *, is_fresh: bool = False) -> Applied:
        """Return the access; of a fresh state the roles and APIs tell what they have."""
        if is_fresh:
            self._tell()
        found = [
            Resource(address, address.partition(".")[0], values)
            for address, values in self.resources.items()
        ]
        return read_applied(found, others, is_fresh=is_fresh)

    def _tell(self) -> None:
        """Let APIs say their resource policy, as a refresh does."""
        policies = {
            values["rest_api_id"]: values["policy"]
            for address, values in self.resources.items()
            if address.startswith("aws_api_gateway_rest_api_policy.")
        }
        for address, values in self.resources.items():
            if address.startswith("aws_api_gateway_rest_api.") and values["id"] in policies:
                self.change(address, policy=policies[values["id"]])


def state_of(blueprint: ResolvedBlueprint) -> State:
    """Return the state of a stack that was just applied."""
    written = {
        f"{kind}.{name}": (kind, arguments)
        for kind, named in terraform_of(blueprint)["resource"].items()
        for name, arguments in named.items()
    }
    known = {address: _given(address, *each) for address, each in written.items()}

    def resolved(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return _REFERENCE.sub(lambda found: known[f"{found[1]}.{found[2]}"][found[3]], value)

    state = State()
    for address, (_, arguments) in written.items():
        own = {name: resolved(each) for name, each in arguments.items()}
        state.resources[address] = {**known[address], **own}
    for address in written:
        if address.startswith("aws_api_gateway_resource."):
            state.change(address, path=_path(state, state.resources[address]["id"]))
    return state


def _given(address: str, kind: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return what AWS gives to a resource."""
    given: dict[str, Any] = {"id": short_id(address)}
    if kind == "aws_api_gateway_rest_api":
        given |= {"root_resource_id": short_id(f"{address} root"), "policy": ""}
    elif kind == "aws_api_gateway_stage":
        given["deployment_id"] = short_id(f"{address} deployment")
    elif kind == "aws_iam_role":
        given |= {"inline_policy": [], "managed_policy_arns": [], "max_session_duration": 3600}
        given["name"] = arguments["name"]
    elif kind == "aws_iam_policy":
        given["arn"] = f"{_IAM}:policy/{arguments['name']}"
    return given


def _path(state: State, resource_id: str) -> str:
    for address, values in state.resources.items():
        if address.startswith("aws_api_gateway_resource.") and values["id"] == resource_id:
            above = _path(state, values["parent_id"])
            return f"{above}/{values['path_part']}"
    return ""
