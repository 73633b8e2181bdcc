"""What documents without `x-gateprint` say of callers, requests and places; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.openapi import words
from gateprint.openapi.checks import Checker
from gateprint.openapi.policies import Guarded, policy_fields
from gateprint.openapi.reading import Node
from gateprint.openapi.refusals import Refusals
from gateprint.openapi.schemes import KEY_ALONE, Issuers, Schemes

_Routes = Mapping[str, Mapping[str, Any]]
_PLAN = "imported"


@dataclass(frozen=True, slots=True)
class Others:
    """What others' documents do not tell, or an account tells beside them.

    With `has_checks` what is said about requests is checked though no validator asks for it.
    `plans` is None where nobody knows; `throttles` are by route.
    """

    issuers: Issuers = field(default_factory=Issuers)
    has_checks: bool = False
    plans: Mapping[str, Any] | None = None
    domains: Mapping[str, Any] = field(default_factory=dict)
    throttles: Mapping[str, Any] = field(default_factory=dict)


class Foreign:
    """Reads a document of others, in the words of a blueprint."""

    def __init__(self, whole: Node, blueprint: str, told: Others, refusals: Refusals) -> None:
        self._whole, self._told, self._refusals = whole, told, refusals
        self._schemes = Schemes(whole, told.issuers, refusals)
        self._checker = Checker(whole, blueprint, refusals, is_wished=told.has_checks)

    def auth(self, operation: Node, key: str) -> dict[str, Any] | None:
        """Return who is checked beside or instead of a signature; None where nobody else is."""
        found = self._schemes.asked(operation, key)
        if found and found.get("public") == KEY_ALONE:
            self._refusals.remark(
                "public: routes with api_key alone let in everybody who has a key; decide about "
                "each"
            )
        return found

    def others(self, item: Node, operation: Node, key: str) -> dict[str, Any]:
        """Return what is checked of requests, and how fast the route may be called."""
        throttle = self._told.throttles.get(key)
        said = {"throttle": dict(throttle)} if throttle else {}
        return {**self._checker.request_of(item, operation, key), **said}

    def api_fields(
        self, endpoint: Mapping[str, Any], routes: _Routes, stages: Mapping[str, Any], cors: Any
    ) -> dict[str, Any]:
        """Return where callers must come from, and whether the API has its own address."""
        found: dict[str, Any] = {}
        is_hidden = self._whole.text(words.ENDPOINTS, "disableExecuteApiEndpoint") == "true"
        if is_hidden and self._told.domains:
            found["default_endpoint"] = False
        if words.POLICY in self._whole.mapping():
            guarded = Guarded(
                routes,
                tuple(stages),
                endpoint.get("endpoint") == "private",
                bool(cors),
                tuple(endpoint.get("vpc_endpoints", ())),
            )
            with self._refusals:
                found |= policy_fields(self._whole.at(words.POLICY), guarded)
        return found

    def blueprint_fields(self, routes: _Routes, stages: Mapping[str, Any]) -> dict[str, Any]:
        """Return the authorizers, plans and domains of a blueprint with these routes."""
        used = {each.get("authorizer") for each in routes.values()}
        authorizers = {
            name: each for name, each in self._schemes.authorizers.items() if name in used
        }
        found = {
            "authorizers": authorizers,
            "plans": self._plans(routes, list(stages)),
            "domains": dict(self._told.domains),
        }
        return {name: each for name, each in found.items() if each}

    def _plans(self, routes: _Routes, stages: list[str]) -> Mapping[str, Any]:
        keyed = [key for key, each in routes.items() if each.get("api_key")]
        plans = {name: _of_keyed(plan, keyed) for name, plan in (self._told.plans or {}).items()}
        if not keyed:
            for name in plans:
                self._refusals.remark(
                    f"left as it is: the plan {name}, since no route asks for an API key"
                )
            return {}
        opened = [_stages(plan, stages) for plan in plans.values()]
        missing = [each for each in stages if not any(each in one for one in opened)]
        return {**plans, **(self._invented(missing, stages) if missing else {})}

    def _invented(self, missing: list[str], stages: list[str]) -> dict[str, Any]:
        """Return a plan for stages that none opens: of a description nobody knows the keys."""
        if self._told.plans is not None:
            problem = f"no usage plan that a blueprint can have opens the stage {missing[0]}"
            self._refusals.add([self._whole.refuse(problem, "add the stage to a usage plan")])
        self._refusals.remark(
            f"plans: whose keys open the API is not known, so the plan and the key {_PLAN} were "
            "invented; name those who get one"
        )
        return {_PLAN: {"stages": "all" if missing == stages else missing, "keys": [_PLAN]}}

    def files(self, routes: _Routes) -> dict[str, str]:
        """Return the schemas that routes name, by file."""
        used = {each.get("request", {}).get("body") for each in routes.values()}
        texts = self._checker.forms.texts
        return {file: text for file, text in texts.items() if file in used}


def _of_keyed(plan: Mapping[str, Any], keyed: list[str]) -> dict[str, Any]:
    """Return a plan without limits of routes that ask for no key, where they limit nothing."""
    limits = {key: each for key, each in plan.get("routes", {}).items() if key in keyed}
    rest = {name: each for name, each in plan.items() if name != "routes"}
    return {**rest, **({"routes": limits} if limits else {})}


def _stages(plan: Mapping[str, Any], stages: list[str]) -> list[str]:
    return stages if plan["stages"] == "all" else list(plan["stages"])
