"""Reads an OpenAPI document, JSON or YAML, and follows its references; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateprint.errors import Diagnostic, InputRejected
from gateprint.model.document import Document, KeyPath
from gateprint.model.json_text import as_yaml, is_json
from gateprint.model.source import Limits, read
from gateprint.model.words import shortened

# API Gateway imports up to 6 MB (developer guide, "Quotas"), but most of a description is examples
# and answers, which no blueprint has: GitHub's has 13 MB and 258,000 values.
LIMITS = Limits(size=16 * 1024 * 1024, depth=100, values=400_000)
_VERSIONS = re.compile(r"2\.0|3\.[01](\.\d+)?", re.ASCII)


def read_description(path: str, text: str) -> Document:
    """Return a document of OpenAPI 3.1 or 3.0, or of Swagger 2.0, with the places of its parts.

    Raises:
        InputRejected: it is none, is larger than an API description has to be, or has what no
            blueprint may have either: anchors, aliases, tags, duplicate keys.
    """
    document = read(path, as_yaml(text) if is_json(text) else text, LIMITS)
    version = document.text("openapi") or document.text("swagger") or ""
    if not _VERSIONS.fullmatch(version):
        said = f"its version is {shortened(version)}" if version else "it names no version of it"
        problem = f"this is no OpenAPI document that can be read: {said}"
        remedy = "give one with openapi: 3.1 or 3.0, or swagger: 2.0"
        raise InputRejected([document.reject((), "not-openapi", problem, remedy)])
    return document


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a description, and where it stands: behind its references."""

    document: Document
    path: KeyPath = ()

    @property
    def data(self) -> Any:
        """What stands here: a mapping, a list, text, or None."""
        return self.document.get(*self.path)

    def at(self, *names: str | int) -> Node:
        """Return a part of this one, with every reference on the way followed.

        Raises:
            InputRejected: a reference leads nowhere, in a circle, or out of the document.
        """
        node = self
        for name in names:
            node = Node(self.document, _followed(self.document, (*node.path, name)))
        return node

    def followed(self) -> Node:
        """Return this part, or what its own reference leads to; raises as `at` does."""
        return Node(self.document, _followed(self.document, self.path))

    def mapping(self, *names: str) -> Mapping[str, Any]:
        """Return the mapping at these names; empty where there is none."""
        found = self.at(*names).data
        return found if isinstance(found, dict) else {}

    def text(self, *names: str | int) -> str | None:
        """Return the text at these names; None where there is none."""
        found = self.at(*names).data
        return str(found) if isinstance(found, str) else None

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield what this mapping holds, by name."""
        for name in self.mapping():
            yield name, self.at(name)

    def refuse(self, problem: str, remedy: str) -> Diagnostic:
        """Return the diagnostic that a blueprint cannot say what stands here."""
        return self.document.reject(self.path, "not-expressible", problem, remedy)


def _followed(document: Document, path: KeyPath) -> KeyPath:
    seen: set[KeyPath] = set()
    while isinstance(data := document.get(*path), dict) and "$ref" in data:
        seen.add(path)
        target = _target(document, path, str(data["$ref"]))
        if target in seen:
            raise _lost(document, path, "leads in a circle", "let it lead to an object")
        path = target
    return path


def _target(document: Document, path: KeyPath, written: str) -> KeyPath:
    """Return where a reference leads (RFC 6901, section 6, "URI Fragment Identifier")."""
    if not written.startswith("#/"):
        raise _lost(document, path, "leads out of this file", "put what it names into this file")
    target: KeyPath = ()
    for each in written[2:].split("/"):
        name = _percent_decoded(each).replace("~1", "/").replace("~0", "~")
        is_list = isinstance(document.get(*target), list) and name.isdecimal()
        target = (*target, int(name) if is_list else name)
    if document.get(*target) is None:
        raise _lost(document, path, "leads nowhere", "mend it")
    return target


def _percent_decoded(text: str) -> str:
    found = re.sub(rb"%([0-9A-Fa-f]{2})", lambda each: bytes([int(each[1], 16)]), text.encode())
    return found.decode("utf-8", "replace")


def _lost(document: Document, path: KeyPath, problem: str, remedy: str) -> InputRejected:
    written = shortened(str(document.get(*path, "$ref")))
    said = f'the reference "{written}" {problem}'
    return InputRejected([document.reject((*path, "$ref"), "wrong-reference", said, remedy)])
