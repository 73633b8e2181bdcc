"""Warns of what is accepted, and yet probably not meant; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.errors import Diagnostic
from gateprint.model.document import Document, KeyPath
from gateprint.model.identity_tokens import takes_tokens_of
from gateprint.model.resolved import BY_TOKEN
from gateprint.model.secrets import is_secret_name
from gateprint.model.tokens import authorizers_for
from gateprint.model.words import listed

# IAM API, Tag: \p{L}\p{Z}\p{N} and these. Other services take more.
_SIGNS_OF_TAGS = set("_.:/=+-@")


def check_cautions(document: Document) -> Iterator[Diagnostic]:
    """Yield the warnings about a blueprint; one that is retired makes nothing to take care of."""
    if "retired" in document.mapping():
        return
    yield from _odd_tag(document, ("owner",), document.text("owner"))
    for name in document.mapping("stages"):
        yield from _secret_names(document, ("stages", name, "variables"))
    for name in document.mapping("apis"):
        yield from _any_origin(document, name)
        yield from _uncallable_routes(document, name)
    for name in document.mapping("functions"):
        yield from _secret_names(document, ("functions", name, "environment"))
    yield from _granted_methods(document)
    yield from _unused_authorizers(document)


def check_environment_cautions(document: Document) -> Iterator[Diagnostic]:
    """Yield the warnings about an environment."""
    yield from _secret_names(document, ("tags",))
    for key, value in document.mapping("tags").items():
        yield from _odd_tag(document, ("tags", key), key, key=True)
        yield from _odd_tag(document, ("tags", key), value)


def _odd_tag(
    document: Document, path: KeyPath, text: object, *, key: bool = False
) -> Iterator[Diagnostic]:
    odd = next((each for each in str(text or "") if not _is_of_tags(each)), None)
    if odd is not None:
        problem = f'IAM takes no "{odd}" in a tag, so the roles cannot be made'
        remedy = "use letters, digits, spaces and _.:/=+-@"
        yield document.warn(path, "odd-tag", problem, remedy, key=key)


def _is_of_tags(character: str) -> bool:
    return character in _SIGNS_OF_TAGS or unicodedata.category(character)[0] in "LZN"


def _secret_names(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    for name, value in document.mapping(*path).items():
        if isinstance(value, str) and is_secret_name(name) and not value.startswith("arn:"):
            problem = f'"{name}" sounds like a secret, and everybody who reads the state has it'
            remedy = "keep it in Secrets Manager, and give its ARN or name here"
            yield document.warn((*path, name), "secret-name", problem, remedy, key=True)


def _any_origin(document: Document, api: str) -> Iterator[Diagnostic]:
    origins = document.sequence("apis", api, "cors", "origins")
    routes = document.mapping("apis", api, "routes")
    if list(origins) == ["*"] and any(_is_signed(each) for each in routes.values()):
        path: KeyPath = ("apis", api, "cors", "origins", 0)
        problem = "every web page may read the answers to signed requests"
        remedy = "list the origins of the pages that call the API"
        yield document.warn(path, "any-origin", problem, remedy)


def _uncallable_routes(document: Document, api: str) -> Iterator[Diagnostic]:
    granted = set(_granted(document, api))
    routes = document.mapping("apis", api, "routes").items()
    left = [key for key, route in routes if _is_signed(route) and not {"all", key} & granted]
    if left:
        problem = f"no role may call {listed(left, most=3)}"
        path: KeyPath = ("apis", api, "routes", left[0])
        remedy = "grant it to a role, or remove it"
        yield document.warn(path, "uncallable-route", problem, remedy, key=True)


def _granted(document: Document, api: str) -> Iterator[str]:
    """Yield the routes of an API that some role is granted on some stage, or `all`."""
    for _, grant in _grants(document):
        if grant.get("api", api) == api:
            routes = grant.get("routes")
            written = routes if isinstance(routes, list) else [routes]
            yield from (each for each in written if isinstance(each, str))


def _grants(document: Document) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    for role in document.mapping("roles"):
        for index, grant in enumerate(document.sequence("roles", role, "allow")):
            if isinstance(grant, dict):
                yield ("roles", role, "allow", index), grant


def _granted_methods(document: Document) -> Iterator[Diagnostic]:
    for path, grant in _grants(document):
        routes = grant.get("routes")
        for index, key in enumerate(routes if isinstance(routes, list) else ()):
            if isinstance(key, str) and key.startswith("ANY "):
                problem = f'a grant of "{key}" is one of every method, DELETE among them'
                remedy = "declare and grant the methods that the role needs"
                yield document.warn((*path, "routes", index), "any-method", problem, remedy)


def _unused_authorizers(document: Document) -> Iterator[Diagnostic]:
    for auth in BY_TOKEN:
        yield from _unused_of(document, auth, authorizers_for(document, auth))


def _unused_of(document: Document, auth: str, declared: list[str]) -> Iterator[Diagnostic]:
    routes = [
        route
        for api in document.mapping("apis")
        for route in document.mapping("apis", api, "routes").values()
        if isinstance(route, dict) and route.get("auth") == auth
    ]
    default = declared[0] if len(declared) == 1 else None
    used = [route.get("authorizer", default) for route in routes]
    used += [name or default for name in takes_tokens_of(document)]
    for name in declared:
        if name not in used:
            path: KeyPath = ("authorizers", name)
            problem = f'no route takes tokens of "{name}"'
            remedy = f"give a route auth: {auth} and authorizer: {name}, or remove it"
            yield document.warn(path, "unused-authorizer", problem, remedy, key=True)


def _is_signed(route: object) -> bool:
    return isinstance(route, dict) and route.get("auth", "iam") == "iam"
