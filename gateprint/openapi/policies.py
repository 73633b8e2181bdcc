"""`x-amazon-apigateway-policy` as `only_from` and VPC endpoints, or why it is neither; pure.

API Gateway developer guide, "How API Gateway resource policies affect authorization workflow": a
route that nobody signs needs an Allow, and one that is signed is opened to the account by it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateprint.access.arn import request_pattern
from gateprint.access.policy import UNASKED
from gateprint.access.restriction import read_restriction
from gateprint.errors import InputRejected
from gateprint.openapi.extension import plain
from gateprint.openapi.reading import Node

_FRONT = re.compile(r"(?:execute-api:|arn:[a-z-]+:execute-api:[a-z0-9*-]*:[0-9*]*:[a-z0-9*]+)/(.+)")
_ALL = {"*", "*/*", "*/*/*"}
_WHOLE = "execute-api:/*"
_REMEDY = "say where callers must come from in Deny statements alone, or remove it"
# Only of requests that are not signed: what gateprint writes beside paths with parameters.
_UNSIGNED = {"Null": {"aws:PrincipalArn": "true"}}


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a policy stands before: the routes by key, as far as they are read, and the stages."""

    routes: Mapping[str, Mapping[str, Any]]
    stages: Sequence[str]
    is_private: bool
    has_cors: bool
    vpc_endpoints: tuple[str, ...] = ()

    @property
    def open_requests(self) -> set[str]:
        """Return what nobody is asked about but the policy, as `stage/METHOD/path`."""
        found = [key for key, each in self.routes.items() if each.get("auth") in UNASKED]
        paths = {key.partition(" ")[2] for key in self.routes} if self.has_cors else set()
        found += [f"OPTIONS {each}" for each in paths]
        split = [key.partition(" ") for key in found]
        return {
            request_pattern(stage, method, path)
            for stage in self.stages
            for method, _, path in split
        }

    @property
    def is_all_open(self) -> bool:
        """Tell whether there is no route that somebody else decides about."""
        return all(each.get("auth") in UNASKED for each in self.routes.values())


def policy_fields(node: Node, guarded: Guarded) -> dict[str, Any]:
    """Return the fields of an API that a resource policy stands for.

    Raises:
        InputRejected: it says more than they do, or less.
    """
    try:
        return _fields(_document(node.data), guarded)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        said = str(error) if isinstance(error, _Odd) else "it is written in a way of its own"
        problem = f"the API has a resource policy of its own: {said}"
        raise InputRejected([node.refuse(problem, _REMEDY)]) from None


class _Odd(ValueError):
    """What no blueprint says, in words."""


def _document(data: Any) -> Mapping[str, Any]:
    """Return a policy; API Gateway shows its text escaped once more."""
    if not isinstance(data, str):
        return dict(plain(data))
    try:
        return dict(json.loads(data))
    except ValueError:
        return dict(json.loads(json.loads(f'"{data}"')))


def _fields(document: Mapping[str, Any], guarded: Guarded) -> dict[str, Any]:
    said = document["Statement"]
    statements = [_normal(each) for each in (said if isinstance(said, list) else [said])]
    if not statements:
        raise _Odd("it allows nothing")
    _check_allowed([each for each in statements if each["Effect"] == "Allow"], guarded)
    denied = [each for each in statements if each["Effect"] != "Allow"]
    endpoints = _endpoints([each for each in denied if _keys(each) == {"aws:SourceVpce"}], guarded)
    others = [each for each in denied if _keys(each) != {"aws:SourceVpce"}]
    _check_addresses(others, guarded)
    restriction, problem = read_restriction(json.dumps({"Statement": others}))
    if problem:
        raise _Odd("it denies in a way that only_from does not")
    only: dict[str, Any] = {}
    if restriction is not None:
        only = {
            "source_ips": list(restriction.source_ips),
            "vpcs": list(restriction.vpcs),
            "organization": restriction.organization,
        }
    only = {name: value for name, value in only.items() if value}
    return {**endpoints, **({"only_from": only} if only else {})}


def _normal(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Return a statement in the spelling of gateprint's own."""
    principal, action = statement["Principal"], _one(statement["Action"])
    if principal not in ("*", {"AWS": "*"}, {"AWS": ["*"]}):
        raise _Odd("it names principals")
    if str(action).lower() != "execute-api:invoke":
        raise _Odd("it is about other actions than execute-api:Invoke")
    if set(statement) - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}:
        raise _Odd("it has other elements than such a policy")
    if statement["Effect"] not in {"Allow", "Deny"}:
        raise _Odd("it neither allows nor denies")
    return {
        "Effect": statement["Effect"],
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": _resource(statement["Resource"], statement["Effect"]),
        **({"Condition": statement["Condition"]} if "Condition" in statement else {}),
    }


def _one(said: Any) -> Any:
    return said[0] if isinstance(said, list) and len(said) == 1 else said


def _resource(said: Any, effect: str) -> Any:
    """Return `execute-api:/*` for the whole API; else what an Allow reaches of it."""
    listed = [str(each) for each in (said if isinstance(said, list) else [said])]
    reached = {_reached(each) for each in listed}
    if reached & _ALL:
        return _WHOLE
    if effect == "Deny":
        raise _Odd("it denies a part of the API")
    return sorted(reached)


def _reached(resource: str) -> str:
    found = _FRONT.fullmatch(resource)
    if found is None and resource != "*":
        raise _Odd("it is about something else than this API")
    return found[1] if found else "*"


def _check_allowed(allowed: Sequence[Mapping[str, Any]], guarded: Guarded) -> None:
    reached: set[str] = set()
    for each in allowed:
        if each.get("Condition") not in (None, {}, _UNSIGNED):
            raise _Odd("it allows on conditions")
        reached |= {"*"} if each["Resource"] == _WHOLE else set(each["Resource"])
    if "*" in reached:
        if not guarded.is_all_open:
            raise _Odd("what it allows, nobody decides about but the policy")
    elif reached != guarded.open_requests:
        raise _Odd("it allows other routes than those that nobody signs")


def _keys(statement: Mapping[str, Any]) -> set[str]:
    """Return what a condition asks about."""
    return {key for each in (statement.get("Condition") or {}).values() for key in each}


def _endpoints(denied: Sequence[Mapping[str, Any]], guarded: Guarded) -> dict[str, Any]:
    if not denied:
        return {}
    [statement] = denied
    [(operator, keys)] = statement["Condition"].items()
    said = keys["aws:SourceVpce"]
    found = tuple(str(each) for each in (said if isinstance(said, list) else [said]))
    is_known = not guarded.vpc_endpoints or set(found) == set(guarded.vpc_endpoints)
    if operator != "StringNotEquals" or not guarded.is_private or not is_known:
        raise _Odd("it lets in other VPC endpoints than those of the API")
    return {"vpc_endpoints": list(found)}


def _check_addresses(denied: Sequence[Mapping[str, Any]], guarded: Guarded) -> None:
    """See that a condition asks about what AWS knows of such an API's callers."""
    known = "aws:VpcSourceIp" if guarded.is_private else "aws:SourceIp"
    for each in denied:
        keys = _keys(each)
        if keys & {"aws:VpcSourceIp", "aws:SourceIp"} - {known}:
            raise _Odd("it asks for addresses that AWS does not see there")
        if "aws:PrincipalArn" in keys and "aws:PrincipalOrgID" not in keys:
            raise _Odd("it denies some callers alone")
