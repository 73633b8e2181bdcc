"""Usage plans and domains of an account's REST API as those of a blueprint, or why not; pure.

API Gateway API reference, UsagePlan, ApiKey and BasePathMapping. No value of a key is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gateprint.errors import Diagnostic
from gateprint.model.document import Document
from gateprint.model.written.domain import BASE_PATH, HostName
from gateprint.openapi.account import AccountApi
from gateprint.openapi.names import line_of, name_of
from gateprint.openapi.reading import Node
from gateprint.openapi.refusals import Refusals

_HOST: TypeAdapter[str] = TypeAdapter(HostName)
# API Gateway API reference, GetBasePathMapping: the root of a domain.
ROOT = "(none)"


@dataclass(frozen=True, slots=True)
class Places:
    """`plans` and `domains` of a blueprint, and the ids in AWS of its plans and keys by name."""

    plans: Mapping[str, Any] = field(default_factory=dict)
    domains: Mapping[str, Any] = field(default_factory=dict)
    plan_ids: Mapping[str, str] = field(default_factory=dict)
    key_ids: Mapping[str, str] = field(default_factory=dict)


def places_of(
    document: Document, found: AccountApi, prefix: str, stages: Sequence[str], refusals: Refusals
) -> Places:
    """Return what leads to an API; names lose `prefix`, which gateprint puts before them."""
    reader = _Reader(Node(document), found, prefix, refusals)
    plans = dict(reader.plans(list(stages)))
    domains = reader.domains(list(stages))
    return Places(plans, domains, reader.plan_ids, reader.key_ids)


class _Reader:
    def __init__(self, whole: Node, found: AccountApi, prefix: str, refusals: Refusals) -> None:
        self._whole, self._found, self._prefix = whole, found, prefix
        self._refusals = refusals
        self.plan_ids: dict[str, str] = {}
        self.key_ids: dict[str, str] = {}

    def plans(self, stages: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        for plan in self._found.usage_plans:
            if problems := list(self._unsaid(plan)):
                self._refusals.add(problems)
                continue
            name = self._named(str(plan["name"]), str(plan["id"]), self.plan_ids)
            keys = [
                self._named(str(each["name"]), str(each["id"]), self.key_ids)
                for each in plan["keys"]
            ]
            yield name, self._plan(plan, stages, keys)

    def _named(self, name: str, identity: str, known: dict[str, str]) -> str:
        """Return the name of a thing in the blueprint; one thing has one."""
        for own, other in known.items():
            if other == identity:
                return own
        wanted = name_of(name.removeprefix(self._prefix))
        own, number = wanted, 1
        while own in known:
            number += 1
            own = f"{wanted[:28]}-{number}"
        known[own] = identity
        return own

    def _unsaid(self, plan: Mapping[str, Any]) -> Iterator[Diagnostic]:
        called = f"the usage plan {plan['name']}"
        others = {str(each["apiId"]) for each in plan["apiStages"]} - {self._found.id}
        if others:
            yield self._no(f"{called} opens other APIs too", "give this API a plan of its own")
        if not plan["keys"]:
            yield self._no(f"{called} has no keys", "add one, or remove the plan")
        for each in plan["keys"]:
            if each.get("enabled") is False:
                problem = f"{called} has the key {each['name']}, which is switched off"
                yield self._no(problem, "take it out of the plan, or switch it on")
        if (plan.get("quota") or {}).get("offset"):
            problem = f"{called} has a first period that begins with requests used up"
            yield self._no(problem, "set the offset of its quota to 0")
        if plan.get("productCode"):
            yield self._no(f"{called} is of the AWS Marketplace", "keep it in a stack of its own")
        if len({_limits(each) for each in self._own(plan)}) > 1:
            problem = f"{called} has other limits of methods on each stage"
            yield self._no(problem, "give all stages the same, or each a plan of its own")
        for half in (plan.get("throttle") or {}, *_paces(self._own(plan))):
            if half and not {"rateLimit", "burstLimit"} <= set(half):
                problem = f"{called} has a rate without a burst, or a burst without a rate"
                yield self._no(problem, "give both")

    def _own(self, plan: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the stages of this API that a plan opens."""
        return [each for each in plan["apiStages"] if each["apiId"] == self._found.id]

    def _no(self, problem: str, remedy: str) -> Diagnostic:
        return self._whole.refuse(problem, remedy)

    def _plan(self, plan: Mapping[str, Any], stages: list[str], keys: list[str]) -> dict[str, Any]:
        opened = {str(each["stage"]) for each in plan["apiStages"]}
        quota = plan.get("quota") or {}
        limits = dict(_limits(self._own(plan)[0]))
        per = str(quota.get("period", "")).lower()
        found = {
            "description": line_of(str(plan.get("description") or "")),
            "stages": "all" if opened >= set(stages) else [s for s in stages if s in opened],
            "throttle": pace(plan["throttle"]) if plan.get("throttle") else None,
            "quota": {"requests": quota["limit"], "per": per} if quota.get("limit") else None,
            "routes": {_route(path): dict(limit) for path, limit in limits.items()},
            "keys": keys,
        }
        return {name: value for name, value in found.items() if value}

    def domains(self, stages: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for each in self._found.base_paths:
            host, said = str(each["domainName"]), str(each.get("basePath") or ROOT)
            path = "/" if said == ROOT else f"/{said}"
            stage = str(each.get("stage") or "")
            if problem := _misplaced(host, path, stage, stages):
                self._refusals.add([self._no(f"{host}{path}: {problem}", "map it otherwise")])
                continue
            domain = found.setdefault(host, {"existing": True, "base_paths": {}})
            domain["base_paths"][path] = {"stage": stage}
        return found


def _misplaced(host: str, path: str, stage: str, stages: list[str]) -> str:
    try:
        _HOST.validate_python(host)
    except ValidationError:
        return "it is no domain that a blueprint can name"
    if not re.fullmatch(BASE_PATH, path, re.ASCII):
        return "it is no base path that a blueprint can name"
    if stage not in stages:
        return "callers name the stage in the path" if not stage else f"there is no stage {stage}"
    return ""


def pace(limit: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rate and a burst as a blueprint writes them."""
    rate = float(limit["rateLimit"])
    number = int(rate) if rate.is_integer() else rate
    return {"rate": number, "burst": int(limit["burstLimit"])}


def _paces(stages: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for each in stages:
        yield from (each.get("throttle") or {}).values()


def _limits(stage: Mapping[str, Any]) -> tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]:
    """Return the limits of single methods on a stage, by the path that names them."""
    return tuple(
        (path, tuple(pace(limit).items()))
        for path, limit in sorted((stage.get("throttle") or {}).items())
        if {"rateLimit", "burstLimit"} <= set(limit)
    )


def _route(path: str) -> str:
    """Return `GET /pets` for `/pets/GET`."""
    place, _, method = path.rpartition("/")
    return f"{method} {place or '/'}"
