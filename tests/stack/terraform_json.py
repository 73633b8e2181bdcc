"""A synthesized stack as AWS would get it: routes, stages, roles and policies by their own names.

It knows Terraform's JSON and AWS, and nothing of gateprint: what it finds is independent of the
code that wrote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# `$${` is the text `${`.
_REFERENCE = re.compile(r"(?<!\$)\$\{(aws_[a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z_]+)\}")
_ORIGIN = re.compile(r'\$origin == "([^"]*)"')
# `#end` before a letter would be the name of a macro.
_CHOICE = re.compile(r"#set\(\$origin .*?#if\(.*?#(?:\{end\}|end(?!\w))")
_SET = re.compile(r"#set\(\$(\w+) = '(.)'\)")


@dataclass(frozen=True, slots=True)
class Template:
    """A text that refers to other resources, as written: only Terraform's apply can decode it."""

    raw: str


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text of a document, keys too, that refers to no resource."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)
    elif isinstance(value, str) and not _REFERENCE.search(value):
        yield value


def parse(value: Any, decode: Callable[[str], str]) -> Any:
    """Return a document with every text decoded, and with templates where it has references."""
    if isinstance(value, dict):
        return {decode(key): parse(each, decode) for key, each in value.items()}
    if isinstance(value, list):
        return [parse(each, decode) for each in value]
    if isinstance(value, str):
        return Template(value) if _REFERENCE.search(value) else decode(value)
    return value


@dataclass(frozen=True, slots=True)
class Route:
    """A method with its integration, and the responses by status."""

    method: Mapping[str, Any]
    integration: Mapping[str, Any]
    responses: Mapping[str, Mapping[str, Any]]

    def headers(self) -> dict[str, str]:
        """Return the static headers of the answers, which must be the same for every status."""
        found = [each.get("response_parameters", {}) for each in self.responses.values()]
        (first, *others) = found
        assert all(each == first for each in others)
        return {name.rpartition(".")[2]: text.strip("'") for name, text in first.items()}

    def origins(self) -> list[str]:
        """Return the origins that may read an answer."""
        (template, *_) = [
            text
            for each in self.responses.values()
            for text in each.get("response_templates", {"": ""}).values()
        ]
        return _ORIGIN.findall(template) or [self.headers()["Access-Control-Allow-Origin"]]


class Stack:
    """One `cdk.tf.json`, parsed."""

    def __init__(self, folder: Path, document: Mapping[str, Any]) -> None:
        self.folder = folder
        self.name = folder.name
        self.provider: Mapping[str, Any] = document["provider"]["aws"][0]
        self.backend: Mapping[str, Any] = document["terraform"]["backend"]["s3"]
        self.tags: Mapping[str, str] = self.provider["default_tags"][0]["tags"]
        self._resources: Mapping[str, Mapping[str, Any]] = document["resource"]

    def all_of(self, kind: str) -> Mapping[str, Any]:
        """Return the resources of a kind by address."""
        return self._resources.get(kind, {})

    def one(self, kind: str, **wanted: object) -> Mapping[str, Any] | None:
        """Return the one resource with these values, or None."""
        found = [
            body
            for body in self.all_of(kind).values()
            if all(self.value(body.get(name)) == value for name, value in wanted.items())
        ]
        assert len(found) <= 1, found
        return found[0] if found else None

    def value(self, value: Any) -> Any:
        """Follow a reference to an attribute that is written in this document."""
        if isinstance(value, Template):
            match = _REFERENCE.fullmatch(value.raw)
            if match and match[3] in self.all_of(match[1])[match[2]]:
                return self.value(self.all_of(match[1])[match[2]][match[3]])
        return value

    def target(self, value: Any) -> Mapping[str, Any]:
        """Return the resource that a reference is to."""
        match = _REFERENCE.fullmatch(value.raw)
        assert match
        found: Mapping[str, Any] = self.all_of(match[1])[match[2]]
        return found

    def routes(self) -> dict[str, Route]:
        """Return all methods as `GET /path`, OPTIONS among them."""
        return {
            f"{method['http_method']} {self._path(method['resource_id'])}": Route(
                method,
                next(self._same_method("aws_api_gateway_integration", method)),
                {
                    self.value(each["status_code"]): each
                    for each in self._same_method("aws_api_gateway_integration_response", method)
                },
            )
            for method in self.all_of("aws_api_gateway_method").values()
        }

    def _same_method(self, kind: str, method: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        for body in self.all_of(kind).values():
            same = ("rest_api_id", "resource_id")
            if all(body[name] == method[name] for name in same) and (
                self.value(body["http_method"]) == method["http_method"]
            ):
                yield body

    def _path(self, resource_id: Template) -> str:
        if "root_resource_id" in resource_id.raw:
            return "/"
        resource = self.target(resource_id)
        return f"{self._path(resource['parent_id']).rstrip('/')}/{resource['path_part']}"

    def preflights(self) -> list[Route]:
        """Return the OPTIONS methods."""
        return [route for key, route in self.routes().items() if key.startswith("OPTIONS ")]

    def function_of(self, route: Route) -> Mapping[str, Any]:
        """Return the function that a route invokes."""
        return self.target(route.integration["uri"])

    def trust(self, role: str) -> list[dict[str, Any]]:
        """Return the statements of a role's trust policy."""
        body = self.one("aws_iam_role", name=role)
        assert body is not None
        statements: list[dict[str, Any]] = json.loads(body["assume_role_policy"])["Statement"]
        return statements

    def conditions(self, role: str) -> dict[str, Any]:
        """Return what a sign-in must say: SAML key → accepted value or values."""
        (federated,) = [each for each in self.trust(role) if "Condition" in each]
        return {
            key: values
            for operator in federated["Condition"].values()
            for key, values in operator.items()
        }

    def requests(self, role: str, effect: str) -> set[str]:
        """Return the `stage/METHOD/path` patterns that a role's policies allow or deny."""
        return {
            arn.split("/", 1)[1]
            for body in self.all_of("aws_iam_role_policy").values()
            if self.value(body["role"]) == role
            for statement in json.loads(body["policy"].raw)["Statement"]
            if statement["Effect"] == effect
            for arn in statement["Resource"]
        }


def rendered(template: str) -> str:
    """Return what Velocity renders of a mock's template, the choice of an origin aside.

    Before a reference, two backslashes are one, and an odd one at the end quotes the reference
    (Velocity user guide, "Escaping valid VTL references").
    """
    text = _CHOICE.sub("", template, count=1)
    values: dict[str, str] = {}
    while found := _SET.match(text):
        values[found[1]] = found[2]
        text = text[found.end() :]
    pieces = re.split(r"(\\*)(\$\{\w+\})", text)
    assert not any(set("$#") & set(plain) for plain in pieces[::3]), "something is interpreted"
    parts = zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
    return pieces[0] + "".join(
        "\\" * (len(slashes) // 2)
        + (reference if len(slashes) % 2 else values[reference[2:-1]])
        + plain
        for slashes, reference, plain in parts
    )
