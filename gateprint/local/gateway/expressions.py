"""Mapping expressions of parameters: `'static'`, `method.request.header.X`, `context.stage`; pure.

API Gateway developer guide, "Parameter mapping source reference for REST APIs".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from gateprint.local.gateway import jsonpath
from gateprint.local.gateway.faults import NotServed
from gateprint.local.gateway.vtl.allowed import CONTEXT

Source = Literal[
    "static", "path", "querystring", "header", "multivaluequerystring", "multivalueheader", "body",
    "stageVariables", "context",
]  # fmt: skip
_PARAMETER = re.compile(
    r"(method\.request|integration\.response)"
    r"\.(path|querystring|header|multivaluequerystring|multivalueheader)\.(.+)"
)
_BODY = re.compile(r"(method\.request|integration\.response)\.body(?:\.(.+))?")
_SIDES = {"request": "method.request", "response": "integration.response"}
# A gateway response has the request's parameters alone.
_GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Expression:
    """Where a mapped value comes from; `name` is the text itself where it is static."""

    source: Source
    name: str


def parse(text: str, side: Literal["request", "response", "gateway"]) -> Expression:
    """Read an expression that maps a request, an answer, or a gateway response.

    Raises:
        NotServed: it is none, or none for that side.
    """
    if len(text) > 1 and text.startswith("'") and text.endswith("'"):
        return Expression("static", text[1:-1])
    if text.startswith("stageVariables.") and side != _GATEWAY:
        return Expression("stageVariables", text.removeprefix("stageVariables."))
    if text.startswith("context.") and text.removeprefix("context.") in CONTEXT:
        return Expression("context", text.removeprefix("context."))
    wanted = _SIDES.get(side, "method.request")
    found = _PARAMETER.fullmatch(text)
    if found is not None and found[1] == wanted:
        return Expression(found[2], found[3])  # type: ignore[arg-type]
    body = _BODY.fullmatch(text)
    if body is not None and body[1] == wanted:
        path = "$" if body[2] is None else f"$.{body[2]}"
        jsonpath.parse(path)
        return Expression("body", path)
    raise NotServed(f"the mapping expression {text} is not served")
