"""An OpenAPI document → a blueprint as plain data, with remarks for its reader; pure.

Everything is taken over, refused by name, or, with `is_partial`, left out and listed. What only
describes requests and answers for readers has no place in a blueprint, and is remarked once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.errors import InputRejected
from gateprint.model.document import Document
from gateprint.openapi import servers, words
from gateprint.openapi.authorizers import token_auth
from gateprint.openapi.backends import Known, backend_of
from gateprint.openapi.bodies import body_file, request_of
from gateprint.openapi.extension import route_extension
from gateprint.openapi.foreign import Foreign, Others
from gateprint.openapi.names import line_of, name_of
from gateprint.openapi.outside import check_document, check_operation, check_path_item
from gateprint.openapi.own import own_of
from gateprint.openapi.paths import Paths
from gateprint.openapi.preflights import cors_of
from gateprint.openapi.reading import Node
from gateprint.openapi.refusals import Refusals
from gateprint.openapi.security import auth_of, needs_key

_METHODS = {stands: method for method, stands in words.OPERATIONS.items()}
_PUBLIC = "imported: the description lets everybody in; decide whether it should"
# Until somebody says what answers. The status says so to callers too (RFC 9110, 15.6.2).
_NO_BACKEND = {"status": 501, "body": '{"message": "Not implemented: it has no backend yet"}'}
_DESCRIBING = ("requestBody", "parameters", "callbacks")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the document does not tell.

    `stages` are those of a description without `x-gateprint`; `name` takes the place of one that
    is made from the title. `has_base_path` puts the server's base path before every path.
    """

    name: str | None = None
    api: str | None = None
    stages: Mapping[str, Any] = field(default_factory=dict)
    is_partial: bool = False
    has_base_path: bool = False
    endpoint: str = "regional"
    others: Others = field(default_factory=Others)


@dataclass(frozen=True, slots=True)
class Draft:
    """A blueprint as plain data, and what its reader has to know or to decide.

    `files` are the texts of the schemas that lie beside it.
    """

    blueprint: Mapping[str, Any]
    api: str
    remarks: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)


def draft_of(document: Document, wishes: Wishes) -> Draft:
    """Return the blueprint that says what the document says.

    Raises:
        InputRejected: with everything that no blueprint can say.
    """
    return _Importer(document, wishes).draft()


class _Importer:
    def __init__(self, document: Document, wishes: Wishes) -> None:
        self._whole, self._wishes = Node(document), wishes
        self._refusals = Refusals(is_partial=wishes.is_partial)
        self._own = own_of(self._whole)
        self._paths = Paths("", self._refusals)
        self._cors: Mapping[str, Any] | None = None
        self._files: dict[str, str] = {}
        self._name = self._named()
        self._foreign = Foreign(self._whole, self._name, wishes.others, self._refusals)

    def draft(self) -> Draft:
        name = self._name
        api_name = self._own.api or self._wishes.api or name
        with self._refusals:
            self._paths = Paths(self._prefix(), self._refusals)
        self._cors = self._own.cors or cors_of(list(self._preflights()), self._refusals)
        has_cors, has_domains = bool(self._cors), bool(self._wishes.others.domains)
        self._refusals.add(
            check_document(self._whole, self._own, has_cors=has_cors, has_domains=has_domains)
        )
        api = self._api()
        blueprint = self._blueprint(name, api_name, api)
        remarks = self._refusals.remarks()
        if not api["routes"]:
            problem, remedy = "nothing in it can be a route", "give one with paths"
            raise InputRejected([self._whole.at("paths").refuse(problem, remedy)])
        files = {**self._files, **self._foreign.files(api["routes"])}
        return Draft(blueprint, api_name, remarks, files)

    def _named(self) -> str:
        title = self._whole.text("info", "title") or ""
        return self._wishes.name or self._own.name or name_of(title)

    def _prefix(self) -> str:
        base = "" if self._own.is_there else servers.base_path(self._whole)
        if base and not self._wishes.has_base_path:
            self._refusals.remark(
                f"base path: the description's paths are below {base}; here they are below the "
                "stage, as API Gateway imports them, or with --base-path prepend below both"
            )
            return ""
        return base

    def _blueprint(self, name: str, api_name: str, api: Mapping[str, Any]) -> dict[str, Any]:
        if self._own.is_there:
            return {**self._own.blueprint, "name": name, "apis": {api_name: api}}
        stages = dict(self._wishes.stages)
        beside = self._foreign.blueprint_fields(api["routes"], stages)
        return {"blueprint": 1, "name": name, "stages": stages, "apis": {api_name: api}, **beside}

    def _api(self) -> dict[str, Any]:
        description = line_of(self._whole.text("info", "description"))
        binary = [str(each) for each in self._whole.at(words.BINARY_TYPES).data or ()]
        routes = self._routes()
        endpoint = servers.endpoint(self._whole, self._own, self._wishes.endpoint)
        if not self._own.is_there:
            stages = self._wishes.stages
            endpoint = {
                **endpoint,
                **self._foreign.api_fields(endpoint, routes, stages, self._cors),
            }
        return {
            **({"description": description} if description else {}),
            **self._own.api_fields,
            **endpoint,
            **({"binary_types": binary} if binary else {}),
            **({"cors": self._cors} if self._cors else {}),
            "routes": {key: routes[key] for key in self._own.ordered(routes)},
        }

    def _preflights(self) -> Iterator[tuple[str, Node]]:
        for path, item in self._path_items():
            with self._refusals:
                if "options" in item.mapping():
                    yield path, _mapping_at(item, "options", f"OPTIONS {path}")

    def _path_items(self) -> Iterator[tuple[str, Node]]:
        paths = self._whole.at("paths")
        for path in paths.mapping():
            if path.startswith("/"):
                try:
                    yield path, _mapping_at(paths, path, path)
                except InputRejected as error:
                    self._refusals.add(error.diagnostics)

    def _routes(self) -> dict[str, dict[str, Any]]:
        routes: dict[str, dict[str, Any]] = {}
        for path, item in self._path_items():
            self._refusals.add(check_path_item(item, path))
            for name in item.mapping():
                if name in _METHODS:
                    with self._refusals:
                        operation = _mapping_at(item, name, f"{_METHODS[name]} {path}")
                        key = self._paths.key_of(_METHODS[name], path, operation)
                        routes[key] = self._route(key, item, operation)
        return routes

    def _route(self, key: str, item: Node, operation: Node) -> dict[str, Any]:
        if found := list(check_operation(operation, key)):
            raise InputRejected(found)
        others = self._others(item, operation, key)
        is_described = any(each in operation.mapping() for each in _DESCRIBING)
        if is_described and not self._own.is_there and "request" not in others:
            self._refusals.remark(
                "not taken over: what is said about parameters, bodies and answers"
            )
        description = line_of(self._described(operation))
        return {
            **({"description": description} if description else {}),
            **self._backend(key, operation),
            **others,
            **self._auth(key, operation),
        }

    def _others(self, item: Node, operation: Node, key: str) -> dict[str, Any]:
        """Return the fields that only the extension tells, as far as they are no others' to say."""
        if not self._own.is_there:
            return self._foreign.others(item, operation, key)
        said = route_extension(operation.mapping(words.OWN))
        if body := body_file(operation):
            self._files[body[0]] = body[1]
        told = {"function", "public", "request"}
        if not token_auth(self._whole, operation, self._own):
            told |= {"authorizer", "scopes"}  # The document asks for no token any more.
        others = {name: value for name, value in said.items() if name not in told}
        return {**others, **request_of(operation)}

    def _described(self, operation: Node) -> str | None:
        said = operation.text("description")
        return said if self._own.is_there else operation.text("summary") or said

    def _backend(self, key: str, operation: Node) -> dict[str, Any]:
        if words.INTEGRATION not in operation.mapping():
            self._refusals.remark(
                "no backend: routes of which the description names none answer 501; give each a "
                "function, a lambda_arn, an address or a mock"
            )
            return {"mock": dict(_NO_BACKEND)}
        known = Known(self._own.functions, self._own.mapped, bool(self._cors))
        claimed = operation.text(words.OWN, "function")
        return backend_of(operation.at(words.INTEGRATION), key, known, claimed)

    def _auth(self, key: str, operation: Node) -> dict[str, Any]:
        # Of others it is not known who has a key, nor how often it may be used.
        has_key = self._own.is_there and needs_key(self._whole, operation)
        keyed: dict[str, Any] = {"api_key": True} if has_key else {}
        if by_token := token_auth(self._whole, operation, self._own):
            return {**by_token, **keyed}
        foreign = None if self._own.is_there else self._foreign_auth(key, operation)
        if foreign is not None:
            return foreign
        if self._asked(key, operation, has_key=has_key) == "iam":
            return keyed
        reason = line_of(operation.text(words.OWN, "public"))
        if reason is None:
            self._refusals.remark(
                'public: routes with "imported: …" let everybody in, as the description does; '
                "decide about each"
            )
        return {"auth": "none", "public": reason or _PUBLIC, **keyed}

    def _foreign_auth(self, key: str, operation: Node) -> dict[str, Any] | None:
        try:
            return self._foreign.auth(operation, key)
        except InputRejected as error:
            self._close(key, error)
            return {}

    def _asked(self, key: str, operation: Node, *, has_key: bool) -> str:
        """Return who is checked: what a blueprint cannot say stays closed to everybody."""
        try:
            return auth_of(self._whole, operation, key, has_key=has_key)
        except InputRejected as error:
            self._close(key, error)
            return "iam"

    def _close(self, key: str, error: InputRejected) -> None:
        """Remark why a route is closed to everybody; reject it where nothing may be left out."""
        if not self._refusals.is_partial:
            raise error
        for each in error.diagnostics:
            reason = each.problem.removeprefix(f"{key}: ")
            self._refusals.remark(
                "closed: routes are auth: iam, and granted to nobody yet, where the "
                f"description says: {reason}"
            )


def _mapping_at(node: Node, name: str, called: str) -> Node:
    found = node.at(name)
    if isinstance(found.data, dict):
        return found
    raise InputRejected([found.refuse(f"{called} is not a mapping", "describe it, or remove it")])
