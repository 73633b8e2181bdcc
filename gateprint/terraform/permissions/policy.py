"""The IAM policies of a role that plans, applies or looks for drift, within IAM's quotas; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateprint.access.policy import VERSION, to_json
from gateprint.errors import ToolFailed
from gateprint.model import quotas
from gateprint.model.resolved import Environment, ResolvedBlueprint
from gateprint.terraform.permissions.scope import Scope
from gateprint.terraform.permissions.state import state_statements
from gateprint.terraform.permissions.table import Condition, Need, Purpose, needs_by_type

Document = dict[str, Any]
Statement = dict[str, Any]
Arns = Mapping[str, tuple[str, ...]]
# Version, and what is around the statements.
_FRAME = len(to_json({"Version": VERSION, "Statement": []}))
# Quotation marks and a comma.
_AROUND = 3
# Whoever applies may change what these roles may do; it must not become one of them.
_NO_OTHER_ROLE = {
    "Sid": "NoOtherRole",
    "Effect": "Deny",
    "Action": ["sts:AssumeRole"],
    "Resource": ["*"],
}


@dataclass(frozen=True, slots=True)
class CiPolicy:
    """The managed policies of one role in one environment; all of them are needed.

    `is_widened` tells that stacks are named by one pattern, as their names would not fit.
    """

    environment: Environment
    purpose: Purpose
    documents: tuple[Document, ...]
    is_widened: bool = False


def ci_policy(
    environment: Environment, blueprints: Iterable[ResolvedBlueprint], purpose: Purpose
) -> CiPolicy:
    """Return what a role needs for all stacks of an environment.

    `blueprints` may hold several versions of one: what any of them has may be changed or deleted.

    Raises:
        ToolFailed: not even patterns fit into the policies that a role may have.
    """
    scope = Scope.exact(environment, blueprints)
    most = environment.quotas.get(quotas.ROLE_POLICIES.name, quotas.ROLE_POLICIES.limit)
    for each in (scope, scope.widened()):
        documents = tuple(_documents(_statements(each, purpose)))
        if len(documents) <= most:
            return CiPolicy(environment, purpose, documents, is_widened=each.is_widened)
    raise ToolFailed(
        f"{environment.name} needs {len(documents):,} managed policies for {purpose}, "
        f"and a role has {most}",
        "have AWS raise the quota, and write it to the environment: quotas: {role_policies: …}",
    )


def _statements(scope: Scope, purpose: Purpose) -> Iterator[Statement]:
    arns = scope.arns()
    by_type = needs_by_type()
    needs = [need for name in scope.types(by_type) for need in by_type[name]]
    found: dict[str, tuple[Need, set[str]]] = {}
    for each in sorted(needs, key=lambda need: need.on):
        condition = _resolved(each.condition, arns)
        # Names that mean the same ARNs share a statement.
        _, actions = found.setdefault(to_json({"": [arns[each.on], condition]}), (each, set()))
        actions.update(each.actions(purpose))
    for need, actions in found.values():
        if arns[need.on] and actions:
            yield _statement(need, actions, arns)
    yield from state_statements(scope.environment, scope.blueprints, purpose)
    if purpose == "apply":
        yield _NO_OTHER_ROLE


def _resolved(condition: Condition, arns: Arns) -> dict[str, dict[str, Any]]:
    return {
        operator: {
            key: list(arns[value[1:]]) if value.startswith("@") else value
            for key, value in keys.items()
        }
        for operator, keys in condition.items()
    }


def _statement(need: Need, actions: set[str], arns: Arns) -> Statement:
    title = "".join(part.capitalize() for part in need.on.split("_"))
    condition = _resolved(need.condition, arns)
    found = {
        "Sid": title + "".join(each.rpartition(":")[2] for each in sorted(actions) if condition),
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": [*arns[need.on]],
    }
    return found | ({"Condition": condition} if condition else {})


def _documents(statements: Iterable[Statement]) -> Iterator[Document]:
    """Yield as few documents as the first that has room gives."""
    most = quotas.MANAGED_POLICY.limit - _FRAME
    bins: list[tuple[int, list[Statement]]] = []
    for each in _within(statements, most):
        size = len(to_json(each)) + 1
        place = next((n for n, (used, _) in enumerate(bins) if used + size <= most), len(bins))
        used, found = bins.pop(place) if place < len(bins) else (0, [])
        bins.insert(place, (used + size, [*found, each]))
    yield from ({"Version": VERSION, "Statement": found} for _, found in bins)


def _within(statements: Iterable[Statement], room: int) -> Iterator[Statement]:
    """Yield statements that fit; a longer one in parts, of which no document has room for two."""
    for each in statements:
        frame = len(to_json(each | {"Resource": []})) + 1
        for resources in _parts(each["Resource"], room - frame):
            yield each | {"Resource": resources}


def _parts(resources: Iterable[str], room: int) -> Iterator[list[str]]:
    found: list[str] = []
    used = 0
    for each in resources:
        size = len(each) + _AROUND
        if found and used + size > room:
            yield found
            found, used = [], 0
        found.append(each)
        used += size
    yield found
