"""Which method of a REST API answers a request; pure.

API Gateway developer guide, "Set up a proxy resource" and "API Gateway important notes": a literal
segment comes before a parameter, a parameter before `{proxy+}`, and a method of its own before
ANY. A slash at the end makes no difference. Segments are compared as they were sent: AWS does not
say that an encoded letter is the letter, so here it is not. What means another directory (`.` and
`..`, encoded too) leads nowhere, and neither do empty segments and control characters.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from gateprint.local.gateway.snapshot import Method, Node

Match = tuple[Method, dict[str, str]]
_ELSEWHERE = frozenset({".", ".."})
_SEPARATOR = re.compile(r"[/\\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def find(root: Node, verb: str, path: str) -> Match | None:
    """Return the method for `verb path`, and the path's parameters, still encoded."""
    segments = path.removeprefix("/").removesuffix("/").split("/") if path != "/" else []
    if any(_is_leading_nowhere(each) for each in segments):
        return None
    return _find(root, verb, segments)


def _is_leading_nowhere(segment: str) -> bool:
    decoded = unquote(segment)
    parts = _SEPARATOR.split(decoded)
    return not decoded or not _ELSEWHERE.isdisjoint(parts) or _CONTROL.search(decoded) is not None


def _find(node: Node, verb: str, segments: list[str]) -> Match | None:
    if not segments:
        method = node.methods.get(verb) or node.methods.get("ANY")
        return (method, {}) if method is not None else None
    first, rest = segments[0], segments[1:]
    if first in node.literals:
        found = _find(node.literals[first], verb, rest)
        if found is not None:
            return found
    return _by_parameter(node, verb, segments)


def _by_parameter(node: Node, verb: str, segments: list[str]) -> Match | None:
    if node.parameter is not None:
        name, child = node.parameter
        found = _find(child, verb, segments[1:])
        if found is not None:
            return found[0], {name: segments[0], **found[1]}
    if node.rest is not None:
        name, child = node.rest
        found = _find(child, verb, [])
        if found is not None:
            return found[0], {name: "/".join(segments)}
    return None
