"""Checks that every name which a blueprint uses is declared, and that what it says means something.

It reads the document as written, so that a wrong value elsewhere hides nothing; pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from gateprint.errors import Diagnostic
from gateprint.model.blueprint import Blueprint
from gateprint.model.document import Document, KeyPath
from gateprint.model.fields import FUNCTION_NAME, NAME, STAGE_NAME
from gateprint.model.issuers import AUTHORIZER_MODULE, AUTHORIZER_SOURCE
from gateprint.model.resolved import ACCOUNT_STACK, BY_TOKEN, NOOP_FUNCTION, NOOP_HANDLER
from gateprint.model.routes import is_route, split_route
from gateprint.model.tokens import authorizers_for, check_token_references
from gateprint.model.words import closest, proposal, suggest
from gateprint.model.written import Api

_SECTIONS = {
    "authorizer": "authorizers",
    "function": "functions",
    "stage": "stages",
    "API": "apis",
    "route": "routes",
}
_IS_NAME: Mapping[str, Callable[[str], object]] = {
    "authorizer": re.compile(NAME, re.ASCII).fullmatch,
    "function": re.compile(FUNCTION_NAME, re.ASCII).fullmatch,
    "stage": re.compile(STAGE_NAME, re.ASCII).fullmatch,
    "API": re.compile(NAME, re.ASCII).fullmatch,
    "route": is_route,
}


def check_references(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every name that is used but not declared, or means nothing."""
    yield from _reserved_names(document)
    for api in document.mapping("apis"):
        yield from _functions_of(document, api)
        yield from _authorizers_of(document, api)
        yield from _passed_parameters(document, api)
        yield from _siblings(document, api)
        yield from _twins(document, api)
    yield from check_token_references(document)
    yield from _differing_origins(document)
    for role in document.mapping("roles"):
        for index, _ in enumerate(document.sequence("roles", role, "allow")):
            yield from _Grant(document, ("roles", role, "allow", index)).problems()


def _unknown(
    document: Document, path: KeyPath, kind: str, name: str, accepted: Iterable[str]
) -> Iterator[Diagnostic]:
    section, names = _SECTIONS[kind], list(accepted)
    meant = closest(name, names)
    if meant is not None and not _IS_NAME[kind](meant):
        return  # The name is wrong where it is declared, and that is said there.
    problem = f'{kind} "{name}" is not declared under {section}'
    remedy = proposal(meant, names) if names else f"declare it under {section}"
    if name == "all" and kind in {"stage", "route"}:
        remedy = f"write {section}: all, without [ ]"
    yield document.reject(path, f"unknown-{kind.lower()}", problem, remedy)


@lru_cache(maxsize=32_768)
def _shape(route: str) -> str:
    """Return a route with the same sign for every parameter, and for a star."""
    return re.sub(r"\{[^{}]*\}|\*|(?<=/):[^/]+|<[^>]*>", "{}", route).lower()


def _is_readable(document: Document, section: str) -> bool:
    """Tell whether a section is there; if its name is mistyped, that is said already."""
    if section in document.mapping():
        return isinstance(document.get(section), dict)
    return all(each in Blueprint.model_fields for each in document.mapping())


def _reserved_names(document: Document) -> Iterator[Diagnostic]:
    if document.text("name") == ACCOUNT_STACK:
        problem = f'"{ACCOUNT_STACK}" is the name of the stacks of what an account has once'
        yield document.reject(("name",), "reserved-name", problem, "name the blueprint otherwise")
    if NOOP_FUNCTION in document.mapping("functions"):
        problem = f'"{NOOP_FUNCTION}" is the name of the preflight function'
        path: KeyPath = ("functions", NOOP_FUNCTION)
        yield document.reject(
            path, "reserved-name", problem, "name the function otherwise", key=True
        )


def _apis(document: Document) -> list[str]:
    """Return the names of the APIs, without what has no routes, and is a field of an API."""
    names = list(document.mapping("apis"))
    whole = [each for each in names if "routes" in document.mapping("apis", each)]
    return whole or [each for each in names if each not in Api.model_fields]


def _functions_of(document: Document, api: str) -> Iterator[Diagnostic]:
    if not _is_readable(document, "functions"):
        return
    declared = document.mapping("functions")
    for key in document.mapping("apis", api, "routes"):
        path: KeyPath = ("apis", api, "routes", key, "function")
        name = document.text(*path)
        if name is not None and name not in declared:
            yield from _unknown(document, path, "function", name, declared)


def _authorizers_of(document: Document, api: str) -> Iterator[Diagnostic]:
    if not _is_readable(document, "authorizers"):
        return
    declared = document.mapping("authorizers")
    for key, route in document.mapping("apis", api, "routes").items():
        path: KeyPath = ("apis", api, "routes", key)
        name = document.text(*path, "authorizer")
        if name is not None and name not in declared:
            accepted = authorizers_for(document, document.text(*path, "auth") or "") or declared
            yield from _unknown(document, (*path, "authorizer"), "authorizer", name, accepted)
        elif document.text(*path, "auth") in BY_TOKEN and "authorizer" not in route:
            accepted = authorizers_for(document, str(document.text(*path, "auth")))
            yield from _left_out(document, path, accepted)


def _left_out(document: Document, path: KeyPath, declared: list[str]) -> Iterator[Diagnostic]:
    """A route may leave out whose tokens it takes where there is one authorizer of its kind."""
    if len(declared) == 1:
        return
    has = " with user_pools" if document.text(*path, "auth") == "cognito" else ""
    problem = f"the route takes tokens, and no authorizer{has} is declared"
    remedy = "declare one under authorizers"
    if declared:
        problem = "the blueprint has several authorizers, and the route does not name one"
        remedy = f"add authorizer: with one of {', '.join(declared)}"
    yield document.reject((*path, "auth"), "missing-authorizer", problem, remedy)


def _passed_parameters(document: Document, api: str) -> Iterator[Diagnostic]:
    """An HTTP backend's address may use the parameters of the route's path, no others."""
    for key in _routes(document, api):
        path: KeyPath = ("apis", api, "routes", key, "http")
        declared = re.findall(r"\{([^{}+]+)\+?\}", key)
        for name in dict.fromkeys(re.findall(r"\{([^{}]*)\}", document.text(*path) or "")):
            if name not in declared:
                problem = f"{{{name}}} is not a parameter of the route's path"
                yield document.reject(path, "unknown-parameter", problem, suggest(name, declared))


def _siblings(document: Document, api: str) -> Iterator[Diagnostic]:
    """API Gateway allows one parameter below one path, and `{rest+}` is one as well."""
    first: dict[tuple[str, ...], str] = {}
    for key in _routes(document, api):
        segments = split_route(key)[1].split("/")
        for index, segment in enumerate(segments):
            if not segment.startswith("{"):
                continue
            known = first.setdefault(tuple(segments[:index]), segment)
            if known != segment:
                problem = f"{segment} and {known} stand at the same place in two paths"
                is_rest = segment.endswith("+}") or known.endswith("+}")
                cure = "keep one of them" if is_rest else f"write {known} in both"
                remedy = f"{cure}: API Gateway takes one parameter at a place"
                path: KeyPath = ("apis", api, "routes", key)
                yield document.reject(path, "sibling-parameters", problem, remedy, key=True)


def _twins(document: Document, api: str) -> Iterator[Diagnostic]:
    """Paths that differ only in the case of letters are one to most people, two to AWS."""
    first: dict[str, str] = {}
    for key in _routes(document, api):
        known = first.setdefault(key.lower(), key)
        if known != key:
            problem = f'"{key}" differs from "{known}" only in the case of letters'
            path: KeyPath = ("apis", api, "routes", key)
            yield document.reject(path, "twin-routes", problem, "keep one of the two", key=True)


def _routes(document: Document, api: str) -> Iterator[str]:
    """Yield the keys of an API that are routes; what others are is said elsewhere."""
    return (key for key in document.mapping("apis", api, "routes") if is_route(key))


def _differing_origins(document: Document) -> Iterator[Diagnostic]:
    """A proxy function is told one set of origins, so its APIs have to agree."""
    first: dict[str, tuple[str, object]] = {}
    for api in document.mapping("apis"):
        allowed = document.get("apis", api, "cors", "origins")
        for key in document.mapping("apis", api, "routes"):
            path: KeyPath = ("apis", api, "routes", key, "function")
            function = document.text(*path)
            if function is None:
                continue
            known, said = first.setdefault(function, (api, allowed))
            if said != allowed:
                problem = f"{function} serves {known} too, whose origins differ"
                remedy = "declare a second function with the same source and handler"
                yield document.reject(path, "origins-differ", problem, remedy)


@dataclass(frozen=True, slots=True)
class _Grant:
    """One grant of a role: where it stands."""

    document: Document
    path: KeyPath

    def problems(self) -> Iterator[Diagnostic]:
        return chain(self._stages(), self._api_and_routes())

    def _stages(self) -> Iterator[Diagnostic]:
        declared = self.document.mapping("stages")
        if not _is_readable(self.document, "stages"):
            return
        for index, stage in enumerate(self.document.sequence(*self.path, "stages")):
            if isinstance(stage, str) and stage not in declared:
                path = (*self.path, "stages", index)
                yield from _unknown(self.document, path, "stage", stage, declared)

    def _api_and_routes(self) -> Iterator[Diagnostic]:
        apis = _apis(self.document)
        if not _is_readable(self.document, "apis") or not self.document.mapping(*self.path):
            return
        name = self.document.text(*self.path, "api")
        if name is not None and name not in self.document.mapping("apis"):
            yield from _unknown(self.document, (*self.path, "api"), "API", name, apis)
        elif name is None and len(apis) > 1:
            problem = "the blueprint has several APIs, and the grant does not name one"
            remedy = f"add api: with one of {', '.join(apis)}"
            yield self.document.reject(self.path, "missing-api", problem, remedy)
        elif apis:
            yield from self._routes(name or apis[0])

    def _routes(self, api: str) -> Iterator[Diagnostic]:
        declared = self.document.mapping("apis", api, "routes")
        granted = self.document.get(*self.path, "routes")
        if not declared:
            return
        for index, key in enumerate(granted if isinstance(granted, list) else ()):
            if isinstance(key, str):
                yield from self._route((*self.path, "routes", index), key, declared)
        if granted == "all" and not any(_is_signed(route) for route in declared.values()):
            problem = "the API has no route with auth: iam, so the grant means nothing"
            path: KeyPath = (*self.path, "routes")
            yield self.document.reject(path, "grant-without-iam", problem, "remove the grant")

    def _route(self, path: KeyPath, key: str, declared: Mapping[str, Any]) -> Iterator[Diagnostic]:
        if key not in declared:
            # What differs in the names of parameters alone is nearer than what looks alike.
            alike = [each for each in declared if _shape(each) == _shape(key)]
            yield from _unknown(self.document, path, "route", key, alike or declared)
        elif not _is_signed(declared[key]):
            problem = f'"{key}" is auth: {declared[key]["auth"]}, so a grant on it means nothing'
            remedy = "remove it here, or make the route auth: iam"
            yield self.document.reject(path, "grant-without-iam", problem, remedy)


def _is_signed(route: object) -> bool:
    """Tell whether IAM checks callers; a route that says nothing readable counts as checked."""
    return not isinstance(route, dict) or route.get("auth", "iam") not in (*BY_TOKEN, "none")


def check_sources(
    document: Document, handlers: Mapping[str, frozenset[str]]
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every function whose source or handler is not below lambdas/.

    `handlers` maps each folder of lambdas/ to the `module.function` names that it offers.
    """
    for name in document.mapping("functions"):
        yield from _check_source(document, ("functions", name), handlers)
    for name in document.mapping("apis"):
        path: KeyPath = ("apis", name, "cors", "preflight")
        is_function = document.text(*path) == "function"
        if is_function and NOOP_HANDLER not in handlers.get(NOOP_FUNCTION, ()):
            problem = f"lambdas/{NOOP_FUNCTION} has no handler {NOOP_HANDLER}"
            remedy = "define it there, or write preflight: mock"
            yield document.reject(path, "unknown-handler", problem, remedy)
    for name in authorizers_for(document, "jwt"):
        if AUTHORIZER_MODULE not in handlers.get(AUTHORIZER_SOURCE, ()):
            problem = f"lambdas/{AUTHORIZER_SOURCE} has no index.mjs that exports handler"
            remedy = "put the function there that comes with gateprint"
            path = ("authorizers", name)
            yield document.reject(path, "unknown-handler", problem, remedy, key=True)


def _check_source(
    document: Document, path: KeyPath, handlers: Mapping[str, frozenset[str]]
) -> Iterator[Diagnostic]:
    source, handler = document.text(*path, "source"), document.text(*path, "handler")
    if source is not None and source not in handlers:
        problem = f"there is no folder lambdas/{source}"
        known = sorted(each for each, names in handlers.items() if names != {AUTHORIZER_MODULE})
        remedy = suggest(source, known) if known else "make it"
        yield document.reject((*path, "source"), "unknown-source", problem, remedy)
    elif source is not None and handler is not None and handler not in handlers[source]:
        problem = f'lambdas/{source} has no handler "{handler}"'
        offered = [each for each in sorted(handlers[source]) if "._" not in each]
        remedy = suggest(handler, offered) if offered else "define it there"
        yield document.reject((*path, "handler"), "unknown-handler", problem, remedy)
