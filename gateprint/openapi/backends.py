"""`x-amazon-apigateway-integration` as the backend of a route, or why it is none; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateprint.errors import Diagnostic, InputRejected
from gateprint.openapi import words
from gateprint.openapi.reading import Node
from gateprint.stack.cors import ORIGIN
from gateprint.stack.identity import with_tokens
from gateprint.stack.publish import EVENT_TEMPLATE
from gateprint.stack.text import verbatim_template

_JSON = "application/json"
_LAMBDA = re.compile(
    r"arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/(.+)/invocations"
)
_SAID = {"type", "httpmethod", "uri", "requestparameters", "requesttemplates", "responses"}
# Left to their defaults these change nothing (API Gateway API reference, Integration).
_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "passthroughbehavior": ("when_no_match", "when_no_templates", "never"),
    "timeoutinmillis": ("29000",),
    "connectiontype": ("internet",),
    "payloadformatversion": ("1.0",),
    "responsetransfermode": ("buffered",),
}
# Of a cache: they mean nothing until a stage has one, and then are its defaults.
_OF_CACHE = {"cachenamespace", "cachekeyparameters"}
_ORIGIN_CHOICE = '#set($origin = $input.params("Origin"))'
_DOLLARS = "#set($dollar = '$')#set($hash = '#')"
_REMEDY = "give the route a backend that a blueprint has: a function's ARN, an address, a mock"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the blueprint already, from its extension.

    `functions` are names in AWS by name, `mapped` the functions with `proxy: false`.
    """

    functions: Mapping[str, str] = field(default_factory=dict)
    mapped: frozenset[str] = frozenset()
    has_cors: bool = False


def backend_of(node: Node, key: str, known: Known, claimed: str | None) -> dict[str, Any]:
    """Return the backend as fields of a route.

    `claimed` is the function that the extension names; it is one only if the address agrees.

    Raises:
        InputRejected: no field says what stands there, with everything that does not fit.
    """
    reader = _Integration(node, key, known, claimed)
    if found := list(reader.unsaid()):
        raise InputRejected(found)
    return reader.backend()


class _Integration:
    """One integration object. Its keys and types are read in any case of letters."""

    def __init__(self, node: Node, key: str, known: Known, claimed: str | None) -> None:
        self._node, self._key, self._known, self._claimed = node, key, known, claimed
        self._kind = (node.text("type") or "").lower()

    def unsaid(self) -> Iterator[Diagnostic]:
        """Yield every field that no field of a blueprint stands for."""
        for name, value in self._node.mapping().items():
            lower = name.lower()
            if lower in _SAID or lower in _OF_CACHE or value in ({}, [], None):
                continue
            if str(value).lower() not in _DEFAULTS.get(lower, ()):
                remedy = f"remove {name}"
                yield self._refusal(f"{words.INTEGRATION} has {name}", remedy, name)

    def backend(self) -> dict[str, Any]:
        if self._kind == "aws_proxy":
            return self._lambda()
        if self._kind == "aws":
            return self._function()
        if self._kind == "http_proxy":
            return {"http": self._address()}
        if self._kind == "mock":
            return {"mock": self._mock()}
        kind = self._kind or "none"
        raise self._no(f"its integration is of the type {kind}", _REMEDY, "type")

    def _refusal(self, problem: str, remedy: str, *at: str) -> Diagnostic:
        node = Node(self._node.document, (*self._node.path, *at))
        return node.refuse(f"{self._key}: {problem}", remedy)

    def _no(self, problem: str, remedy: str, *at: str) -> InputRejected:
        return InputRejected([self._refusal(problem, remedy, *at)])

    def _arn(self) -> str:
        uri = self._node.text("uri") or ""
        found = _LAMBDA.fullmatch(uri)
        if found is None or "${" in uri:
            raise self._no("its backend is not a Lambda function by its ARN", _REMEDY, "uri")
        return found[1]

    def _own(self, arn: str) -> str | None:
        """Return the blueprint's function that an ARN is of."""
        name = self._known.functions.get(self._claimed or "")
        return self._claimed if name and arn.endswith(f":function:{name}") else None

    def _lambda(self) -> dict[str, Any]:
        arn = self._arn()
        own = self._own(arn)
        if own in self._known.mapped:
            problem = f"its function {own} is declared with proxy: false"
            raise self._no(problem, "remove proxy: false there, or use the type aws", "type")
        return {"function": own} if own else {"lambda_arn": arn}

    def _function(self) -> dict[str, Any]:
        name = self._own(self._arn())
        templates = self._node.mapping("requestTemplates")
        if name not in self._known.mapped or not _are_ours(templates):
            problem = "API Gateway maps requests to its backend in a way of its own (type aws)"
            raise self._no(problem, "use aws_proxy, or declare the function in a blueprint", "type")
        return {"function": name}

    def _address(self) -> str:
        method, verb = self._key.partition(" ")[0], (self._node.text("httpMethod") or "").upper()
        uri = self._node.text("uri") or ""
        if verb != method:
            problem = f"its backend is called with {verb or 'no method'}"
            raise self._no(problem, f"write httpMethod: {method}", "httpMethod")
        if "${" in uri:
            raise self._no("its address depends on the stage", "write it out", "uri")
        used = set(words.parameters_of(uri))
        passed = dict(self._node.mapping("requestParameters"))
        expected = {
            f"integration.request.path.{each}": f"method.request.path.{each}" for each in used
        }
        if passed != expected:
            problem = "it passes on other parameters than the path's to its backend"
            remedy = "pass on exactly the path parameters that the address uses"
            raise self._no(problem, remedy, "requestParameters")
        return uri

    def _mock(self) -> dict[str, Any]:
        answers = self._node.mapping("responses")
        status = self._status()
        if list(answers) != ["default"] or self._node.text(*_DEFAULT, "statusCode") != str(status):
            problem = "its mock has other answers than one, with the status of its template"
            raise self._no(problem, "give it one answer, default", "responses")
        self._check_headers()
        body = plain_body(self._node.text(*_DEFAULT, "responseTemplates", _JSON) or "")
        if not body or len(self._node.mapping(*_DEFAULT, "responseTemplates")) > 1:
            problem = "the body of its mock is no fixed text"
            remedy = f"give it one of the type {_JSON}, without mapping"
            raise self._no(problem, remedy, "responses")
        return {"status": status, "body": body}

    def _status(self) -> int:
        template = self._node.text("requestTemplates", _JSON) or ""
        try:
            status = json.loads(template)["statusCode"]
        except (ValueError, TypeError, KeyError, RecursionError):
            status = None
        if not isinstance(status, int) or len(self._node.mapping("requestTemplates")) > 1:
            problem = "the status of its mock is not fixed"
            remedy = f"write requestTemplates: {{{_JSON}: '{{\"statusCode\": 200}}'}}"
            raise self._no(problem, remedy, "requestTemplates")
        return status

    def _check_headers(self) -> None:
        of_cors = {f"method.response.header.{each}" for each in (ORIGIN, "Vary")}
        allowed = of_cors if self._known.has_cors else set()
        others = set(self._node.mapping(*_DEFAULT, "responseParameters")) - allowed
        if others:
            name = min(others).rpartition(".")[2]
            raise self._no(f"its mock answers with the header {name}", "remove it", "responses")


_DEFAULT = ("responses", "default")


_HEADER = re.compile(r'toLowerCase\(\) == "(x-[a-z0-9-]+)"')


def _are_ours(templates: Mapping[str, Any]) -> bool:
    """Tell whether a function gets what those with `proxy: false` get, with a token or without."""
    text = str(templates.get(_JSON, ""))
    header = _HEADER.search(text)
    expected = with_tokens(EVENT_TEMPLATE, header[1]) if header else EVENT_TEMPLATE
    return templates == {_JSON: expected}


def plain_body(template: str) -> str | None:
    """Return the text that a template prints whatever is asked; None where it depends on that.

    The reverse of `stack.text.verbatim_template`, behind a choice of the origin.
    """
    if template.startswith(_ORIGIN_CHOICE):
        template = template.partition("#{end}")[2]
    body = template
    if template.startswith(_DOLLARS):
        body = re.sub(r"(\\*)\$\{(dollar|hash)\}", _sign, template[len(_DOLLARS) :])
    return body if verbatim_template(body) == template else None


def _sign(found: re.Match[str]) -> str:
    return found[1][: len(found[1]) // 2] + {"dollar": "$", "hash": "#"}[found[2]]
