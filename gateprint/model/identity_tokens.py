"""Checks that every identity token is asked for where it can be verified; pure.

Like the references, it reads the document as written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.resolved import BY_TOKEN
from gateprint.model.resolved.identity_token import GUARD_RUNTIMES, GUARD_VARIABLE
from gateprint.model.words import suggest
from gateprint.model.written.function import Function
from gateprint.model.written.identity_token import DEFAULT_HEADER

_FIELD = "identity_token"
_RUNTIME = str(Function.model_fields["runtime"].default)


def check_identity_tokens(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every identity token that nobody could verify."""
    guarded: dict[str, KeyPath] = {}
    for path, route in _routes(document):
        if _FIELD in route:
            yield from _is_signed(document, path, route)
            yield from _has_function(document, path, route)
            yield from _names_an_issuer(document, path)
            if isinstance(route.get("function"), str):
                guarded.setdefault(route["function"], path)
    for name, path in guarded.items():
        yield from _one_token(document, name, path)
        yield from _can_be_guarded(document, name, path)


def takes_tokens_of(document: Document) -> Iterator[str | None]:
    """Yield the issuers that identity tokens name; None where that is left out."""
    for path, route in _routes(document):
        if _FIELD in route:
            yield document.text(*path, _FIELD, "issuer")


def _routes(document: Document) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    for api in document.mapping("apis"):
        for key, route in document.mapping("apis", api, "routes").items():
            if isinstance(route, dict):
                yield ("apis", api, "routes", key), route


def _is_signed(document: Document, path: KeyPath, route: Mapping[str, Any]) -> Iterator[Diagnostic]:
    if route.get("auth", "iam") in (*BY_TOKEN, "none"):
        problem = f"{_FIELD} is given, yet no signature is asked for"
        remedy = f"remove auth: {route['auth']}, or {_FIELD}"
        yield document.reject((*path, _FIELD), "identity-without-iam", problem, remedy, key=True)


def _has_function(
    document: Document, path: KeyPath, route: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    other = next((each for each in ("lambda_arn", "http", "mock") if each in route), None)
    if other is not None and "function" not in route:
        problem = f"{_FIELD} is verified in a function, and the backend is {other}"
        remedy = f"give the route a function of this blueprint, or remove {_FIELD}"
        yield document.reject(
            (*path, _FIELD), "identity-without-function", problem, remedy, key=True
        )


def issuers(document: Document) -> list[str]:
    """Return the authorizers that can issue identity tokens: those that are no user pools."""
    declared = document.mapping("authorizers")
    return [name for name in declared if "user_pools" not in document.mapping("authorizers", name)]


def _names_an_issuer(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    declared = issuers(document)
    at: KeyPath = (*path, _FIELD)
    if "issuer" in document.mapping(*at):
        name = document.text(*at, "issuer")
        if name is not None and name not in declared:
            problem = f'authorizer "{name}" with an issuer is not declared under authorizers'
            remedy = suggest(name, declared) if declared else "declare it under authorizers"
            yield document.reject((*at, "issuer"), "unknown-authorizer", problem, remedy)
    elif len(declared) != 1:
        problem = "an identity token is asked for, and no authorizer says who issues it"
        remedy = "declare one under authorizers"
        if declared:
            problem = "the blueprint has several authorizers, and the token's issuer is not named"
            remedy = f"add issuer: with one of {', '.join(declared)}"
        yield document.reject(at, "missing-authorizer", problem, remedy, key=True)


def _one_token(document: Document, function: str, guarded: KeyPath) -> Iterator[Diagnostic]:
    """What stands before a handler asks every request for the same token."""
    wanted = _said(document, guarded)
    for path, route in _routes(document):
        if route.get("function") == function and _said(document, path) != wanted:
            problem = f'{function} serves "{guarded[-1]}" too, whose identity token differs'
            remedy = "declare a second function with the same source and handler"
            yield document.reject((*path, "function"), "identities-differ", problem, remedy)


def _said(document: Document, path: KeyPath) -> tuple[str | None, ...] | None:
    said = document.mapping(*path, _FIELD)
    if not said:
        return None
    declared = issuers(document)
    default = declared[0] if len(declared) == 1 else None
    issuer, header = said.get("issuer", default), said.get("header", DEFAULT_HEADER)
    return str(issuer), str(said.get("claim")), str(header)


def _can_be_guarded(document: Document, function: str, route: KeyPath) -> Iterator[Diagnostic]:
    path: KeyPath = ("functions", function)
    runtime = document.text(*path, "runtime") or _RUNTIME
    if runtime in {"python3.10", "python3.11"}:
        problem = f'"{route[-1]}" asks for an identity token, which {runtime} cannot verify'
        remedy = f"write {' or '.join(GUARD_RUNTIMES)}"
        yield document.reject((*path, "runtime"), "identity-runtime", problem, remedy)
    if GUARD_VARIABLE in document.mapping(*path, "environment"):
        problem = f'"{GUARD_VARIABLE}" tells the function whose identity tokens count'
        at: KeyPath = (*path, "environment", GUARD_VARIABLE)
        yield document.reject(at, "reserved-name", problem, "name the variable otherwise", key=True)
