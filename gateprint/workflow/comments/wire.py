"""What goes to a JSON API and what comes back, and where a token may be sent; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from gateprint.errors import ToolFailed
from gateprint.local.endpoint import is_loopback

_LIMITED = re.compile(r"rate limit|abuse detection|too many requests", re.IGNORECASE)
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Call:
    """One request; `is_repeatable` if carrying it out twice is as good as once."""

    method: str
    url: str
    body: bytes | None
    is_repeatable: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    data: Any
    is_json: bool

    @property
    def is_limited(self) -> bool:
        """Whether it was refused because there were too many requests before it."""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return True
        return self.status == HTTPStatus.FORBIDDEN and (
            "retry-after" in self.headers
            or self.headers.get("x-ratelimit-remaining") == "0"
            or _LIMITED.search(self.message) is not None
        )

    @property
    def message(self) -> str:
        """What the service itself says about it: GitHub's `message`, GitLab's too or `error`."""
        found = self.data if isinstance(self.data, dict) else {}
        said = found.get("message") or found.get("error") or ""
        more = found.get("errors")
        return " ".join(_words(each) for each in (said, more) if each)


def _words(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def odd_answer(service: str) -> ToolFailed:
    """Return what to raise where an answer is JSON, and not what the service documents."""
    return ToolFailed(f"{service} answers with something unknown", "see that --api-url is right")


def checked_url(url: str) -> str:
    """Return an address that a token may be sent to.

    Raises:
        ToolFailed: others could listen on the way, or it is no address.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not host or not is_safe or parts.query or parts.fragment or parts.username is not None:
        problem = "the address of the API is not one that a token may be sent to"
        raise ToolFailed(problem, "give an address that begins with https://")
    return url


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port of an address; nothing's where it is none."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "", None, None


def parsed(text: bytes) -> tuple[Any, bool]:
    """Return the JSON of a body, and whether it is any."""
    try:
        return json.loads(text), True
    except (ValueError, RecursionError):
        return None, False
