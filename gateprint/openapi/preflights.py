"""OPTIONS operations as `cors`, where they are mocks that all say the same; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gateprint.errors import InputRejected
from gateprint.openapi import words
from gateprint.openapi.reading import Node
from gateprint.openapi.refusals import Refusals
from gateprint.stack.cors import ORIGIN

_HEADERS = (words.INTEGRATION, "responses", "default", "responseParameters")
_MOST_SECONDS = 86_400


def cors_of(found: Sequence[tuple[str, Node]], refusals: Refusals) -> Mapping[str, Any] | None:
    """Return `cors` from the OPTIONS operations of all paths; what says something else is refused.

    Only an answer with one fixed origin is understood: who may read answers is never guessed.
    """
    said: dict[tuple[str, int], str] = {}
    for path, node in found:
        with refusals:
            said.setdefault(_read(path, node), path)
    if len(said) > 1:
        (_, first), (_, other) = list(said.items())[:2]
        node = next(each for path, each in found if path == other)
        problem = f"OPTIONS {other} allows another origin or time than OPTIONS {first}"
        refusals.add([node.refuse(problem, "let all of them say the same")])
    if not said:
        return None
    refusals.remark("preflights: cors stands for the OPTIONS methods, with headers of its own")
    origin, seconds = next(iter(said))
    return {"origins": [origin], "max_age": f"{seconds}s"}


def _read(path: str, node: Node) -> tuple[str, int]:
    headers = node.mapping(*_HEADERS)
    origin = _fixed(headers, ORIGIN)
    is_mock = (node.text(words.INTEGRATION, "type") or "").lower() == "mock"
    if not is_mock or origin is None:
        problem = f"OPTIONS {path} is more than a preflight with one fixed origin"
        raise InputRejected([node.refuse(problem, "remove it: OPTIONS is generated from cors")])
    if (_fixed(headers, "Access-Control-Allow-Credentials") or "false") != "false":
        problem = f"OPTIONS {path} allows credentials, such as cookies"
        raise InputRejected([node.refuse(problem, "callers sign requests: remove it")])
    seconds = _fixed(headers, "Access-Control-Max-Age") or "600"
    return origin, min(int(seconds), _MOST_SECONDS) if seconds.isdecimal() else 600


def _fixed(headers: Mapping[str, Any], name: str) -> str | None:
    lower = {key.lower(): value for key, value in headers.items()}
    written = str(lower.get(f"method.response.header.{name}".lower(), ""))
    found = re.fullmatch(r"'([^']*)'", written)
    return found[1] if found else None
