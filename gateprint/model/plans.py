"""Checks that usage plans and the routes that need an API key fit together; pure.

Like the references, it reads the document as written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.words import listed, suggest


def check_plans(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every plan that opens nothing, and every route that none opens."""
    plans = [_Plan(document, name) for name in document.mapping("plans")]
    wrong = [each for plan in plans for each in plan.problems()]
    yield from wrong
    yield from _keys_of_two_plans(document, plans)
    if not wrong:
        # What a wrong plan was meant to open is not known.
        for api in document.mapping("apis"):
            yield from _unopened(document, api, plans)


def needs_key(route: object) -> bool:
    """Tell whether a route is `api_key: true`, as its author writes it."""
    return isinstance(route, Mapping) and route.get("api_key") == "true"


@dataclass(frozen=True, slots=True)
class _Plan:
    """One plan as it is written."""

    document: Document
    name: str

    @property
    def path(self) -> KeyPath:
        return ("plans", self.name)

    @property
    def api(self) -> str | None:
        apis = list(self.document.mapping("apis"))
        if "api" not in self.document.mapping(*self.path):
            return apis[0] if len(apis) == 1 else None
        return self.document.text(*self.path, "api")

    @property
    def stages(self) -> Sequence[object]:
        said = self.document.get(*self.path, "stages")
        return list(self.document.mapping("stages")) if said == "all" else self._listed("stages")

    @property
    def keys(self) -> Sequence[object]:
        return self._listed("keys")

    def _listed(self, field: str) -> Sequence[object]:
        return list(self.document.sequence(*self.path, field))

    def problems(self) -> Iterator[Diagnostic]:
        stages = list(self.document.mapping("stages"))
        for index, each in enumerate(self._listed("stages")):
            if isinstance(each, str) and each not in stages:
                path = (*self.path, "stages", index)
                yield _unknown(self.document, path, "stage", each, stages)
        yield from self._api_and_routes()

    def _api_and_routes(self) -> Iterator[Diagnostic]:
        apis = list(self.document.mapping("apis"))
        if self.api is None and "api" not in self.document.mapping(*self.path) and len(apis) > 1:
            problem = "the blueprint has several APIs, and the plan does not name one"
            remedy = f"add api: with one of {', '.join(apis)}"
            yield self.document.reject(self.path, "missing-api", problem, remedy, key=True)
        elif self.api is not None and self.api not in apis:
            yield _unknown(self.document, (*self.path, "api"), "API", self.api, apis)
        elif self.api is not None:
            yield from self._routes(self.document.mapping("apis", self.api, "routes"))

    def _routes(self, declared: Mapping[str, object]) -> Iterator[Diagnostic]:
        for key in self.document.mapping(*self.path, "routes"):
            path: KeyPath = (*self.path, "routes", key)
            if key not in declared:
                yield _unknown(self.document, path, "route", key, list(declared), key=True)
            elif not needs_key(declared[key]):
                problem = f'"{key}" needs no API key, so a limit for keys means nothing'
                remedy = "remove it here, or give the route api_key: true"
                yield self.document.reject(path, "plan-without-key", problem, remedy, key=True)
        if declared and not any(needs_key(each) for each in declared.values()):
            problem = f"no route of {self.api} needs an API key, so the plan opens nothing"
            remedy = "give a route api_key: true, or remove the plan"
            yield self.document.reject(self.path, "plan-without-key", problem, remedy, key=True)


def _unknown(
    document: Document,
    path: KeyPath,
    kind: str,
    name: str,
    declared: list[str],
    *,
    key: bool = False,
) -> Diagnostic:
    section = "apis" if kind == "API" else f"{kind}s"
    problem = f'{kind} "{name}" is not declared under {section}'
    remedy = suggest(name, declared) if declared else f"declare it under {section}"
    if name == "all":
        remedy = f"write {section}: all, without [ ]"
    return document.reject(path, f"unknown-{kind.lower()}", problem, remedy, key=key)


def _keys_of_two_plans(document: Document, plans: Sequence[_Plan]) -> Iterator[Diagnostic]:
    """API Gateway takes a key once for a stage of an API (API reference, CreateUsagePlanKey)."""
    first: dict[tuple[object, ...], _Plan] = {}
    for plan in plans:
        for index, key in enumerate(plan.keys):
            places = [(plan.api, stage, key) for stage in plan.stages]
            known = [first.setdefault(each, plan) for each in places]
            other = next((each for each in known if each is not plan), None)
            if other is not None:
                both = listed([str(each) for each in plan.stages if each in other.stages], most=3)
                problem = f'the key "{key}" is in the plan {other.name} too, on {both}'
                remedy = "remove it from one of the two, or give each plan a key of its own"
                path: KeyPath = (*plan.path, "keys", index)
                yield document.reject(path, "key-in-two-plans", problem, remedy)


def _unopened(document: Document, api: str, plans: Sequence[_Plan]) -> Iterator[Diagnostic]:
    routes = document.mapping("apis", api, "routes")
    keyed = [key for key, route in routes.items() if needs_key(route)]
    covered = {stage for plan in plans if plan.api == api for stage in plan.stages}
    left = [each for each in document.mapping("stages") if each not in covered]
    if keyed and left:
        problem = f"no plan of {api} is for {listed(left, most=3)}, so no key opens it there"
        remedy = "add the stage to a plan, add a plan, or remove api_key"
        path: KeyPath = ("apis", api, "routes", keyed[0], "api_key")
        yield document.reject(path, "route-without-plan", problem, remedy)
