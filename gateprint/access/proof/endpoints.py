"""What the policies of VPC endpoints must say, stated apart from what the compiler writes; pure.

To the letter, as for resource policies: each statement lets somebody through to something, and
all that the statements let through together are the passages that the environment has, no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateprint.access.proof.found import StackAccess
from gateprint.errors import Difference
from gateprint.model.resolved import Environment, Passage, VpcEndpoint

# A resource, and who may pass to it; everybody is empty.
_Pass = tuple[str, str]
_FIELDS = {"Sid", "Effect", "Principal", "Action", "Resource"}
_SAYING = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}


def prove_endpoints(environment: Environment, stack: StackAccess) -> Iterator[Difference]:
    """Yield every difference between the endpoints of an environment and those of its stack."""
    stated = {each.id: each for each in environment.vpc_endpoints}
    for name in sorted(stated.keys() | stack.endpoint_policies.keys()):
        said = _said(environment, stated.get(name), stack.endpoint_policies.get(name))
        if said:
            yield Difference(environment.account_stack, "resource-policy", f"{name} {said}")


def _said(environment: Environment, stated: VpcEndpoint | None, found: str | None) -> str:
    if found is None:
        return "has no policy of this stack"
    if stated is None:
        return "is not in the environment, and has a policy"
    passes = _read(found)
    if passes is None:
        return "has a policy that says more than who passes to what"
    expected = set(_expected(environment, stated))
    if more := passes - expected:
        return f"lets through what is not stated: {_words(more)}"
    if less := expected - passes:
        return f"does not let through {_words(less)}"
    return ""


def _words(passes: Iterable[_Pass]) -> str:
    resource, role = min(passes)
    return f"{resource.partition('/')[2] or resource} for {role or 'everybody'}"


def _expected(environment: Environment, endpoint: VpcEndpoint) -> Iterator[_Pass]:
    where = environment
    front = f"arn:{where.partition}:execute-api:{where.region}:{where.account}:*"
    if endpoint.is_account_wide:
        yield front, ""
        return
    for each in endpoint.passages:
        for role in ("",) if each.roles is None else each.roles:
            yield f"{front}/{each.stage}/{_pattern(each)}", role


def _pattern(passage: Passage) -> str:
    """Return a method and a path in which `*` stands for what a caller chooses."""
    parts = ["*" if each[:1] == "{" else each for each in passage.path[1:].split("/")]
    return "/".join(["*" if passage.method == "ANY" else passage.method, *parts])


def _read(policy: str) -> set[_Pass] | None:
    """Return who passes to what; None where the policy has anything else."""
    try:
        found = json.loads(policy)["Statement"]
        return {each for one in found for each in _passes(one)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _passes(statement: Mapping[str, Any]) -> Iterator[_Pass]:
    condition = statement.get("Condition", {})
    roles = [""]
    if condition:
        [(operator, keys)] = condition.items()
        [(key, roles)] = keys.items()
        if (operator, key) != ("StringEquals", "aws:PrincipalArn") or not isinstance(roles, list):
            raise ValueError(key)
    is_plain = {name: statement[name] for name in _SAYING} == _SAYING
    if not is_plain or statement.keys() - {"Condition"} != _FIELDS:
        raise ValueError(statement)
    if not isinstance(statement["Resource"], list) or ("" in roles and condition):
        raise ValueError(statement)
    yield from ((resource, role) for resource in statement["Resource"] for role in roles)
