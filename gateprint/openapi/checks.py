"""What others' operations check of requests, as `request` of a route; pure.

Where the extensions are from: API Gateway developer guide, "x-amazon-apigateway-request-validators
object". API Gateway checks nothing without a validator, whatever the description says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gateprint.errors import InputRejected
from gateprint.model.written.request import Parameter
from gateprint.openapi.bodies import VALIDATOR, VALIDATORS
from gateprint.openapi.forms import Forms
from gateprint.openapi.names import name_of
from gateprint.openapi.reading import Node
from gateprint.openapi.refusals import Refusals

_FIELDS = {"query": "query", "header": "headers"}
# OpenAPI 3.0.3, "Parameter Object": definitions of these are ignored.
_IGNORED = {"accept", "content-type", "authorization"}
_WITHOUT_BODY = {"GET", "HEAD", "ANY"}
_JSON = re.compile(r"(application/([\w.-]+\+)?json(;.*)?|\$default)", re.ASCII)
_NAME: TypeAdapter[str] = TypeAdapter(Parameter)
_REMEDY = "write a request that a blueprint has, or remove the validator"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be checked; `by` is the validator, None where the command line asks for it."""

    has_body: bool
    has_parameters: bool
    by: str | None = None


class Checker:
    """Reads the checks of operations. With `is_wished` descriptions without validators count."""

    def __init__(self, whole: Node, blueprint: str, refusals: Refusals, *, is_wished: bool) -> None:
        self._whole, self._refusals, self._is_wished = whole, refusals, is_wished
        self.forms = Forms(whole.document, blueprint)

    def request_of(self, item: Node, operation: Node, key: str) -> dict[str, Any]:
        """Return the field `request` of a route; empty where nothing is checked.

        Raises:
            InputRejected: API Gateway checks something that no blueprint can say.
        """
        asked = self._asked(operation, key)
        if asked is None:
            return {}
        found: dict[str, Any] = {}
        if asked.has_body and (body := self._body(operation, key, asked)):
            found["body"] = body
        for place, name, is_required in self._parameters(item, operation, key, asked):
            is_checked = is_required and asked.has_parameters
            found.setdefault(place, {})[name] = "required" if is_checked else "optional"
        return {"request": found} if found else {}

    def _asked(self, operation: Node, key: str) -> _Asked | None:
        name = operation.text(VALIDATOR) or self._whole.text(VALIDATOR)
        if name is None:
            return _Asked(has_body=True, has_parameters=True) if self._is_wished else None
        said = self._whole.mapping(VALIDATORS).get(name)
        if not isinstance(said, Mapping):
            problem = f"{key}: the validator {name} is declared nowhere"
            raise InputRejected([operation.refuse(problem, "declare it, or name another")])
        return _Asked(
            has_body=said.get("validateRequestBody") == "true",
            has_parameters=said.get("validateRequestParameters") == "true",
            by=name,
        )

    def _body(self, operation: Node, key: str, asked: _Asked) -> str | None:
        try:
            return self._form(operation, key, asked)
        except InputRejected as error:
            problem = f"{key}: the form of its body cannot be checked: {_told(error)}"
            if asked.by is None:
                self._refusals.remark(f"not checked: {problem}")
                return None
            raise InputRejected([operation.refuse(problem, _REMEDY)]) from None

    def _form(self, operation: Node, key: str, asked: _Asked) -> str | None:
        content = self._content(operation, asked)
        if content is None:
            return None
        method = key.partition(" ")[0]
        if method in _WITHOUT_BODY:
            raise _no(operation, f"{method} is called without a body")
        others = [each for each, _ in content if not _JSON.fullmatch(each)]
        if others or len(content) != 1:
            said = ", ".join(sorted(each for each, _ in content))
            raise _no(operation, f"it may be of several types, or of others than JSON: {said}")
        if content[0][0] != "$default":
            self._refusals.remark(
                "bodies: a form holds for every body, whatever type of content it calls itself"
            )
        return self.forms.file_of(content[0][1], name_of(key).strip("-"))

    def _content(self, operation: Node, asked: _Asked) -> list[tuple[str, Node]] | None:
        """Return the schemas of a body by type of content; None where none is required."""
        if "requestBody" in operation.mapping():
            is_required = operation.text("requestBody", "required") == "true"
            content = operation.at("requestBody", "content")
            found = [
                (name, _schema(each))
                for name, each in content.items()
                if "schema" in each.mapping()
            ]
        else:
            bodies = [each for each in _listed(operation) if each.text("in") == "body"]
            is_required = any(each.text("required") == "true" for each in bodies)
            found = [("application/json", _schema(each)) for each in bodies]
        if not found:
            return None
        if asked.by is None and not is_required:
            self._refusals.remark("not checked: bodies that may be left out")
            return None
        return found

    def _parameters(
        self, item: Node, operation: Node, key: str, asked: _Asked
    ) -> Iterator[tuple[str, str, bool]]:
        declared = {
            (each.text("in"), each.text("name")): each
            for each in [*_listed(item), *_listed(operation)]
        }
        seen: set[tuple[str, str]] = set()
        for (place, name), each in declared.items():
            field = _FIELDS.get(place or "")
            if field is None or name is None or (asked.by is None and name.lower() in _IGNORED):
                continue
            if (field, name.lower() if field == "headers" else name) in seen:
                continue
            seen.add((field, name.lower() if field == "headers" else name))
            is_required = each.text("required") == "true"
            if self._is_name(each, key, name, asked, is_required=is_required):
                yield field, name, is_required

    def _is_name(
        self, node: Node, key: str, name: str, asked: _Asked, *, is_required: bool
    ) -> bool:
        try:
            _NAME.validate_python(name)
        except ValidationError:
            problem = f"{key}: no blueprint can name the parameter {name}"
            if asked.by is not None and asked.has_parameters and is_required:
                raise InputRejected([node.refuse(problem, _REMEDY)]) from None
            self._refusals.remark(f"not checked: {problem}")
            return False
        return True


def _listed(node: Node) -> list[Node]:
    data = node.at("parameters").data
    return [
        node.at("parameters", each) for each in range(len(data) if isinstance(data, list) else 0)
    ]


def _schema(holder: Node) -> Node:
    """Return the schema with its reference unfollowed, which has the schema's name."""
    return Node(holder.document, (*holder.path, "schema"))


def _no(node: Node, problem: str) -> InputRejected:
    return InputRejected([node.refuse(problem, _REMEDY)])


def _told(error: InputRejected) -> str:
    return error.diagnostics[0].problem
