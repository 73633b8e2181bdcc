"""Checks what one blueprint says against itself: every name that it uses, it declares; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateprint.errors import Diagnostic
from gateprint.model.blueprint import Api, Blueprint, Grant, Route
from gateprint.model.fields import suggest
from gateprint.model.resolved import ACCOUNT_STACK, NOOP_FUNCTION, NOOP_HANDLER
from gateprint.model.routes import split_route
from gateprint.model.source import Document, KeyPath


@dataclass(frozen=True, slots=True)
class _Checker:
    document: Document
    blueprint: Blueprint

    def unknown(self, path: KeyPath, kind: str, name: str, accepted: list[str]) -> Diagnostic:
        section = {"route": "routes", "stage": "stages", "function": "functions", "API": "apis"}
        problem = f'{kind} "{name}" is not declared under {section[kind]}'
        code = f"unknown-{kind.lower()}"
        remedy = suggest(name, accepted) if accepted else f"declare it under {section[kind]}"
        return self.document.reject(path, code, problem, remedy)

    def api(self, name: str, api: Api) -> Iterator[Diagnostic]:
        for key, route in api.routes.items():
            path = ("apis", name, "routes", key, "function")
            declared = list(self.blueprint.functions)
            if route.function is not None and route.function not in declared:
                yield self.unknown(path, "function", route.function, declared)
            yield from self.passed_parameters(name, key, route)
        yield from self.siblings(name, api)
        yield from self.twins(name, api)

    def passed_parameters(self, api: str, key: str, route: Route) -> Iterator[Diagnostic]:
        """An HTTP backend's address may use the parameters of the route's path, no others."""
        declared = re.findall(r"\{([^}+]+)\+?\}", key)
        for name in re.findall(r"\{([^}]*)\}", route.http or ""):
            if name not in declared:
                path: KeyPath = ("apis", api, "routes", key, "http")
                problem = f"{{{name}}} is not a parameter of the route's path"
                yield self.document.reject(
                    path, "unknown-parameter", problem, suggest(name, declared)
                )

    def siblings(self, name: str, api: Api) -> Iterator[Diagnostic]:
        """API Gateway allows one parameter below one path, and `{rest+}` is one as well."""
        first: dict[tuple[str, ...], str] = {}
        for key in api.routes:
            segments = split_route(key)[1].split("/")
            for index, segment in enumerate(segments):
                if not segment.startswith("{"):
                    continue
                known = first.setdefault(tuple(segments[:index]), segment)
                if known != segment:
                    problem = f"{segment} and {known} stand at the same place in two paths"
                    where = self.document.locate(("apis", name, "routes", key), key=True)
                    is_rest = segment.endswith("+}") or known.endswith("+}")
                    cure = "keep one of them" if is_rest else f"write {known} in both"
                    remedy = f"{cure}: API Gateway takes one parameter at a place"
                    yield Diagnostic(where, "sibling-parameters", problem, remedy)

    def twins(self, name: str, api: Api) -> Iterator[Diagnostic]:
        """Paths that differ only in the case of letters are one to most people, two to AWS."""
        first: dict[str, str] = {}
        for key in api.routes:
            known = first.setdefault(key.lower(), key)
            if known != key:
                problem = f'"{key}" differs from "{known}" only in the case of letters'
                where = self.document.locate(("apis", name, "routes", key), key=True)
                yield Diagnostic(where, "twin-routes", problem, "keep one of the two")

    def grant(self, path: KeyPath, grant: Grant) -> Iterator[Diagnostic]:
        stages = list(self.blueprint.stages)
        for index, stage in enumerate(grant.stages or ()):
            if stage not in stages:
                yield self.unknown((*path, "stages", index), "stage", stage, stages)
        api = self.api_of(grant)
        apis = list(self.blueprint.apis)
        if grant.api is not None and api is None:
            yield self.unknown((*path, "api"), "API", grant.api, apis)
        elif api is None:
            problem = "the blueprint has several APIs, and the grant does not name one"
            remedy = f"add api: with one of {', '.join(apis)}"
            yield self.document.reject(path, "missing-api", problem, remedy)
        else:
            yield from self.granted_routes(path, grant, api)

    def api_of(self, grant: Grant) -> Api | None:
        apis = self.blueprint.apis
        if grant.api is None:
            return next(iter(apis.values())) if len(apis) == 1 else None
        return apis.get(grant.api)

    def granted_routes(self, path: KeyPath, grant: Grant, api: Api) -> Iterator[Diagnostic]:
        for index, key in enumerate(grant.routes or ()):
            where: KeyPath = (*path, "routes", index)
            if key not in api.routes:
                yield self.unknown(where, "route", key, list(api.routes))
            elif api.routes[key].auth != "iam":
                problem = f'"{key}" is auth: {api.routes[key].auth}, so a grant on it means nothing'
                remedy = "remove it here, or make the route auth: iam"
                yield self.document.reject(where, "grant-without-iam", problem, remedy)
        if grant.routes is None and all(route.auth != "iam" for route in api.routes.values()):
            problem = "the API has no route with auth: iam, so the grant means nothing"
            where = (*path, "routes")
            yield self.document.reject(where, "grant-without-iam", problem, "remove the grant")

    def functions(self) -> Iterator[Diagnostic]:
        if NOOP_FUNCTION in self.blueprint.functions:
            where = self.document.locate(("functions", NOOP_FUNCTION), key=True)
            problem = f'"{NOOP_FUNCTION}" is the name of the preflight function'
            yield Diagnostic(where, "reserved-name", problem, "name the function otherwise")
        yield from self.origins()

    def origins(self) -> Iterator[Diagnostic]:
        """A proxy function is told one set of origins, so its APIs have to agree."""
        first: dict[str, tuple[str, object]] = {}
        for name, api in self.blueprint.apis.items():
            allowed = api.cors.origins if api.cors else None
            for key, route in api.routes.items():
                if route.function is None:
                    continue
                known, said = first.setdefault(route.function, (name, allowed))
                if said != allowed:
                    where: KeyPath = ("apis", name, "routes", key, "function")
                    problem = f"{route.function} serves {known} too, whose origins differ"
                    remedy = "declare a second function with the same source and handler"
                    yield self.document.reject(where, "origins-differ", problem, remedy)


def check_references(document: Document, blueprint: Blueprint) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every name that is used but not declared, or means nothing."""
    checker = _Checker(document, blueprint)
    if blueprint.name == ACCOUNT_STACK:
        problem = f'"{ACCOUNT_STACK}" is the name of the stacks of what an account has once'
        remedy = "name the blueprint otherwise"
        yield document.reject(("name",), "reserved-name", problem, remedy)
    for name, api in blueprint.apis.items():
        yield from checker.api(name, api)
    yield from checker.functions()
    for role_name, role in blueprint.roles.items():
        for index, grant in enumerate(role.allow):
            yield from checker.grant(("roles", role_name, "allow", index), grant)


def check_sources(
    document: Document, blueprint: Blueprint, handlers: Mapping[str, frozenset[str]]
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every function whose source or handler is not below lambdas/.

    `handlers` maps each folder of lambdas/ to the `module.function` names that it offers.
    """
    for name, function in blueprint.functions.items():
        path: KeyPath = ("functions", name)
        if function.source not in handlers:
            problem = f"there is no folder lambdas/{function.source}"
            remedy = suggest(function.source, sorted(handlers)) if handlers else "make it"
            yield document.reject((*path, "source"), "unknown-source", problem, remedy)
        elif function.handler not in handlers[function.source]:
            problem = f'lambdas/{function.source} has no handler "{function.handler}"'
            offered = sorted(handlers[function.source])
            remedy = suggest(function.handler, offered) if offered else "define it there"
            yield document.reject((*path, "handler"), "unknown-handler", problem, remedy)
    for name, api in blueprint.apis.items():
        is_function = api.cors is not None and api.cors.preflight == "function"
        if is_function and NOOP_HANDLER not in handlers.get(NOOP_FUNCTION, ()):
            path = ("apis", name, "cors", "preflight")
            problem = f"lambdas/{NOOP_FUNCTION} has no handler {NOOP_HANDLER}"
            remedy = "define it there, or write preflight: mock"
            yield document.reject(path, "unknown-handler", problem, remedy)
