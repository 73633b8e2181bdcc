"""What API Gateway's control plane takes, and which calls the provider makes; reads its own data.

The numbers and where they come from are in quotas.json and calls.json.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

ALL = "*"
"""All operations together."""

_EDGE = ":edge"


@dataclass(frozen=True, slots=True)
class Quota:
    """`requests` per `seconds`, and how many of them may come at once, per account and region."""

    operation: str
    requests: int
    seconds: float
    burst: int
    source: str

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True)
class Calls:
    """The API Gateway calls of one resource, by action: `create`, `update`, `delete`, `read`.

    `phase` is when Terraform comes to it: `account`, `api`, `contents`, `deployment`, `stage`.
    """

    phase: str
    by_action: Mapping[str, Mapping[str, int]]


@functools.cache
def quotas() -> Mapping[str, Quota]:
    """Return the quotas by operation; `ALL` is among them.

    Where AWS states no burst, the number of requests in the quota's own period counts as one.
    """
    return MappingProxyType({each["operation"]: _quota(each) for each in _data("quotas")["quotas"]})


@functools.cache
def provider_calls() -> Mapping[str, Calls]:
    """Return what the AWS provider calls, by resource type; other types call no API Gateway."""
    actions = ("create", "update", "delete", "read")
    return MappingProxyType(
        {
            name: Calls(each["phase"], {action: each[action] for action in actions})
            for name, each in _data("calls")["types"].items()
        }
    )


@functools.cache
def calls_of(resource_type: str, action: str, *, is_edge: bool = False) -> Mapping[str, int]:
    """Return the calls of one action on one resource, those without a quota of their own too."""
    known = provider_calls().get(resource_type)
    made = known.by_action.get(action, {}) if known else {}
    return {_named(operation, is_edge=is_edge): count for operation, count in made.items()}


@functools.cache
def cost_of(resource_type: str, action: str, *, is_edge: bool = False) -> Mapping[str, int]:
    """Return the calls that count against quotas, by operation; all of them under `ALL`."""
    made = calls_of(resource_type, action, is_edge=is_edge)
    counted = {operation: count for operation, count in made.items() if operation in quotas()}
    return {**counted, ALL: sum(made.values())} if made else {}


def _named(operation: str, *, is_edge: bool) -> str:
    return operation + _EDGE if is_edge and operation + _EDGE in quotas() else operation


def _quota(given: Mapping[str, Any]) -> Quota:
    burst = given.get("burst", given["requests"])
    return Quota(given["operation"], given["requests"], given["seconds"], burst, given["source"])


def _data(name: str) -> Any:
    text = files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)
