"""Paths of a description as routes of a blueprint: prefixed, with names that API Gateway takes."""

from __future__ import annotations

import re

from pydantic import TypeAdapter, ValidationError

from gateprint.errors import InputRejected
from gateprint.model.routes import RouteKey
from gateprint.openapi.names import parameter_name
from gateprint.openapi.reading import Node
from gateprint.openapi.refusals import Refusals

_WHOLE = re.compile(r"\{([^{}]+?)(\+?)\}")
_CHECK: TypeAdapter[str] = TypeAdapter(RouteKey)


class Paths:
    """Gives every path its spelling. At one place of all paths there is one parameter name."""

    def __init__(self, prefix: str, refusals: Refusals) -> None:
        self._prefix = prefix.rstrip("/")
        self._refusals = refusals
        self._first: dict[tuple[str, ...], str] = {}
        self._taken: dict[str, str] = {}

    def key_of(self, method: str, written: str, node: Node) -> str:
        """Return the route of an operation.

        Raises:
            InputRejected: no route can have this path, or another one has it already.
        """
        path = self.spelled(written)
        key = f"{method} {path}"
        try:
            _CHECK.validate_python(key)
        except ValidationError as error:
            said = error.errors()[0]["ctx"]
            problem = f"{method} {written}: {said['problem']}"
            raise InputRejected([node.refuse(problem, said["remedy"])]) from None
        known = self._taken.setdefault(key.lower(), written)
        if known != written:
            problem = f"{method} {written} is the same route as {method} {known}"
            raise InputRejected([node.refuse(problem, "keep one of the two")])
        return key

    def spelled(self, written: str) -> str:
        """Return a path as the blueprint has it, in which parameters may have other names."""
        segments: list[str] = []
        whole = f"{self._prefix}{written}"
        whole = whole.removesuffix("/") if written == "/" and self._prefix else whole
        for each in whole.split("/"):
            segments.append(self._segment(tuple(segments), each))
        path = "/".join(segments)
        if path != whole:
            self._refusals.remark(f"renamed, so that API Gateway takes it: {written} is {path}")
        return path

    def _segment(self, before: tuple[str, ...], written: str) -> str:
        found = _WHOLE.fullmatch(written)
        if found is None:
            return written
        name = parameter_name(found[1])
        if f"{{{name}}}" in before or f"{{{name}+}}" in before:
            name = f"{name}_{len(before)}"
        first = self._first.setdefault(before, name)
        return f"{{{first}{found[2]}}}"
