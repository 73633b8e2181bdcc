"""What routes ask of requests: from as written to final, and what they contradict; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gateprint.errors import Diagnostic
from gateprint.model import resolved, written
from gateprint.model.document import Document, KeyPath
from gateprint.model.resolved.request import Place
from gateprint.model.written.request import SCHEMA_FILE, Presence

# RFC 9110, sections 9.3.1 and 9.3.2: a body of theirs has no meaning. ANY is theirs too.
_WITHOUT_BODY = {"GET", "HEAD", "ANY"}
# Every REST API has these from its first day (developer guide, "Data models for REST APIs").
_MODELS_OF_AWS = {"Empty", "Error"}
_ANY_TYPE = "*/*"
_JSON = "application/json"

Schemas = Mapping[str, str]


def model_name(file: str) -> str:
    """Return the name of a file's model in API Gateway, which takes letters and digits alone.

    The folder does not matter, so that files can move: `schemas/pet-update.json` is `PetUpdate`.
    API Gateway API reference, CreateModel: "Must be alphanumeric".
    """
    stem = file.rpartition("/")[2].rpartition(".")[0]
    words = re.split(r"[^A-Za-z0-9]+", stem)
    return "".join(f"{each[:1].upper()}{each[1:]}" for each in words)


def resolve_request(request: written.Request | None, schemas: Schemas) -> resolved.Request | None:
    """Return what a route checks; None where it says nothing. `schemas` has the files' schemas."""
    if request is None:
        return None
    parameters = [
        *_parameters("querystring", request.query),
        *_parameters("header", request.headers),
    ]
    body = None
    if request.body is not None:
        # A file that is wrong has been refused by now; nothing is made of what stands here then.
        schema = schemas.get(request.body, "{}")
        body = resolved.Body(request.body, model_name(request.body), schema)
    return resolved.Request(body, tuple(parameters)) if body or parameters else None


def _parameters(place: Place, names: Mapping[str, Presence]) -> Iterator[resolved.Parameter]:
    for name, presence in names.items():
        yield resolved.Parameter(place, name, presence == "required")


def schema_files(document: Document) -> dict[str, KeyPath]:
    """Return the files that routes name as the form of their bodies, and where each comes first."""
    found: dict[str, KeyPath] = {}
    for path, _ in _requests(document):
        file = document.text(*path, "body")
        if file is not None and re.fullmatch(SCHEMA_FILE, file, re.ASCII):
            found.setdefault(file, (*path, "body"))
    return found


def _requests(document: Document) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    for api in document.mapping("apis"):
        for key in document.mapping("apis", api, "routes"):
            path: KeyPath = ("apis", api, "routes", key, "request")
            yield path, document.mapping(*path)


def check_requests(document: Document) -> Iterator[Diagnostic]:
    """Yield a diagnostic for everything that routes ask of requests, and that cannot be."""
    for path, request in _requests(document):
        yield from _body_of_a_method_without(document, path)
        yield from _twin_headers(document, path, request)
    for api in document.mapping("apis"):
        yield from _taken_names(document, api)
        yield from _binary_bodies(document, api)


def _body_of_a_method_without(document: Document, path: KeyPath) -> Iterator[Diagnostic]:
    method = str(path[3]).partition(" ")[0]
    if method in _WITHOUT_BODY and document.get(*path, "body") is not None:
        problem = f"{method} is called without a body, and would be refused for it"
        remedy = "remove body, or declare the method that has one"
        yield document.reject((*path, "body"), "wrong-request", problem, remedy, key=True)


def _twin_headers(
    document: Document, path: KeyPath, request: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    """Names of headers are compared without case (RFC 9110, section 5.1)."""
    first: dict[str, str] = {}
    headers = request.get("headers")
    for name in headers if isinstance(headers, dict) else ():
        known = first.setdefault(name.lower(), name)
        if known != name:
            problem = f'"{name}" is the header "{known}" once more'
            where = (*path, "headers", name)
            yield document.reject(where, "wrong-request", problem, "keep one of the two", key=True)


def _taken_names(document: Document, api: str) -> Iterator[Diagnostic]:
    """One model is one file: another of the same name would take its place."""
    first: dict[str, str] = {}
    for path, _ in _requests(document):
        file = document.text(*path, "body")
        if path[1] != api or file is None:
            continue
        name = model_name(file)
        known = first.setdefault(name.lower(), file)
        if known != file:
            problem = f"{file} and {known} are both called {name} in API Gateway"
            yield document.reject((*path, "body"), "wrong-request", problem, "rename one of them")
        elif name in _MODELS_OF_AWS:
            problem = f"every API of API Gateway has a model {name} of its own"
            yield document.reject((*path, "body"), "wrong-request", problem, "rename the file")


def _binary_bodies(document: Document, api: str) -> Iterator[Diagnostic]:
    """Whether API Gateway checks a body that it takes for binary is not documented."""
    binary = [str(each).lower() for each in document.sequence("apis", api, "binary_types")]
    if not binary:
        return
    for path, _ in _requests(document):
        if path[1] == api and document.get(*path, "body") is not None:
            where = (*path, "body")
            if _ANY_TYPE in binary or _JSON in binary:
                problem = "binary_types takes every JSON body for binary, and none may be checked"
                remedy = f"remove {_ANY_TYPE} and {_JSON} from binary_types, or body here"
                yield document.reject(where, "wrong-request", problem, remedy, key=True)
            else:
                problem = f"a body that is sent as {binary[0]} may reach the backend unchecked"
                remedy = "put the route into an API without binary_types, or check it there too"
                yield document.warn(where, "unchecked-body", problem, remedy, key=True)
